using System.Globalization;
using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Tracing;

/// <summary>Where spans go, and of how many calls: section <c>Tracing</c>.</summary>
internal sealed class TracingOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Tracing";

    /// <summary>The key of <see cref="OtlpEndpoint"/>.</summary>
    public const string EndpointKey = $"{Section}:{nameof(OtlpEndpoint)}";

    /// <summary>The key of <see cref="SampleRatio"/>.</summary>
    public const string RatioKey = $"{Section}:{nameof(SampleRatio)}";

    /// <summary>What <see cref="SampleRatio"/> may be.</summary>
    public const string AllowedRatios = "numbers from 0 to 1";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(EndpointKey), Setting.Fraction(RatioKey, AllowedRatios)];

    /// <summary>The base URL of a collector that takes OTLP over HTTP, such as <c>https://collector.example.org:4318</c>; without one nothing is traced.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Part of the calls that is traced where the caller does not say it, 0 to 1. Default: one in a hundred.</summary>
    public double SampleRatio { get; set; } = .01;

    /// <summary>Where spans are sent: <c>v1/traces</c> below the base.</summary>
    internal Uri Target => new(new Uri(OtlpEndpoint!.TrimEnd('/') + "/"), "v1/traces");
}

/// <summary>Refuses a collector that is none or is reached in the open. What was found is withheld: a URL may hold a password.</summary>
internal sealed class TracingOptionsRules(IHostEnvironment environment) : IValidateOptions<TracingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TracingOptions options)
    {
        var faults = new List<string>();
        if (!string.IsNullOrEmpty(options.OtlpEndpoint) && EndpointFault(options.OtlpEndpoint) is { } fault)
        {
            faults.Add($"{TracingOptions.EndpointKey}: {fault}");
        }

        if (options.SampleRatio is not (>= 0 and <= 1))
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture, $"{TracingOptions.RatioKey}: found {options.SampleRatio}; allowed are {TracingOptions.AllowedRatios}."));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private string? EndpointFault(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || (url.UserInfo + url.Query + url.Fragment).Length > 0)
        {
            return "found what is no http or https URL without user, query and fragment (the value is withheld); allowed is one, such as https://collector.example.org:4318.";
        }

        return url.Scheme is "https" || url.IsLoopback || environment.IsDevelopment()
            ? null
            : "found http to a host that is not loopback; allowed are https, and http to a collector on this machine, such as http://127.0.0.1:4318.";
    }
}
