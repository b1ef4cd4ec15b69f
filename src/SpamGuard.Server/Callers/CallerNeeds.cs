using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using SpamGuard.Desk;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Callers;

/// <summary>
/// What a process must have to tell callers apart, by where it runs and what else is configured. Outside of development nothing takes a call
/// without it: there is a listener with certificates or one for a sidecar, or no start.
/// </summary>
/// <remarks>It looks at the configuration itself: options that are at fault can't be asked, and each fault must be told all the same.</remarks>
internal sealed class CallerNeeds(IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>Whether certificates are configured, in part at least.</summary>
    public bool HasCertificates => Array.Exists([TlsOptions.CertificateKey, TlsOptions.KeyKey, TlsOptions.ClientCaKey], key => !string.IsNullOrEmpty(configuration[key]));

    /// <summary>Whether there is a listener for a sidecar.</summary>
    public bool HasSidecar => !string.IsNullOrEmpty(configuration[$"{ListenerOptions.Section}:{Listener.Sidecar}:Port"]);

    /// <summary>Whether the start fails without certificates.</summary>
    public bool Certificates => !environment.IsDevelopment() && !HasSidecar;

    /// <summary>Whether the start fails without callers.</summary>
    public bool Callers => HasCertificates || HasSidecar || Certificates;

    /// <summary>Whether this process is the desk.</summary>
    public bool IsDesk => configuration.IsOn(DeskOptions.EnabledKey);

    /// <summary>Whether the start fails where the transparency page has a port and nobody to serve it: in development, the port is there by default.</summary>
    public bool PageIsHomeless => !IsDesk && !environment.IsDevelopment();

    /// <summary>Whether no order of an authority can be approved, though it is no laptop: the desk sees no certificate, by which two people are told apart.</summary>
    public bool OrdersAreUnapprovable => IsDesk && !HasCertificates && !environment.IsDevelopment();

    /// <summary>
    /// Whether a listener is opened: the sidecar's where it has a port; those that demand certificates where there are some, and in development; that of
    /// the transparency page on the desk.
    /// </summary>
    public bool Opens(Listener listener) => listener switch
    {
        Listener.Sidecar => HasSidecar,
        Listener.Grpc or Listener.Http => HasCertificates || environment.IsDevelopment(),
        Listener.Transparency => IsDesk,
        _ => true,
    };
}

/// <summary>Keeps what takes calls without a certificate on loopback, and the page of the desk on the desk.</summary>
internal sealed class LoopbackRules(CallerNeeds needs) : IValidateOptions<ListenerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ListenerOptions options)
    {
        const string Loopback = "loopback addresses, such as 127.0.0.1 and ::1";
        var faults = new List<string>();
        if (!needs.HasCertificates)
        {
            Check(Listener.Grpc, "without certificates", $"{Loopback}, and with {TlsOptions.CertificateKey} any");
            Check(Listener.Http, "without certificates", $"{Loopback}, and with {TlsOptions.CertificateKey} any");
        }

        Check(Listener.Sidecar, "for a sidecar", Loopback);
        if (needs.PageIsHomeless && options.Transparency.Port is { } port)
        {
            faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{ListenerOptions.Section}:{Listener.Transparency}:Port: found {port}, and Desk:Enabled is not true; allowed is a port where it is."));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Distinct(StringComparer.Ordinal));

        void Check(Listener listener, string which, string allowed)
        {
            if (needs.Opens(listener) && IPAddress.TryParse(options.AddressOf(listener), out var address) && !IPAddress.IsLoopback(address))
            {
                faults.Add($"{options.AddressKeyOf(listener)}: found '{options.AddressOf(listener)}' {which}; allowed are {allowed}.");
            }
        }
    }
}
