using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Callers;
using SpamGuard.Testing;
using SpamGuard.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Every method by every set of roles: exactly who may passes the gate, and everybody else is told what is missing.</summary>
public sealed class RoleTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private static readonly Marshaller<byte[]> Bytes = new(static bytes => bytes, static bytes => bytes);

    /// <summary>The methods of all our services, as their protos say.</summary>
    private static IReadOnlyList<MethodDescriptor> Methods { get; } =
    [
        .. typeof(ScoringService).Assembly.GetTypes().Where(static type => type.Namespace == typeof(ScoringService).Namespace)
            .Select(static type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
            .Where(static property => property is not null && property.PropertyType.Equals(typeof(ServiceDescriptor)))
            .Select(static property => (ServiceDescriptor)property!.GetValue(null)!)
            .SelectMany(static service => service.Methods),
    ];

    public static TheoryData<string> Sets => [.. Enumerable.Range(1, (int)CallerRoles.Any).Select(static roles => $"r{roles}")];

    [Fact]
    public void Methods_OfEveryDescriptor_HaveARowInTheTable()
    {
        Assert.NotEmpty(Methods);
        Assert.All(Methods, method => Assert.NotEqual(CallerRoles.None, MethodRoles.All.GetValueOrDefault(PathOf(method))));
    }

    [Fact]
    public void Method_ThatIsNotInTheTable_IsNobodys()
    {
        var method = GatedMethod.Of("/spamguard.v1.ScoringService/Forgotten", isJson: false);

        Assert.False(new Caller("everything", CallerRoles.Any).HasOneOf(method.Roles));
        Assert.False(Caller.Development.HasOneOf(method.Roles));
    }

    [Fact]
    public void Endpoints_ThatAreMethods_AreThoseOfTheTableAndBehindTheGate()
    {
        var gated = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).SelectMany(endpoint => endpoint.Metadata.OfType<GatedMethod>()).ToList();

        Assert.Equal(MethodRoles.All.Keys.Order(StringComparer.Ordinal), gated.Where(method => !method.IsJson).Select(method => method.Path).Order(StringComparer.Ordinal));
        Assert.All(gated, method => Assert.Equal(MethodRoles.All[method.Path], method.Roles));
        Assert.Contains(gated, method => method.IsJson);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Call_EveryMethodByOneSetOfRoles_PassesExactlyWhereOneOfThemMay(string caller)
    {
        var roles = (CallerRoles)int.Parse(caller[1..], System.Globalization.CultureInfo.InvariantCulture);
        var certificate = server.Mounted.Client(CallerServerFixture.Uri(caller));
        var invoker = server.With(certificate).CreateCallInvoker();
        var wrong = new List<string>();
        foreach (var (path, may) in MethodRoles.All)
        {
            var error = await ErrorOfAsync(invoker, path);
            if ((roles & may) != CallerRoles.None)
            {
                if (error is { StatusCode: StatusCode.PermissionDenied or StatusCode.Unauthenticated })
                {
                    wrong.Add($"{path} is refused: {error.Status.Detail}");
                }

                continue;
            }

            var names = string.Join(", ", CallerRoleNames.Of(may));
            if (error is null || (error.StatusCode, error.Status.Detail) != (StatusCode.PermissionDenied, $"The caller may not call {path}. Roles that may: {names}."))
            {
                wrong.Add($"{path}: {error?.Status}");
            }
            else if (error.Info() is var info && (info.Reason, info.Metadata["method"], info.Metadata["roles"]) != ("ROLE_MISSING", path, names))
            {
                wrong.Add($"{path}: {info}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("scorer")]
    [InlineData("reporter")]
    [InlineData("operator")]
    [InlineData("privacy")]
    [InlineData("legal")]
    public async Task Json_EveryMethodByOneRole_PassesExactlyWhereItMay(string name)
    {
        var role = Enum.Parse<CallerRoles>(name, ignoreCase: true);
        var client = server.Json(server.Mounted.Client(CallerServerFixture.Uri(CallerServerFixture.Roles(name))));
        var wrong = new List<string>();
        foreach (var endpoint in server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<GatedMethod>() is not { IsJson: true } method)
            {
                continue;
            }

            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET"), new Uri("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), UriKind.Relative));
            request.Content = request.Method == HttpMethod.Get ? null : new StringContent("{}", Encoding.UTF8, "application/json");
            using var response = await client.SendAsync(request).DefaultTimeout();

            // 403 is a verdict there.
            var isForbidden = response.StatusCode == (endpoint.RoutePattern.RawText == "/authz" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.Forbidden);
            if (isForbidden == ((role & method.Roles) != CallerRoles.None) || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound)
            {
                wrong.Add($"{method.Path}: {response.StatusCode}");
            }
            else if (isForbidden)
            {
                using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                Assert.Equal("ROLE_MISSING", body.RootElement.GetProperty("details")[0].GetProperty("reason").GetString());
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Token_OfAnotherCaller_IsReportedOnByWhoeverMayReport()
    {
        var scored = await new ScoringService.ScoringServiceClient(server.As("r1")).ScoreAsync(new ScoreRequest { Event = Events.SignUp("25.0.0.1") });
        var reporter = server.As(CallerServerFixture.Roles("reporter"));

        var report = await new FeedbackService.FeedbackServiceClient(reporter)
            .ReportOutcomeAsync(new ReportOutcomeRequest { DecisionToken = scored.Assessment.DecisionToken, Label = OutcomeLabel.Spam });
        var error = await Assert.ThrowsAsync<RpcException>(() => new ScoringService.ScoringServiceClient(reporter)
            .ExplainAsync(new ExplainRequest { DecisionToken = scored.Assessment.DecisionToken }).ResponseAsync.DefaultTimeout());

        Assert.Equal("r1", server.CallerOf(scored.Assessment.DecisionToken));
        Assert.True(report.Applied);
        Assert.Equal("ROLE_MISSING", error.Info().Reason);
    }

    [Fact]
    public async Task Report_OfACallerThatThePolicyDoesNotTrust_CountsNothing()
    {
        var report = new ReportOutcomeRequest { Event = Events.SignUp("25.0.0.2"), Label = OutcomeLabel.Spam };

        var importer = await new FeedbackService.FeedbackServiceClient(server.As("importer")).ReportOutcomeAsync(report);
        var other = await new FeedbackService.FeedbackServiceClient(server.As(CallerServerFixture.Roles("reporter"))).ReportOutcomeAsync(report);

        Assert.Equal((ReportResult.Untrusted, ReportResult.Applied), (importer.Result, other.Result));
    }

    private static string PathOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";

    /// <summary>Calls with an empty message and waits for the first answer, whatever sort of method it is: on the wire they are all alike.</summary>
    private static async Task<RpcException?> ErrorOfAsync(CallInvoker invoker, string path)
    {
        var parts = path.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, parts[1], parts[2], Bytes, Bytes);
        using var call = invoker.AsyncDuplexStreamingCall(method, host: null, new CallOptions());
        try
        {
            try
            {
                await call.RequestStream.WriteAsync([]).DefaultTimeout();
                await call.RequestStream.CompleteAsync().DefaultTimeout();
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException)
            {
                // refused before it was written: the answer says why
            }

            await call.ResponseStream.MoveNext(CancellationToken.None).DefaultTimeout();
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }
}
