namespace SpamGuard.AspNetCore.Addresses;

/// <summary>Says when something that goes on is to be said again: at once, and then once an hour.</summary>
internal sealed class Reminder(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _last;

    public bool IsDue()
    {
        lock (_gate)
        {
            if (_last is { } last && time.GetElapsedTime(last) < TimeSpan.FromHours(1))
            {
                return false;
            }

            _last = time.GetTimestamp();
            return true;
        }
    }
}
