namespace SpamGuard.Server.Callers;

/// <summary>Files that are taken over as a whole, each of the three by itself.</summary>
internal enum CallerFiles
{
    /// <summary>Certificates and the key: <c>Tls:*</c>.</summary>
    Tls,

    /// <summary><c>Callers:Path</c>.</summary>
    Callers,

    /// <summary><c>Callers:DeniedPath</c>.</summary>
    Denied,
}
