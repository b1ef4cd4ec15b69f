using System.Globalization;
using System.Text.Json;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Promise.Clauses;

/// <summary>Passes the gate for orders as it is meant, by the command line, and tries every way around it that there is.</summary>
internal sealed class TwoPeopleAndAnOrder : IClause
{
    /// <summary>Somebody of the same network, whom no order names.</summary>
    public const string Neighbour = "62.10.0.2";

    private const string Known = "62.10.0.1";
    private const string Unknown = "62.20.0.1";
    private const string Used = "DISCLOSURE_STATE";
    private const string Refusals = "category=\"other\",outcome=\"refused\"";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    public string Name => "two people and an order";

    public string Promise => "What is held is given to an authority by an order only, on terrorism or the exploitation of children, that a second person approved; once, while it is valid, on the addresses that it names, and nothing else.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var orders = new Orders(world.Traffic);
        var (brief, _) = await orders.OpenAsync(Callers.Legal, [Known], validity: Short);
        var over = TimeProvider.System.GetUtcNow() + Short;
        var approved = brief is null ? "not opened" : await orders.ApproveAsync(Callers.Counsel, brief);
        foreach (var address in (string[])[Known, Neighbour])
        {
            await world.Traffic.ScoreAsync(new ScoreRequest { Event = Traffic.SignUp(address), RequestId = Traffic.NewRequestId() });
        }

        await ByTheBookAsync(world, orders, findings);
        await OtherAsync(world, orders, findings);
        await AtOnceAsync(orders, findings);
        await TakenBackAsync(orders, findings);
        if (brief is not null)
        {
            await Poll.UntilAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() > over)).DefaultTimeout();
            var (_, late) = await orders.ExecuteAsync(Callers.Legal, brief);
            findings.Must(approved == Reply.Served && late == Used, $"one that is valid for {Short.TotalSeconds} s is approved ({approved}), and executed after that: {late} ({await orders.StateAsync(brief)})");
        }
    }

    private static async Task ByTheBookAsync(RunningWorld world, Orders orders, Findings findings)
    {
        if (await OpenedAsync(world, findings) is not { } order)
        {
            return;
        }

        var early = (await orders.ExecuteAsync(Callers.Legal, order)).Answer;
        var alone = await orders.ApproveAsync(Callers.Legal, order);
        findings.Must((early, alone) == (Used, "SAME_PERSON"), $"before a second person has decided it is executed: {early}; who opened it approves it: {alone}");

        var (code, _, error) = await CliAsync(world, Callers.Counsel, "decide", order.Id, "--approve", "--order-key-file", Key(world), "--reference-file", Reference(world), "--addresses-file", Named(world));
        findings.Must(code == 0, $"spamguard disclosure decide --approve by a second person ends with code {code}{Said(code, error)}");
        if (code == 0)
        {
            world.Traffic.Answered("DisclosureService/Decide");
        }

        var more = (await orders.ExecuteAsync(Callers.Legal, order with { Addresses = [.. order.Addresses, Neighbour] })).Answer;
        findings.Must(more == "addresses[2] ADDRESS_NOT_IN_ORDER" || code != 0, $"executed with one address more than it names: {more}");
        await ExecutedAsync(world, orders, order, findings);
    }

    private static async Task<Order?> OpenedAsync(RunningWorld world, Findings findings)
    {
        const string Called = "order 4711";
        await File.WriteAllTextAsync(Reference(world), Called);
        await File.WriteAllTextAsync(world.PathOf("authority.txt"), "a court");
        await File.WriteAllLinesAsync(Named(world), [Known, Unknown, .. world.Traffic.Clerk.MoreAddresses]);
        var (code, output, error) = await CliAsync(
            world,
            Callers.Legal,
            "open", "--reference-file", Reference(world), "--authority-file", world.PathOf("authority.txt"), "--authority-type", "court", "--legal-process", "court-order",
            "--category", "terrorism", "--country", "DE", "--valid-until", "1d", "--addresses-file", Named(world), "--order-key-out", Key(world), "--json");
        findings.Must(code == 0, $"spamguard disclosure open ends with code {code}{Said(code, error)}");
        if (code != 0)
        {
            return null;
        }

        world.Traffic.Answered("DisclosureService/Open");
        using var answer = JsonDocument.Parse(output);
        return new Order(
            answer.RootElement.GetProperty("disclosure").GetProperty("disclosure_id").GetString()!, (await File.ReadAllTextAsync(Key(world))).Trim(), Called, [Known, Unknown]);
    }

    private static async Task ExecutedAsync(RunningWorld world, Orders orders, Order order, Findings findings)
    {
        var held = await world.Traffic.InspectAsync(Known);
        await world.AtAsync(Moment.OrderApproved);
        var (code, output, error) = await CliAsync(world, Callers.Legal, "execute", order.Id, "--yes", "--order-key-file", Key(world), "--addresses-file", Named(world), "--json");
        findings.Must(code == 0, $"spamguard disclosure execute ends with code {code}{Said(code, error)}");
        if (code != 0)
        {
            return;
        }

        world.Traffic.Answered("DisclosureService/Execute");
        var given = Google.Protobuf.JsonParser.Default.Parse<DisclosureServiceExecuteResponse>(output);
        var isHeld = held is { Epochs.Count: > 0 } && given.Results is [var known, { Epochs.Count: 0 }] && known.Epochs.Equals(held.Epochs);
        findings.Must(
            isHeld && given.Disclosure is { Held: DisclosureHeld.Partly, Disclosed: 1, Named: 2 },
            string.Create(CultureInfo.InvariantCulture, $"given out: {given.Results.Count} results for 2 addresses, with {string.Join(" and ", given.Results.Select(static result => result.Epochs.Count))} epochs, {(isHeld ? "the same as the person would be shown" : "not what the person would be shown")}; held {given.Disclosure.Held}"));
        await world.AtAsync(Moment.OrderExecuted);
        var again = (await orders.ExecuteAsync(Callers.Counsel, order)).Answer;
        findings.Must(again == Used, $"executed again: {again} ({await orders.StateAsync(order)})");
    }

    private static async Task OtherAsync(RunningWorld world, Orders orders, Findings findings)
    {
        var before = (await CountedAsync(world), Entered(world));
        var (_, answer) = await orders.OpenAsync(Callers.Legal, [Known], DisclosureCategory.Other);
        var after = (await CountedAsync(world), Entered(world));
        findings.Must(
            answer == "category CATEGORY_NOT_ALLOWED" && after == (before.Item1 + 1, before.Item2 + 1),
            string.Create(CultureInfo.InvariantCulture, $"an order in another category: {answer}; counted {after.Item1 - before.Item1} time more, entered {after.Item2 - before.Item2} time more"));
    }

    private static async Task<double> CountedAsync(RunningWorld world) => await world.Desk.MetricAsync("spamguard_disclosures_total", Refusals) ?? 0;

    private static int Entered(RunningWorld world) => LedgerText.Read(world.Ledger.FilePath).Entries.Count(static entry => entry.Act == "disclosure_refuse");

    private static async Task AtOnceAsync(Orders orders, Findings findings)
    {
        var (order, opened) = await orders.OpenAsync(Callers.Legal, [Unknown], DisclosureCategory.ChildExploitation);
        if (order is null)
        {
            findings.Must(false, $"another order is opened: {opened}");
            return;
        }

        var approved = await orders.ApproveAsync(Callers.Counsel, order);
        var both = await Task.WhenAll(orders.ExecuteAsync(Callers.Legal, order), orders.ExecuteAsync(Callers.Counsel, order));
        var given = both.Select(static one => one.Given).OfType<DisclosureServiceExecuteResponse>().ToList();
        var isOnce = given is [{ Disclosure.Held: DisclosureHeld.Nothing, Results: [{ Epochs.Count: 0 }] }] && both.Count(static one => one.Answer == Used) == 1;
        findings.Must(
            isOnce,
            $"another is approved ({approved}), and executed twice at once: {string.Join(" and ", both.Select(static one => one.Answer).Order(StringComparer.Ordinal))}; nothing is held on its address, which is an answer: {(given.Count == 0 ? "none" : given[0].Disclosure.Held)}");
    }

    private static async Task TakenBackAsync(Orders orders, Findings findings)
    {
        var (order, opened) = await orders.OpenAsync(Callers.Legal, [Unknown]);
        if (order is null)
        {
            findings.Must(false, $"another order is opened: {opened}");
            return;
        }

        var approved = await orders.ApproveAsync(Callers.Counsel, order);
        var rejected = await orders.DecideAsync(Callers.Counsel, order, DisclosureDecision.Reject);
        var late = (await orders.ExecuteAsync(Callers.Legal, order)).Answer;
        findings.Must((approved, rejected, late) == (Reply.Served, Reply.Served, Used), $"another is approved ({approved}), and rejected after that ({rejected}); executed then: {late}");
    }

    private static Task<(int ExitCode, string Output, string Error)> CliAsync(RunningWorld world, string caller, params IReadOnlyList<string> arguments) =>
        CommandLineTool.CallAsync(world.Desk, world.Callers, caller, ["disclosure", .. arguments]);

    private static string Said(int code, string error) => code == 0 ? "" : $": {error.Trim()}";

    private static string Key(RunningWorld world) => world.PathOf("order.key");

    private static string Reference(RunningWorld world) => world.PathOf("reference.txt");

    private static string Named(RunningWorld world) => world.PathOf("addresses.txt");
}
