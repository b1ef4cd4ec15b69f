using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Aggregates;
using SpamGuard.Epochs;
using SpamGuard.Feedback;
using SpamGuard.Overrides;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Tags;

namespace SpamGuard;

/// <summary>Registers the product: all but the store (<see cref="ISignalStore"/>, <see cref="IOverrideReader"/>) and the pepper (<see cref="PepperRing"/>).</summary>
internal static class SpamGuardServiceCollectionExtensions
{
    /// <summary>A table of contents. Every registration can be overridden by one made before.</summary>
    public static IServiceCollection AddSpamGuard(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMetricFactory>(_ => Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        return services
            .AddPolicy(configuration)
            .AddTags(configuration)
            .AddEpochs(configuration)
            .AddAggregates()
            .AddOverrides()
            .AddFeedback()
            .AddScoring();
    }

    /// <summary>What there is of it in a process that only audits: nobody is scored there and no address hashed, so it knows no epochs and has no pepper.</summary>
    public static IServiceCollection AddSpamGuardForAudits(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddPolicy(configuration).AddCalendar(configuration);
    }

    private static IServiceCollection AddPolicy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PolicyOptions>(configuration, PolicyOptions.Section, PolicyOptions.Settings, PolicyOptions.Moved)
            .PostConfigure<TimeProvider, ILogger<FileWatch>>(static (options, time, logger) => options.First = PolicyReading.Of(options.Path, time, logger));
        services.AddSingleton<IValidateOptions<PolicyOptions>, PolicyOptionsRules>();
        services.TryAddSingleton(static provider =>
            new PolicySource(provider.GetRequiredService<IOptions<PolicyOptions>>().Value.First?.File.Policy ?? Policy.Default));
        services.TryAddSingleton<PolicyMetrics>();
        services.TryAddSingleton<PolicyKeeper>();
        return services.AddHostedService<PolicyFileService>();
    }

    private static IServiceCollection AddTags(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TagOptions>(configuration, TagOptions.Section, TagOptions.Settings)
            .PostConfigure<TimeProvider, ILogger<FileWatch>>(static (options, time, logger) =>
                options.First = string.IsNullOrEmpty(options.Path) ? null : TagReading.Of(new FileWatch(options.Path, TagFiles.IsOne, TagFiles.MaxBytes, time, logger)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TagOptions>, TagOptionsRules>());
        services.TryAddSingleton<TagMetrics>();
        services.TryAddSingleton<LiveTags>();
        return services.AddHostedService<TagService>();
    }

    private static IServiceCollection AddCalendar(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<EpochOptions>(configuration, EpochOptions.Section, EpochOptions.Settings);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EpochOptions>, EpochOptionsRules>());
        services.TryAddSingleton(static provider => new EpochPace(provider.GetRequiredService<IOptions<EpochOptions>>().Value.Scale));
        services.TryAddSingleton(static provider => new EpochCalendar(lives: provider.GetRequiredService<EpochPace>().Lives));
        return services;
    }

    private static IServiceCollection AddEpochs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCalendar(configuration);
        services.TryAddSingleton<StoreClock>();
        services.TryAddSingleton<StoreHealth>();
        services.TryAddSingleton<LocalEpochs>();
        services.TryAddSingleton<EpochMetrics>();
        services.TryAddSingleton<EpochKeeper>();
        return services.AddHostedService<EpochService>();
    }

    private static IServiceCollection AddAggregates(this IServiceCollection services)
    {
        services.TryAddSingleton<AggregateMetrics>();
        services.TryAddSingleton<TrafficAggregates>();
        return services.AddHostedService<AggregateService>();
    }

    private static IServiceCollection AddOverrides(this IServiceCollection services)
    {
        services.TryAddSingleton<OverrideMetrics>();
        services.TryAddSingleton<LiveOverrides>();
        return services.AddHostedService<OverrideService>();
    }

    private static IServiceCollection AddFeedback(this IServiceCollection services)
    {
        services.TryAddSingleton<DecisionTokens>();
        services.TryAddSingleton<FeedbackMetrics>();
        services.TryAddSingleton<FeedbackRecorder>();
        return services;
    }

    private static IServiceCollection AddScoring(this IServiceCollection services)
    {
        services.TryAddSingleton<ScoringMetrics>();
        services.TryAddSingleton<DegradedScorer>();
        services.TryAddSingleton<SpamScorer>();
        services.TryAddSingleton<SpamPreviewer>();
        services.TryAddSingleton<OutageMetrics>();
        return services.AddHostedService<OutageService>();
    }
}
