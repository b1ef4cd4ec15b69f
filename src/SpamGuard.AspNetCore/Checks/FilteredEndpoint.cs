namespace SpamGuard.AspNetCore.Checks;

/// <summary>Marks an endpoint that was told to ask by <c>RequireSpamGuard(...)</c>, and tells whether it does: not every endpoint runs filters.</summary>
/// <param name="call">The call, where it was about this endpoint itself and not about a group; else <c>null</c>.</param>
internal sealed class FilteredEndpoint(object? call)
{
    /// <summary>The call, where it was about this endpoint itself and not about a group; else <c>null</c>.</summary>
    public object? Call => call;

    /// <summary>Whether what answers requests was built with the filter in it.</summary>
    public bool IsRun { get; set; }

    /// <inheritdoc/>
    public override string ToString() => "SpamGuard is asked";
}
