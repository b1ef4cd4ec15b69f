using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Server.Callers.Peers;

/// <summary>A client's certificate as it came in the handshake, which has proved that the client has its key. Nothing of it is believed yet.</summary>
/// <param name="Certificate">The certificate, in DER.</param>
/// <param name="Intermediates">What the client sent along, in DER.</param>
/// <param name="Identities">URIs and DNS names among its subject alternative names; none where these can't be read.</param>
internal sealed record PresentedCertificate(
    ReadOnlyMemory<byte> Certificate, ImmutableArray<byte[]> Intermediates, ImmutableArray<string> Identities)
{
    private const string SubjectAlternativeNames = "2.5.29.17";
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>Copies what the handshake has, for that ends with it.</summary>
    public static PresentedCertificate Of(X509Certificate2 certificate, X509Chain? chain) => new(
        certificate.RawData,
        [.. chain?.ChainPolicy.ExtraStore.Select(static one => one.RawData) ?? []],
        IdentitiesOf(certificate));

    private static ImmutableArray<string> IdentitiesOf(X509Certificate2 certificate)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        try
        {
            foreach (var extension in certificate.Extensions.Where(static one => one.Oid?.Value is SubjectAlternativeNames))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    var tag = names.PeekTag();
                    var (isUri, isDns) = (tag.HasSameClassAndValue(Uri), tag.HasSameClassAndValue(Dns));
                    if (!isUri && !isDns)
                    {
                        names.ReadEncodedValue();
                        continue;
                    }

                    // Each as what it says it is: whoever may have a name of the one sort must not spell one of the other.
                    var name = names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                    if (isUri ? CallerIdentity.TryUri(name, out var identity) : CallerIdentity.TryDns(name, out identity))
                    {
                        found.Add(identity);
                    }
                }
            }
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return [];
        }

        return found.ToImmutable();
    }
}
