using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace SpamGuard.Testing;

/// <summary>Certificates and files that tell callers apart, as an operator would mount them, and clients that have certificates.</summary>
public sealed class TestCallers : IDisposable
{
    private readonly string _folder;
    private readonly List<IDisposable> _clients = [];

    public TestCallers(string callers)
    {
        _folder = Directory.CreateDirectory(Path.Combine(Authority.Folder, "mounted")).FullName;
        Authority.Server();
        Exchange("server.crt", File.ReadAllText(Path.Combine(Authority.Folder, "server.crt")));
        Exchange("server.key", File.ReadAllText(Path.Combine(Authority.Folder, "server.key")));
        Exchange("ca.crt", File.ReadAllText(Authority.CaPath));
        Exchange("callers.yaml", callers);
        Exchange("denied.txt", "# nobody yet\n");
    }

    public TestAuthority Authority { get; } = new();

    /// <summary>What the server under test is told.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Tls:CertificatePath"] = PathOf("server.crt"),
        ["Tls:KeyPath"] = PathOf("server.key"),
        ["Tls:ClientCaPath"] = PathOf("ca.crt"),
        ["Callers:Path"] = PathOf("callers.yaml"),
        ["Callers:DeniedPath"] = PathOf("denied.txt"),
    };

    /// <summary>Where a mounted file is: server.crt, server.key, ca.crt, callers.yaml or denied.txt.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Puts another content in the place of a mounted file, in one step.</summary>
    public void Exchange(string name, string content)
    {
        var next = Path.Combine(Authority.Folder, name + ".next");
        File.WriteAllText(next, content);
        File.Move(next, PathOf(name), overwrite: true);
    }

    /// <summary>A client with one certificate of the authority.</summary>
    public TestCertificate Client(params string[] names) => Authority.Client(names);

    /// <summary>A channel of its own, so a connection of its own.</summary>
    public GrpcChannel Channel(string url, TestCertificate? certificate) =>
        Kept(GrpcChannel.ForAddress(url, new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true }));

    /// <summary>A client for JSON.</summary>
    public HttpClient Http(string url, TestCertificate? certificate) => Kept(new HttpClient(Handler(certificate)) { BaseAddress = new Uri(url) });

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        Authority.Dispose();
    }

    private SocketsHttpHandler Handler(TestCertificate? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Authority.CaPath);
        if (certificate is not null)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate.CertificatePath); // behind it may be those between it and its authority, which are sent along
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate.Load(), [.. chain.Skip(1)], offline: true);
        }

        return handler;
    }

    private T Kept<T>(T client)
        where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }
}
