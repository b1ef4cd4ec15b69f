using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using SpamGuard.Promise.World;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;
using StackExchange.Redis;

namespace SpamGuard.Promise.Clauses;

/// <summary>Lets the desk show and erase an address that two epochs know, and looks for its tokens in the whole store when a minute is over.</summary>
internal sealed class ErasureErases : IClause
{
    /// <summary>The address; no other clause uses its network.</summary>
    public const string Address = "65.10.0.1";

    private const string Neighbour = "65.10.0.2";
    private const int Neighbours = 5;
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Stopwatch _sinceErasure = new();
    private IReadOnlyList<string> _tokens = [];

    public string Name => "a person can see and erase";

    public string Promise => "Whoever proves an address is shown what is held on it, and has it erased in both epochs: a minute later nothing of its tokens is left, and a late report brings nothing back.";

    public async Task BeginAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var token = await KnownAsync(world);
        _tokens = await TokenBook.AddressTokensAsync(world.Redis.Admin, world.Pepper.Bytes, Address);
        var held = await world.Traffic.InspectAsync(new InspectRequest { Address = Address, DecisionToken = token });
        findings.Must(
            held is { Epochs.Count: 2 } && held.Epochs.All(static epoch => epoch.Record is { Units: > 0, SpamReports: > 0 }),
            $"shown: {held?.Epochs.Count ?? 0} epochs, {held?.Epochs.Sum(static epoch => epoch.Record?.Units ?? 0) ?? 0} units and {held?.Epochs.Sum(static epoch => epoch.Record?.SpamReports ?? 0) ?? 0} reports of spam");
        await world.AtAsync(Moment.BeforeErasure);

        var receipt = await world.Traffic.EraseAsync(new EraseRequest { Address = Address, DecisionToken = token });
        findings.Must(receipt is { RecordsDeleted: 2 }, receipt is null ? "the desk could not erase" : $"erased: {receipt.RecordsDeleted} records and {receipt.ReportListsDeleted} lists of reports");
        if (receipt is null)
        {
            return;
        }

        _sinceErasure.Start();
        await world.AtAsync(Moment.Erased);
        var late = await world.Traffic.ReportAsync(new ReportOutcomeRequest { DecisionToken = token });
        findings.Must(late?.Result == ReportResult.StateExpired, $"a late report by the decision token is answered {late?.Result}");
        var after = await world.Traffic.InspectAsync(Address);
        findings.Must(after is { Epochs.Count: 0 }, $"shown after that: {after?.Epochs.Count.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of"} epochs");
        var (own, network) = (await world.Traffic.MetAsync(Address, SubjectLevel.Address), await world.Traffic.MetAsync(Address, SubjectLevel.Network));
        findings.Must(own == CountBucket.None && network != CountBucket.None, $"a score would start from its network: the address counts as met {own}, its network as {network}");
    }

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        if (!findings.Hold)
        {
            return; // it is not so already
        }

        if (!world.Waits(this))
        {
            findings.Omit("the minute after the erasure, and what is left then in all keys and values");
            return;
        }

        var holding = await HoldingAsync(world.Redis.Admin);
        while (holding.Count > 0 && holding.TrueForAll(static key => key.StartsWith("sg:q:", StringComparison.Ordinal)) && _sinceErasure.Elapsed < Limit)
        {
            // Answers to retries last a minute.
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            holding = await HoldingAsync(world.Redis.Admin);
        }

        if (_sinceErasure.Elapsed < Minute)
        {
            await Task.Delay(Minute - _sinceErasure.Elapsed, TimeProvider.System, cancellationToken);
            holding = await HoldingAsync(world.Redis.Admin);
        }

        findings.Must(
            holding.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{_sinceErasure.Elapsed.TotalSeconds:0} s after the erasure {holding.Count} keys hold one of its {_tokens.Count} tokens, in their name or value"));
    }

    /// <summary>An address with a record and reports in this epoch and the one before, and neighbours. What the one before holds is a copy.</summary>
    private static async Task<string> KnownAsync(RunningWorld world)
    {
        var token = "";
        for (var i = 0; i <= Neighbours; i++)
        {
            token = (await world.Traffic.ScoreAsync(new ScoreRequest { Event = Traffic.SignUp(i < Neighbours ? Neighbour : Address), RequestId = Traffic.NewRequestId() })).DecisionToken;
        }

        await world.Traffic.ReportAsync(new ReportOutcomeRequest { DecisionToken = token });
        var tokens = await TokenBook.AddressTokensAsync(world.Redis.Admin, world.Pepper.Bytes, Address);
        var salts = await TokenBook.SaltsAsync(world.Redis.Admin);
        var life = (long)await world.Redis.Admin.ExecuteAsync("PTTL", salts.Where(static key => key[5] == 'a').Order(StringComparer.Ordinal).First());
        foreach (var kind in "af")
        {
            if ((byte[]?)await world.Redis.Admin.StringGetAsync($"sg:{kind}:{{{tokens[0]}}}") is { } record)
            {
                await world.Redis.Admin.StringSetAsync($"sg:{kind}:{{{tokens[1]}}}", record, TimeSpan.FromMilliseconds(life));
            }
        }

        return token;
    }

    private async Task<List<string>> HoldingAsync(IDatabase store)
    {
        List<string> forms = [.. _tokens, .. _tokens.Select(static token => Canaries.Piece(Base64Url.DecodeFromChars(token)))];
        var holding = new List<string>();
        foreach (var key in await KeyspaceSink.KeysAsync(store))
        {
            var piece = Canaries.Piece((byte[])key!) + Canaries.Piece((byte[]?)await store.StringGetAsync(key));
            if (forms.Exists(form => piece.Contains(form, StringComparison.Ordinal)))
            {
                holding.Add(key.ToString());
            }
        }

        return holding;
    }
}
