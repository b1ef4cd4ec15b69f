using System.Globalization;
using Grpc.Core;
using Grpc.Health.V1;

namespace SpamGuard.Cli.Doctor;

/// <summary>What one empty health call told: its status, and the headers in which a server says more to a caller that it knows.</summary>
/// <param name="status">The status.</param>
/// <param name="headers">The headers.</param>
/// <param name="between">This machine's time halfway between question and answer.</param>
internal sealed class ServerFacts(HealthCheckResponse.Types.ServingStatus status, Metadata headers, DateTimeOffset between)
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1); // the header date has whole seconds, and is made anew once a second: it is up to two late

    /// <summary>Whether it takes calls.</summary>
    public bool IsServing => status is HealthCheckResponse.Types.ServingStatus.Serving;

    /// <summary>Its version.</summary>
    public string? Version => headers.GetValue("spamguard-version");

    /// <summary>Who we are to it.</summary>
    public string? Caller => headers.GetValue("spamguard-caller");

    /// <summary>Our roles.</summary>
    public IReadOnlyList<string> Roles => List("spamguard-roles") ?? [];

    /// <summary>What we may call there; <c>null</c> where it does not say.</summary>
    public IReadOnlyList<string>? Methods => List("spamguard-methods");

    /// <summary>How its store is.</summary>
    public string? Store => headers.GetValue("spamguard-store");

    /// <summary>The tags that it can give; <c>null</c> where it does not say.</summary>
    public IReadOnlyList<string>? Tags => List("spamguard-tags");

    /// <summary>Its store's clock less its own.</summary>
    public TimeSpan? StoreOffset =>
        long.TryParse(headers.GetValue("spamguard-store-offset-ms"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset) ? TimeSpan.FromMilliseconds(offset) : null;

    /// <summary>Its clock less ours, to about a second.</summary>
    public TimeSpan? Offset =>
        DateTimeOffset.TryParseExact(headers.GetValue("date"), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date + Late - between : null;

    /// <summary>Asks.</summary>
    /// <exception cref="RpcException">It did not answer, or not us.</exception>
    public static async Task<ServerFacts> AskAsync(CallInvoker calls, CallOptions options)
    {
        var before = TimeProvider.System.GetUtcNow();
        using var call = new Health.HealthClient(calls).CheckAsync(new HealthCheckRequest(), options);
        var response = await call;
        var after = TimeProvider.System.GetUtcNow();
        return new ServerFacts(response.Status, await call.ResponseHeadersAsync, before + ((after - before) / 2));
    }

    /// <summary>Whether we may call a method there.</summary>
    /// <param name="method">Such as <c>ScoringService/Score</c>.</param>
    public bool May(string method) => Methods?.Contains(method, StringComparer.Ordinal) == true;

    private string[]? List(string name) => headers.GetValue(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
