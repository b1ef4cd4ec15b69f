using System.Globalization;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Http;
using SpamGuard.Storage;
using SpamGuard.Tags;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace SpamGuard.Server.Health;

/// <summary>
/// What an answer of gRPC health says in its headers besides its status, for <c>spamguard doctor</c>: which version this is, who the caller is taken for and what
/// that one may call here, and how the store is. Only a known caller is answered at all, and nothing of it is about an address.
/// </summary>
/// <param name="served">The services of this process.</param>
/// <param name="health">Whether the store is away; <c>null</c> in a process that does not use it so.</param>
/// <param name="clock">How far its clock is from ours; <c>null</c> likewise.</param>
/// <param name="tags">The tags in force; <c>null</c> likewise.</param>
internal sealed class HealthHeaders(IEnumerable<ServiceDescriptor> served, StoreHealth? health, StoreClock? clock, LiveTags? tags)
{
    /// <summary>The version of this program, such as <c>0.1.0</c>.</summary>
    public const string Version = "spamguard-version";

    /// <summary>The caller's name in the file of callers; <c>development</c> where callers are not told apart.</summary>
    public const string Caller = "spamguard-caller";

    /// <summary>Its roles, comma-separated.</summary>
    public const string Roles = "spamguard-roles";

    /// <summary>The methods of this process that it may call, such as <c>ScoringService/Score</c>, comma-separated.</summary>
    public const string Methods = "spamguard-methods";

    /// <summary>The store as this process met it last: <c>ok</c>, <c>away</c>, or <c>skewed</c> where its clock is too far from ours and nothing is written.</summary>
    public const string Store = "spamguard-store";

    /// <summary>The store's clock less this process', in milliseconds, as last measured.</summary>
    public const string StoreOffset = "spamguard-store-offset-ms";

    /// <summary>The tags that this process can give, comma-separated; empty without <c>Tags:Path</c>.</summary>
    public const string Tags = "spamguard-tags";

    private static readonly string Own = MetricsEndpoint.Version.Split('+')[0]; // without the commit

    private readonly (string Name, CallerRoles Roles)[] _methods =
    [
        .. served.SelectMany(static service => service.Methods, static (service, method) => ($"{service.Name}/{method.Name}", MethodRoles.All[$"/{service.FullName}/{method.Name}"])),
    ];

    /// <summary>Makes the answers of an endpoint say it.</summary>
    public void AddTo(EndpointBuilder endpoint)
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            Write(context);
            return answer(context);
        };
    }

    private void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[Version] = Own;
        if (context.Features.Get<Admission>()?.Caller is { } caller)
        {
            headers[Caller] = caller.Name;
            headers[Roles] = string.Join(',', CallerRoleNames.Of(caller.Roles));
            headers[Methods] = string.Join(',', _methods.Where(method => caller.HasOneOf(method.Roles)).Select(static method => method.Name));
        }

        if (tags is not null)
        {
            headers[Tags] = string.Join(',', tags.Current.Sizes.Select(static size => size.Tag));
        }

        if (health is not null && clock is not null)
        {
            headers[Store] = clock.IsSkewed ? "skewed" : health.IsAway ? "away" : "ok";
            headers[StoreOffset] = clock.OffsetMilliseconds.ToString(CultureInfo.InvariantCulture);
        }
    }
}
