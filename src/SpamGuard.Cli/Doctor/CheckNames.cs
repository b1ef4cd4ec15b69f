namespace SpamGuard.Cli.Doctor;

/// <summary>What is looked at, in this order. Scripts know the names.</summary>
internal static class CheckNames
{
    public const string Dns = "dns";
    public const string Tcp = "tcp";
    public const string Tls = "tls";
    public const string ServerCertificate = "server_certificate";
    public const string ClientCertificate = "client_certificate";
    public const string Health = "health";
    public const string Version = "version";
    public const string Caller = "caller";
    public const string Roles = "roles";
    public const string Clock = "clock";
    public const string Store = "store";
    public const string StoreClock = "store_clock";
    public const string Policy = "policy";
    public const string Tags = "tags";
    public const string Latency = "latency";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Dns, Tcp, Tls, ServerCertificate, ClientCertificate, Health, Version, Caller, Roles, Clock, Store, StoreClock, Policy, Tags, Latency];
}
