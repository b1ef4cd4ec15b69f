using Microsoft.Extensions.Time.Testing;

namespace SpamGuard.Tests.Epochs;

/// <summary>A clock that somebody puts forward or back, while time passes as it did.</summary>
internal class ShiftedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    public TimeSpan Shift { get; set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    /// <inheritdoc/>
    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
