namespace SpamGuard.Testing.Privacy;

/// <summary>Something that outlives a call, or leaves the process, and so may give away what it holds.</summary>
internal interface ISink
{
    /// <summary>For the failure message.</summary>
    string Name { get; }

    /// <summary>Whether bytes can stand in it, and not only text.</summary>
    bool HoldsBytes { get; }

    /// <summary>Everything it holds, in pieces; bytes as characters 0 to 255.</summary>
    Task<IReadOnlyList<string>> ReadAsync();
}
