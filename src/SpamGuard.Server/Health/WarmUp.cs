using System.Security.Cryptography;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using SpamGuard.Storage;

namespace SpamGuard.Server.Health;

/// <summary>Holds back the listeners until a call can be answered within its budget: the salts known, the scripts in the store, the code compiled.</summary>
/// <remarks>
/// Not for long: a process whose store is away listens too, and answers without it. One whose pepper is not that of the live epochs never
/// listens: waiting would mend nothing, and in a rolling update it would take the place of one that can answer.
/// </remarks>
internal sealed class WarmUp(ISignalStore store, EpochKeeper epochs, StoreClock clock, PolicySource policies, TimeProvider time, ILogger<EpochService> log)
    : IHostedService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await CompileAsync();
        while (true)
        {
            var answers = await AnswersAsync(cancellationToken);
            if (epochs.LiveWithoutPepper(clock.Now) is { } fault)
            {
                throw new StartRefusedException(fault.Message, told: log.IsEnabled(LogLevel.Error)); // by the event PepperMissing
            }

            if (answers || time.GetElapsedTime(began) >= Longest)
            {
                return;
            }

            await Task.Delay(Step, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The same scorer on a store of its own: nothing of it is counted anywhere.
    private async Task CompileAsync()
    {
        using var offline = new OfflineSpamGuard(policies.Current.Policy, phaseSeconds: 0, seed: 1);
        await offline.ScoreAsync(SomeEvent, time.GetUtcNow(), Guid.Empty);
        await offline.ScoreBatchAsync(time.GetUtcNow(), (SomeEvent, Guid.Empty));
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (epochs.Live(clock.Now) is not { } live)
        {
            return false;
        }

        // Subjects that do not exist and may not be created: every script runs, and nothing is written.
        SubjectItem[] items = [.. EventFootprint.Of(SomeEvent.Kind, SomeEvent.Address, default, default, [], live, policies.Current.For(SomeEvent.Kind).Live).Subjects.Select(Nobody)];
        var observed = new ObservedEvent(items, Replay: null);
        try
        {
            await store.ObserveAsync([observed], cancellationToken);
            await store.ObserveAsync([observed, observed], cancellationToken); // as a batch puts its call together
            await store.ReportAsync([new ReportedEvent(items, Spam: false, Once: null)], cancellationToken);
            await store.ReadAsync([.. items.Select(static item => item.Current)], cancellationToken);
            return true;
        }
        catch (StoreException)
        {
            return false; // metered at the store
        }
    }

    private static SpamEvent SomeEvent { get; } = new(EventKind.SignUp, ClientAddress.From(System.Net.IPAddress.Loopback), default, default);

    private static SubjectItem Nobody(SubjectItem item) => item with
    {
        Current = new SubjectKey(item.Current.Kind, new SubjectToken(RandomNumberGenerator.GetBytes(SubjectToken.Size))),
        Previous = default,
        MayCreate = false,
    };
}
