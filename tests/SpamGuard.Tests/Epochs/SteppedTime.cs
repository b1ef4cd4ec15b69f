using System.Threading.Channels;

namespace SpamGuard.Tests.Epochs;

/// <summary>
/// A clock for one service that waits on it, turn after turn: it is moved only while the service waits, and to the end of its wait. So a test
/// looks at what a whole turn did, however late the machine ran it.
/// </summary>
internal sealed class SteppedTime(DateTimeOffset start) : ShiftedTime(start)
{
    private const int MostTurns = 10_000;
    private static readonly TimeSpan Hung = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private TimeSpan? _wait;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets the service take its turns until, between two of them, something holds.</summary>
    public async Task StepUntilAsync(Func<bool> condition)
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            await WaitingAsync();
            if (condition())
            {
                return;
            }

            await StepAsync();
        }

        Assert.Fail($"Not in {MostTurns} turns.");
    }

    /// <summary>Lets the service take one turn.</summary>
    public async Task StepAsync()
    {
        var wait = await WaitingAsync();
        _wait = null;
        Advance(wait);
    }

    /// <summary>Moves the clock beyond the end of the service's wait.</summary>
    public async Task JumpAsync(DateTimeOffset to)
    {
        Assert.True(to >= GetUtcNow() + await WaitingAsync());
        _wait = null;
        SetUtcNow(to);
    }

    private async Task<TimeSpan> WaitingAsync() => _wait ??= await _waits.Reader.ReadAsync().AsTask().WaitAsync(Hung);
}
