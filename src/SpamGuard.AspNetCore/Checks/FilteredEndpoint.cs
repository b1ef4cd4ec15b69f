namespace SpamGuard.AspNetCore.Checks;

/// <summary>Marks an endpoint that has the filter, and not only the attribute.</summary>
internal sealed class FilteredEndpoint
{
    public static FilteredEndpoint Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "SpamGuard is asked";
}
