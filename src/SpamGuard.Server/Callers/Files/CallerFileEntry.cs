using System.Globalization;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;

namespace SpamGuard.Server.Callers.Files;

/// <summary>Reads one caller of the file, and collects all that can't be used.</summary>
/// <param name="nodes">Gets what is wrong.</param>
/// <param name="identities">The identities of the whole file so far, each with its line.</param>
internal sealed class CallerFileEntry(NodeReader nodes, Dictionary<string, int> identities)
{
    /// <summary>The keys of a caller.</summary>
    public static readonly IReadOnlyList<string> Keys = ["identities", "roles", "purposes", "quotas"];

    /// <summary>The keys of a caller's quotas.</summary>
    private static readonly Dictionary<string, QuotaClass> Classes =
        Enum.GetValues<QuotaClass>().ToDictionary(static one => one.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private static readonly PolicyValue Rate = PolicyValue.Number(.001, 100_000);
    private static readonly PolicyValue Burst = PolicyValue.WholeNumber(1, 1_000_000);
    private static readonly string Roles = string.Join(", ", CallerRoleNames.Of(CallerRoles.Any));
    private static readonly string Kinds = string.Join(", ", EventKinds.All.Select(static kind => kind.Name()));

    private readonly List<string> _identities = [];
    private readonly Dictionary<QuotaClass, Quota> _quotas = new() { [QuotaClass.Subject] = Quota.Subjects };
    private IReadOnlyList<EventKind> _purposes = EventKinds.All;
    private CallerRoles _roles;

    /// <summary>What was read.</summary>
    public CallerEntry Entry(string name) => new(name, _identities, _roles, _purposes, _quotas);

    /// <summary>Takes a key of the caller.</summary>
    public void Take(PolicyNode key, PolicyNode value, string[] path)
    {
        switch (key.Text)
        {
            case "identities":
                nodes.List(value, path, CallerIdentity.Allowed, TakeIdentity);
                break;
            case "roles":
                nodes.List(value, path, Roles, item => TakeRole(item, path));
                break;
            case "purposes":
                var kinds = new List<EventKind>();
                nodes.List(value, path, Kinds, item => TakeKind(item, path, kinds));
                _purposes = kinds;
                break;
            default:
                nodes.Mapping(value, path, Classes.Keys, TakeQuota);
                break;
        }

        void TakeIdentity(PolicyNode item)
        {
            if (item.Text is not { } text || !CallerIdentity.TryNormalize(text, out var identity))
            {
                nodes.Fault(item, path, $"found {item.Describe()}; allowed are {CallerIdentity.Allowed}.");
            }
            else if (!identities.TryAdd(identity, item.Line))
            {
                nodes.Fault(item, path, string.Create(CultureInfo.InvariantCulture, $"found an identity a second time, after line {identities[identity]}; allowed is once in the file."));
            }
            else
            {
                _identities.Add(identity);
            }
        }
    }

    /// <summary>Tells what is missing.</summary>
    public void CheckWhole(PolicyNode key, string[] path)
    {
        if (_identities.Count == 0)
        {
            nodes.Fault(key, [.. path, "identities"], $"found nothing; allowed are lists of {CallerIdentity.Allowed}.");
        }

        if (_roles == CallerRoles.None)
        {
            nodes.Fault(key, [.. path, "roles"], $"found nothing; allowed are lists of {Roles}.");
        }
    }

    private void TakeRole(PolicyNode item, string[] path)
    {
        var role = CallerRoleNames.All.FirstOrDefault(role => string.Equals(CallerRoleNames.Of(role)[0], item.Text, StringComparison.Ordinal));
        if (role == CallerRoles.None)
        {
            nodes.Fault(item, path, $"found {item.Describe()}; allowed are {Roles}.");
        }

        _roles |= role;
    }

    private void TakeKind(PolicyNode item, string[] path, List<EventKind> kinds)
    {
        if (item.Text is { } text && EventKinds.TryParse(text, out var kind))
        {
            kinds.Add(kind);
        }
        else
        {
            nodes.Fault(item, path, $"found {item.Describe()}; allowed are {Kinds}.");
        }
    }

    private void TakeQuota(PolicyNode key, PolicyNode value, string[] path)
    {
        double? rate = null;
        int? burst = null;
        var isBad = false;
        nodes.Mapping(value, path, ["per_second", "burst"], (name, number, below) =>
        {
            var kind = name.Text is "burst" ? Burst : Rate;
            switch (kind.Read(number))
            {
                case double found:
                    rate = found;
                    break;
                case int found:
                    burst = found;
                    break;
                default:
                    isBad = true;
                    nodes.Fault(number, below, $"found {number.Describe()}; allowed are {kind.Allowed}.");
                    break;
            }
        });
        if (rate is { } perSecond)
        {
            _quotas[Classes[key.Text!]] = new Quota(perSecond, burst ?? (int)Math.Ceiling(perSecond));
        }
        else if (!isBad)
        {
            nodes.Fault(key, [.. path, "per_second"], $"found nothing; allowed are {Rate.Allowed}.");
        }
    }
}
