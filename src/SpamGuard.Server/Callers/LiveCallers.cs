namespace SpamGuard.Server.Callers;

/// <summary>What is in force of <see cref="CallerSettings"/>. Whoever keeps something worked out from them asks by reference whether they are still the same.</summary>
internal sealed class LiveCallers(CallerSettings first)
{
    private readonly Lock _changes = new();
    private volatile CallerSettings _current = first;

    /// <summary>In force now.</summary>
    public CallerSettings Current => _current;

    /// <summary>Puts a change in force; changes from several files may come at once.</summary>
    public void Change(Func<CallerSettings, CallerSettings> change)
    {
        lock (_changes)
        {
            _current = change(_current);
        }
    }
}
