namespace SpamGuard.Desk.Audit;

/// <summary>Whether a setting of the store is as it must be.</summary>
internal enum SettingState
{
    /// <summary>It is, on every server.</summary>
    Ok,

    /// <summary>It is not, on at least one.</summary>
    Wrong,

    /// <summary>At least one server did not tell. That is never taken for <see cref="Ok"/>.</summary>
    Unknown,
}

/// <summary>What was found of one setting on all servers.</summary>
/// <param name="Setting">One of <see cref="StoreSettings"/>.</param>
/// <param name="State">The worst of all servers.</param>
/// <param name="Found">Different values that are not as they must be.</param>
internal sealed record SettingFinding(StoreSetting Setting, SettingState State, IReadOnlyList<string> Found);
