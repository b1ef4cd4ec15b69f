using System.Numerics;
using Google.Protobuf.WellKnownTypes;
using SpamGuard.Addresses;
using SpamGuard.Desk;
using SpamGuard.Records;
using SpamGuard.Storage;
using SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>Writes what is held on an address, and receipts. Neither has room for the address.</summary>
internal static class SubjectMapper
{
    /// <summary>Writes what is held.</summary>
    public static InspectResponse Held(HeldSubject held, ClientAddress address)
    {
        var response = new InspectResponse { ReadTime = Time(held.Time), SignificantBits = address.SignificantBits };
        if (held.Override is { } said)
        {
            response.Override = new OverrideInForce { Verdict = ResponseMapper.Verdict(said.Verdict), ExpireTime = Time(said.ExpireTime) };
        }

        response.Epochs.Add(held.Epochs.Select(pair => Epoch(pair.Epoch, pair.Keys, held.Time)));
        return response;
    }

    /// <summary>Writes a receipt.</summary>
    public static EraseResponse Receipt(Erasure erasure, ClientAddress address) => new()
    {
        RecordsDeleted = erasure.Keys.Records,
        ReportListsDeleted = erasure.Keys.ReportLists,
        ReplicasAcknowledged = erasure.Keys.Replicas,
        EraseTime = Time(erasure.Time),
        SignificantBits = address.SignificantBits,
        Remains =
        {
            new RemainingData
            {
                Kind = RemainingKind.RetryAnswers,
                EndTime = Time(erasure.Time + ReplayGuard.Seconds),
                Description = "Answers to calls of the last minute, for their retries: each goes a minute after its call.",
            },
            new RemainingData
            {
                Kind = RemainingKind.OperatorDenials,
                EndTime = erasure.OverrideEnd is { } end ? Time(end) : null,
                Description = "What operators said about the address, if anything: until the time that they stated.",
            },
            new RemainingData
            {
                Kind = RemainingKind.NetworkTotals,
                Description = "Totals of the address' network, region and more, and salted bits of the members of the first two: up to 30 days. Where it was the only address active there, they are about it.",
            },
            new RemainingData
            {
                Kind = RemainingKind.OutageMemory,
                Description = "What a scoring process counted in its own memory while it could not reach the store, if any is in that state: until ten seconds after the store is back.",
            },
        },
    };

    private static HeldEpoch Epoch(SubjectInEpoch epoch, HeldKeys keys, long now)
    {
        var held = new HeldEpoch { StartTime = Time(epoch.Start) };
        if (keys.Record.Exists)
        {
            held.Record = Record(keys.Record, epoch.Deadline, now);
        }

        if (keys.Reports.Count > 0)
        {
            held.Reports = new RememberedReports { Count = keys.Reports.Count, ExpireTime = Time(keys.Reports.Deadline) };
        }

        return held;
    }

    private static AddressRecord Record(SignalRecord record, long deadline, long now)
    {
        var daysAgo = record.Older > 0 ? 2 : record.Yesterday > 0 ? 1 : 0;
        var written = new AddressRecord
        {
            ExpireTime = Time(deadline),
            LastSeenDay = Time(record.Day * SignalRecord.DaySeconds),
            FirstSeenDay = Time((record.Day - daysAgo) * SignalRecord.DaySeconds),
            Units = record.Today,
            UnitsDayBefore = record.Yesterday,
            UnitsBefore = record.Older,
            SpamReports = record.Spam,
            LegitimateReports = record.Ham,
            Members = new DistinctMembers
            {
                Met = BitOperations.PopCount(record.Met),
                Blamed = BitOperations.PopCount(record.Blamed),
                Praised = BitOperations.PopCount(record.Praised),
            },
        };
        if (record.Fast > now)
        {
            written.FastBurstEndTime = Time(record.Fast);
        }

        if (record.Slow > now)
        {
            written.SlowBurstEndTime = Time(record.Slow);
        }

        return written;
    }

    private static Timestamp Time(long seconds) => new() { Seconds = seconds };
}
