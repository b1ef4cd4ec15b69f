using System.Globalization;
using StackExchange.Redis;

namespace SpamGuard.Testing;

/// <summary>How a signal store is configured: the settings of the deployment, so that the tests run against what is deployed.</summary>
internal static class RedisSettings
{
    public const string ContainerAclFile = "/etc/spamguard-users.acl";

    /// <summary>Nothing may reach a disk, a log of commands or a crash report: there a key would outlive its expiry.</summary>
    public static string[] Arguments(string aclFile) =>
    [
        "--save", string.Empty,
        "--appendonly", "no",
        "--repl-diskless-sync", "yes",
        "--repl-diskless-load", "swapdb",
        "--rdb-del-sync-files", "yes",
        "--slowlog-log-slower-than", "-1",
        "--crash-log-enabled", "no",
        "--maxmemory", "2gb",
        "--maxmemory-policy", "volatile-ttl",
        "--aclfile", aclFile,
    ];

    public static string[] ListenOn(int port) =>
        ["--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Nothing but mutual TLS, with a server's certificate of that authority and clients' of the same.</summary>
    public static string[] ListenOnTls(int port, TestAuthority authority)
    {
        var (server, client) = (authority.Server(), authority.Client(["redis"], "redis")); // to masters and other nodes a server is a client
        return
        [
            "--bind", "127.0.0.1",
            "--port", "0",
            "--tls-port", port.ToString(CultureInfo.InvariantCulture),
            "--tls-cert-file", server.CertificatePath,
            "--tls-key-file", server.KeyPath,
            "--tls-client-cert-file", client.CertificatePath,
            "--tls-client-key-file", client.KeyPath,
            "--tls-ca-cert-file", authority.CaPath,
            "--tls-auth-clients", "yes",
        ];
    }

    /// <summary>Connection options that send every command and reconnect soon, for tests stop and start the server.</summary>
    public static ConfigurationOptions Connect(string endpoints, RedisAccount account)
    {
        var options = ConfigurationOptions.Parse(ConnectionString(endpoints, account));
        // It is the server that refuses, and not the client: that is what the tests ask about.
        options.AllowAdmin = true;
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(100);
        options.ConnectTimeout = 2000;
        return options;
    }

    /// <summary>The same over mutual TLS.</summary>
    public static ConfigurationOptions ConnectTls(string endpoints, RedisAccount account, TestAuthority authority, TestCertificate client)
    {
        var options = Connect(endpoints, account);
        options.Ssl = true;
        options.TrustIssuer(authority.CaPath);
        options.SetUserPemCertificate(client.CertificatePath, client.KeyPath);
        return options;
    }

    /// <summary>
    /// The empty tie breaker and channel and the switched-off library name leave out commands that a narrow user may not run:
    /// each refusal would be one more line in the ACL log.
    /// </summary>
    public static string ConnectionString(string endpoints, RedisAccount account) =>
        $"{endpoints},user={account.Name},password={account.Password},abortConnect=false,setlib=false,tiebreaker=,configChannel=";
}
