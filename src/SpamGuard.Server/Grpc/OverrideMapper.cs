using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Addresses;
using SpamGuard.Desk.Overrides;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;
using Wire = SpamGuard.V1;
using TargetCase = SpamGuard.V1.OverrideServiceSetRequest.TargetOneofCase;
using ExpiryCase = SpamGuard.V1.OverrideServiceSetRequest.ExpiryOneofCase;

namespace SpamGuard.Server.Grpc;

/// <summary>Reads and writes what operators say.</summary>
internal static class OverrideMapper
{
    /// <summary>Reads a request; what a decision token is, and how late is too late, is found out later.</summary>
    /// <returns>The verdict, and where no token names it the subject: which of three, and the address, or one in it.</returns>
    /// <exception cref="RpcException">Something can't be taken; all of it is named.</exception>
    public static (Verdict Verdict, SubjectKind Level, ClientAddress Address) Read(Wire.OverrideServiceSetRequest request)
    {
        var mapper = new RequestMapper();
        var (level, address) = Target(request, ref mapper);
        var verdict = Verdict(request.Verdict, ref mapper);
        mapper.WrittenDown("reason", request.Reason, OverrideViolations.ReasonRequired);
        if (request.ExpiryCase == ExpiryCase.None)
        {
            mapper.Add(OverrideViolations.ExpiryRequired());
        }

        mapper.ThrowIfBad();
        return (verdict, level, address);
    }

    /// <summary>Reads when it is to end: a unix second.</summary>
    /// <param name="request">Says when, or how long from now.</param>
    /// <param name="now">Unix second of the store's clock.</param>
    /// <param name="latest">The latest there may be.</param>
    /// <exception cref="RpcException">That is over, or too late.</exception>
    public static long ExpireTime(Wire.OverrideServiceSetRequest request, long now, long latest)
    {
        var isTtl = request.ExpiryCase == ExpiryCase.Ttl;
        var (field, time, earliest, most) = isTtl ? ("ttl", request.Ttl.Seconds, 1, latest - now) : ("expire_time", request.ExpireTime.Seconds, now + 1, latest);
        return time < earliest ? throw Errors.BadRequest([OverrideViolations.ExpiryPast(field)]).ToRpcException()
            : time > most ? throw Errors.BadRequest([OverrideViolations.ExpiryTooLate(field, latest, now)]).ToRpcException()
            : isTtl ? now + time : time;
    }

    /// <summary>Reads an id.</summary>
    /// <exception cref="RpcException">It is none.</exception>
    public static OverrideId Id(string text) => OverrideId.TryParse(text, out var id) ? id : throw Errors.BadRequest([OverrideViolations.IdMalformed()]).ToRpcException();

    /// <summary>Writes what is in force now.</summary>
    public static Wire.OverrideServiceSetResponse Set(SetOverride set, OverrideSubject subject) => new()
    {
        Id = set.Said.Id.ToString(),
        ExpireTime = new Timestamp { Seconds = set.Said.ExpireTime },
        Level = ResponseMapper.Level(set.Said.Subject.Kind),
        SignificantBits = subject.SignificantBits,
        Verdict = ResponseMapper.Verdict(set.Said.Verdict),
        ReplacedIds = { set.Replaced.Select(static id => id.ToString()) },
        ReplicasAcknowledged = set.Replicas,
    };

    /// <summary>Writes what ledger and store know of one.</summary>
    public static Wire.Override Of(OverrideRecord record) => new()
    {
        Id = record.Id.ToString(),
        State = record.State switch
        {
            OverrideState.InForce => Wire.OverrideState.InForce,
            OverrideState.Lost => Wire.OverrideState.Lost,
            OverrideState.Uncertain => Wire.OverrideState.Uncertain,
            OverrideState.Unaccounted => Wire.OverrideState.Unaccounted,
            _ => throw new ArgumentOutOfRangeException(nameof(record), record.State, message: null),
        },
        Level = ResponseMapper.Level(record.Subject),
        Verdict = ResponseMapper.Verdict(record.Verdict),
        Reason = record.Reason,
        Operator = record.Operator,
        OperatorIdentity = record.Identity,
        SetTime = record.SetTime.ToTimestamp(),
        ExpireTime = new Timestamp { Seconds = record.ExpireTime },
        Naming = record.Naming switch
        {
            OverrideNaming.None => Wire.OverrideNaming.Unspecified,
            OverrideNaming.Address => Wire.OverrideNaming.Address,
            OverrideNaming.Network => Wire.OverrideNaming.Network,
            OverrideNaming.DecisionToken => Wire.OverrideNaming.DecisionToken,
            _ => throw new ArgumentOutOfRangeException(nameof(record), record.Naming, message: null),
        },
    };

    private static (SubjectKind Level, ClientAddress Address) Target(Wire.OverrideServiceSetRequest request, ref RequestMapper mapper)
    {
        switch (request.TargetCase)
        {
            case TargetCase.Address or TargetCase.AddressBytes:
                return (SubjectKind.Address, mapper.Address(path: "", request.Address, request.AddressBytes));
            case TargetCase.Network:
                return Network(request.Network, ref mapper);
            case TargetCase.DecisionToken:
                mapper.DecisionToken(request.DecisionToken);
                return default;
            default:
                mapper.Add(OverrideViolations.TargetRequired());
                return default;
        }
    }

    private static (SubjectKind Level, ClientAddress Address) Network(string text, ref RequestMapper mapper)
    {
        switch (NetworkText.Read(text, out var network))
        {
            case NetworkFault.None when Level(network, out var address) is { } level:
                if (address.Scope == AddressScope.Unusable)
                {
                    mapper.Add(Violations.UnusableAddress("network"));
                }

                return (level, address);
            case NetworkFault.None:
                mapper.Add(OverrideViolations.NetworkLength());
                return default;
            case NetworkFault.BitsBehindLength:
                mapper.Add(OverrideViolations.NetworkBits());
                return default;
            default:
                mapper.Add(OverrideViolations.NetworkMalformed());
                return default;
        }
    }

    // null where nothing is kept at its length. A form of IPv6 that carries an IPv4 address is hashed as that: its lengths are none of these.
    private static SubjectKind? Level(IPNetwork network, out ClientAddress address)
    {
        address = ClientAddress.From(network.BaseAddress);
        return (network.BaseAddress.AddressFamily, address.Wide.Version, network.PrefixLength) switch
        {
            (AddressFamily.InterNetwork, _, 24) or (AddressFamily.InterNetworkV6, 6, 48) => SubjectKind.Network,
            (AddressFamily.InterNetwork, _, 16) or (AddressFamily.InterNetworkV6, 6, 32) => SubjectKind.Region,
            _ => null,
        };
    }

    private static Verdict Verdict(Wire.Verdict verdict, ref RequestMapper mapper)
    {
        switch (verdict)
        {
            case Wire.Verdict.Allow:
                return Policies.Verdict.Allow;
            case Wire.Verdict.Challenge:
                return Policies.Verdict.Challenge;
            case Wire.Verdict.Throttle:
                return Policies.Verdict.Throttle;
            case Wire.Verdict.Deny:
                return Policies.Verdict.Deny;
            default:
                mapper.Add(verdict == Wire.Verdict.Unspecified ? OverrideViolations.VerdictRequired() : OverrideViolations.VerdictUnknown());
                return default;
        }
    }
}
