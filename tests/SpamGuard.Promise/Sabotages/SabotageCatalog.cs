using System.Security.Cryptography;
using SpamGuard.Promise.Clauses;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.Sabotages;

/// <summary>Every switch. Each breaks one thing and must fail one clause.</summary>
internal static class SabotageCatalog
{
    private const string HashOnly = "hash only";
    private const string Life = "every key has a life";
    private const string NoValue = "no value without an expiry";
    private const string NoDisk = "nothing reaches a disk";
    private const string Transport = "transport to the store";
    private const string Known = "callers are known";
    private const string Roles = "a role for every call";
    private const string Roll = "a roll forgets";
    private const string Auditor = "an auditor removes the rest";
    private const string Erasure = "a person can see and erase";
    private const string Ledger = "the ledger holds";
    private const string Order = "two people and an order";
    private const string Published = "the figures are the ledger's";
    private const string Override = "an override holds and ends";
    private const string Epochs = "epochs end by themselves";
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    public static IReadOnlyList<Sabotage> All { get; } =
    [
        new("plain-address", HashOnly, "the scorer's account stores an address as its four bytes, for an hour")
        {
            Act = Deeds.At(Moment.Busy, static world => Deeds.PlantAsync(world, Canaries.V4Bytes)),
        },
        new("sha256-address", HashOnly, "the scorer's account stores the SHA-256 of an address, for an hour")
        {
            Act = Deeds.At(Moment.Busy, static world => Deeds.PlantAsync(world, SHA256.HashData(Canaries.V4Bytes))),
        },
        new("ten-years", Life, "the scorer's account stores a value for ten years, by a PSETEX of its own")
        {
            Act = Deeds.At(Moment.Busy, static world => Deeds.PlantAsync(world, [1], TenYears)),
        },
        new("lengthened-salt", Life, "the scorer's account writes a salt once more, with all the life that its kind may have")
        {
            Act = Deeds.At(Moment.Busy, Deeds.WidenSaltAsync),
        },
        new("no-expiry", Life, "the admin stores a value that never expires") { Act = Deeds.At(Moment.Busy, Deeds.PlantForeverAsync) },
        new("grant-set", NoValue, "the scorer's account may SET") { Grant = (RedisAccount.Scorer, "+set") },
        new("grant-restore", NoValue, "the scorer's account may RESTORE") { Grant = (RedisAccount.Scorer, "+restore") },
        new("grant-bitop", NoValue, "the scorer's account may BITOP") { Grant = (RedisAccount.Scorer, "+bitop") },
        new("grant-persist", NoValue, "the scorer's account may PERSIST") { Grant = (RedisAccount.Scorer, "+persist") },
        new("save-60-1", NoDisk, "Redis writes a snapshot a minute (save 60 1)") { Redis = ["--save", "60 1"] },
        new("append-only", NoDisk, "Redis writes its append-only file") { Redis = ["--appendonly", "yes"] },
        new("slow-log", NoDisk, "Redis keeps commands in its slow log") { Redis = ["--slowlog-log-slower-than", "0"] },
        new("diagnostics", NoDisk, "the service can be made to write a dump") { Service = Variable("DOTNET_EnableDiagnostics", "1") },
        new("crash-dumps", NoDisk, "the service writes its memory to a file when it crashes") { Service = Variable("DOTNET_DbgEnableMiniDump", "1") },
        new("plaintext", Transport, "Redis also listens in the clear") { PlaintextPort = true },
        new("no-certificate", Transport, "Redis speaks with clients that show no certificate") { Redis = ["--tls-auth-clients", "no"] },
        new("store-of-a-stranger", Transport, "the service trusts another authority for its store too")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.TrustStrangerAsync(world, world.StoreCaPath)),
        },
        new("overwritten-salt", "nobody overwrites a salt", "the scorer's account puts a salt of its own in the place of the one in force")
        {
            Act = Deeds.At(Moment.SaltsInUse, Deeds.OverwriteSaltAsync),
        },
        new("forgotten-request", "a retry counts nothing", "the store forgets the answered request before its retry") { Act = Deeds.At(Moment.BeforeRetry, Deeds.ForgetRequestsAsync) },
        new("foreign-authority", Known, "another authority stands in the file of those that vouch for callers")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.TrustStrangerAsync(world, world.Callers.Mounted.PathOf("ca.crt"))),
        },
        new("no-deny-list", Known, "the list of denied certificates is not mounted") { Service = Variable("Callers__DeniedPath", "") },
        new("plaintext-listener", Known, "the service takes calls in the clear, as from a sidecar, on one more port") { Service = Variable("Listeners__Sidecar__Port", "0") },
        new("role-too-many", Roles, "the caller that reports has the role of a scorer too")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.CallersAsync(world, $"[{Callers.Reporter}]", $"[{Callers.Reporter}, {Callers.Scorer}]")),
        },
        new("role-left-out", Roles, "the caller that has all roles lacks that of privacy")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.CallersAsync(world, $", {Callers.Privacy},", ",")),
        },
        new("no-purpose", Roles, "the caller for sign-ups has no purposes")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.CallersAsync(world, ", purposes: [sign_up]", "")),
        },
        new("no-quota", Roles, "the caller with a quota has a larger one")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.CallersAsync(world, $"burst: {Callers.QuotaOfLimited}", "burst: 1000")),
        },
        new("pepper-in-redis", "the pepper is elsewhere", "the scorer's account stores the pepper, for an hour")
        {
            Act = Deeds.At(Moment.Busy, static world => Deeds.PlantAsync(world, world.Pepper.Bytes)),
        },
        new("lost-index", Override, "the admin deletes the list of what operators say") { Act = Deeds.At(Moment.OverrideSet, OverrideDeeds.LoseIndexAsync) },
        new("forged-override", Override, "the scorer's account says the same of the same address once more, under another name and for longer")
        {
            Act = Deeds.At(Moment.OverrideSet, OverrideDeeds.ForgeAsync),
        },
        new("desk-that-cannot-roll", Roll, "the desk's account may not PSETEX any more when it is to roll") { Act = Deeds.At(Moment.BeforeRoll, static world => Deeds.RuleAsync(world, "-psetex")) },
        new("roll-undone", Roll, "the salts are copied before a roll, and put back as if they were newer")
        {
            Act = Deeds.Kept(Moment.BeforeRoll, Deeds.SaltsAsync, Moment.Rolled, Deeds.PutBackAsNewerAsync),
        },
        new("skipped-fsync", Ledger, "no process of the service brings anything to the disk: fsync does nothing (libeatmydata)") { Service = Variable("LD_PRELOAD", "libeatmydata.so") },
        new("entry-removed", Ledger, "a line is taken out of the ledger while no desk runs") { Act = Deeds.At(Moment.DeskKilled, LedgerDeeds.RemoveAsync) },
        new("flipped-bit", Ledger, "a bit of the ledger is flipped while no desk runs") { Act = Deeds.At(Moment.DeskKilled, LedgerDeeds.FlipAsync) },
        new("history-rewritten", Ledger, "somebody with the key writes the ledger anew without one act, while no desk runs") { Act = Deeds.At(Moment.DeskKilled, LedgerDeeds.RewriteAsync) },
        new("end-cut-off", Ledger, "the last lines of the ledger are cut off while no desk runs") { Act = Deeds.At(Moment.DeskKilled, LedgerDeeds.CutAsync) },
        new("lost-volume", Ledger, "the volume with the ledger is lost while no desk runs") { Act = Deeds.At(Moment.DeskKilled, LedgerDeeds.LoseAsync) },
        new("same-approver", Order, "the second person shows the certificate of the first")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.Done(() => world.Callers.Lend(Callers.Counsel, Callers.Legal))),
        },
        new("same-key", Order, "the second person's certificate has a name of its own, and the key of the first")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.Done(() => world.Callers.LendKey(Callers.Counsel, Callers.Legal))),
        },
        new("second-person-without-role", Order, "the second person has another role")
        {
            Act = Deeds.At(Moment.Mounted, static world => Deeds.CallersAsync(world, Callers.Line(Callers.Counsel, Callers.Legal), Callers.Line(Callers.Counsel, Callers.Privacy))),
        },
        new("crime-called-terrorism", Order, "whoever enters orders enters every crime as terrorism")
        {
            Act = Deeds.At(Moment.Busy, static world => Deeds.Done(() => world.Traffic.Clerk.CallsItTerrorism = true)),
        },
        new("longer-order", Order, "whoever enters orders enters them as valid for an hour more")
        {
            Act = Deeds.At(Moment.Busy, static world => Deeds.Done(() => world.Traffic.Clerk.MoreTime = TimeSpan.FromHours(1))),
        },
        new("wider-order", Order, "whoever enters orders adds an address that the authority did not name")
        {
            Act = Deeds.At(Moment.Busy, static world => Deeds.Done(() => world.Traffic.Clerk.MoreAddresses = [TwoPeopleAndAnOrder.Neighbour])),
        },
        new("restored-ledger", Order, "after an execution the desk is stopped, and starts over its ledger as that was before")
        {
            Act = Deeds.Kept(Moment.OrderApproved, LedgerDeeds.CopyAsync, Moment.OrderExecuted, LedgerDeeds.RestoreAsync),
        },
        new("changed-figure", Published, "a proxy between the desk and who reads its report changes one figure of the JSON") { Act = Deeds.At(Moment.FiguresAsked, LedgerDeeds.InterceptAsync) },
        new("changed-entry", Published, "a figure of an entry is changed in the ledger's file while the desk runs") { Act = Deeds.At(Moment.FiguresAsked, LedgerDeeds.ChangeAsync) },
        new("kept-salt", "what a salt made ends with it", "the salts are copied before they end, and put back")
        {
            Act = Deeds.Kept(Moment.SaltsEnding, Deeds.SaltsAsync, Moment.SaltsGone, Deeds.PutBackAsync),
        },
        new("no-auditor", Auditor, "the auditor is off") { Service = Variable("Audit__Enabled", "false") },
        new("auditor-that-cannot-delete", Auditor, "the auditor's account may not UNLINK") { Grant = (RedisAccount.Auditor, "-unlink") },
        new("auditor-that-reads", Auditor, "the auditor's account may GET") { Grant = (RedisAccount.Auditor, "+get") },
        new("auditor-that-cannot-see", Auditor, "the auditor's account may not ask for settings") { Grant = (RedisAccount.Auditor, "-config|get") },
        new("desk-that-cannot-delete", Erasure, "the desk's account may not UNLINK while it is to erase")
        {
            Act = static (world, moment) => moment switch
            {
                Moment.BeforeErasure => Deeds.RuleAsync(world, "-unlink"),
                Moment.SaltsInUse => Deeds.RuleAsync(world, "+unlink"), // what comes next
                _ => Task.CompletedTask,
            },
        },
        new("record-put-back", Erasure, "the records of the address are copied before the erasure, and put back")
        {
            Act = Deeds.Kept(Moment.BeforeErasure, Deeds.RecordsOfThePersonAsync, Moment.Erased, Deeds.PutBackAsync),
        },
        new("token-kept-elsewhere", Erasure, "the scorer's account writes a token of the erased address into the value of another key")
        {
            Act = Deeds.At(Moment.Erased, Deeds.KeepTokenAsync),
        },
        new("salt-that-stays", Epochs, "the scorer's account writes a salt once more, with a longer life") { Act = Deeds.At(Moment.FastEpochBegun, Deeds.LengthenSaltAsync) },
        new("record-that-stays", Epochs, "the scorer's account writes a record once more, with a longer life") { Act = Deeds.At(Moment.FastEpochBegun, Deeds.LengthenRecordAsync) },
        new("token-that-outlives-its-salt", Epochs, "the salt of an epoch is planted as that of the next one too") { Act = Deeds.At(Moment.FastEpochBegun, Deeds.ReuseSaltAsync) },
    ];

    private static Dictionary<string, string> Variable(string name, string value) => new(StringComparer.Ordinal) { [name] = value };
}
