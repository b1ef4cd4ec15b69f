using System.Text;
using CsCheck;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;

namespace SpamGuard.Tests.Policies;

public sealed class PolicyFileTests
{
    [Fact]
    public void Read_EverySection_SetsWhatItSaysAndKnowsTheLine()
    {
        var file = Read(
            """
            # how we judge
            memory: {account: true, content: false}
            test_addresses: true
            defaults:
              limits:
                wide: 2
                slow: .5
              weights: {NETWORK_REPUTATION: 0.5}
              tags: {tor: {weight: 1.2}}
            sign_up:
              thresholds: {challenge: .25, throttle: 6e-1, deny: 0.95, evidence_needed: 2}
              cap: THROTTLE
              limits: {wide: 3}
              failure: {answer: CHALLENGE, grace: 90m, after_grace: CHALLENGE}
              tags: {tor: {cap: "CHALLENGE"}, trusted: {cap: ALLOW, weight: -1}}
            message:
              hard: {units: 3}
              shadow_signals:
                - CONTENT_REPEATED
                - ACCOUNT_RATE
            reports: {trusted_by_default: false, callers: {importer: true, "svc/mail.example": false}}
            """);

        var expected = ScoringPolicy.Default with
        {
            AccountMemory = true,
            TestAddresses = true,
            WideLimit = 2,
            SlowLimit = .5,
            Weights = SignalWeights.One.With(SignalCode.NetworkReputation, .5),
            Tags = ScoringPolicy.Default.Tags.Add("tor", new TagPolicy(1.2, Cap: null)),
        };
        var policy = Policy.Default with
        {
            SignUp = expected with
            {
                WideLimit = 3,
                ChallengeFrom = .25,
                ThrottleFrom = .6,
                DenyFrom = .95,
                EvidenceNeeded = 2,
                Cap = Verdict.Throttle,
                Failure = new FailurePolicy(FailureAnswer.Challenge, 5400, Verdict.Challenge),
                Tags = expected.Tags.SetItem("tor", new TagPolicy(1.2, Verdict.Challenge)).Add("trusted", new TagPolicy(-1, Verdict.Allow)),
            },
            Message = expected with { HardUnits = 3, ShadowSignals = [SignalCode.AccountRate, SignalCode.ContentRepeated] },
            ReportsTrustedByDefault = false,
            ReportsTrusted = Policy.Default.ReportsTrusted.Add("importer", true).Add("svc/mail.example", false),
        };
        Assert.Equal(policy.Revision(), file.Policy!.Revision());
        Assert.Equal((2, 13, 6, 7, 0), (file.LineOf("memory.account"), file.LineOf("sign_up.limits.wide"), file.LineOf("message.limits.wide"), file.LineOf("sign_up.limits.slow"), file.LineOf("sign_up.limits.fast")));
        Assert.Equal((15, 9, 18), (file.LineOf("sign_up.tags.tor.cap"), file.LineOf("sign_up.tags.tor.weight"), file.LineOf("message.shadow_signals")));
    }

    [Fact]
    public void Read_Candidate_IsLaidOverTheLivePolicyWhereverItStandsInTheFile()
    {
        var file = Read(
            """
            shadow:
              defaults: {cap: CHALLENGE}
              message: {cap: ALLOW}
            sign_up: {limits: {wide: 3}}
            memory: {account: true}
            """);

        var policy = file.Policy!;
        Assert.Equal(policy.SignUp with { Cap = Verdict.Challenge }, policy.Candidate!.SignUp);
        Assert.Equal(policy.Message with { Cap = Verdict.Allow }, policy.Candidate.Message);
        Assert.Equal((3, true, null), (policy.Candidate.SignUp.WideLimit, policy.Candidate.Message.AccountMemory, policy.Candidate.Candidate));
        Assert.Equal((2, 3, 4), (file.LineOf("shadow.sign_up.cap"), file.LineOf("shadow.message.cap"), file.LineOf("shadow.sign_up.limits.wide")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"sign_up\": null, \"shadow\": {}}")]
    [InlineData("sign_up:\n  # cap: DENY\nmessage: ~\nshadow:\n  defaults:\n")]
    [InlineData("\uFEFF{\n\t\"defaults\":\t{\n\t\t\"cap\":\t\"DENY\"\n\t}\n}\n")]
    [InlineData("%YAML 1.2\n---\ndefaults: {cap: DENY}\n...\n")]
    public void Read_NothingThatDiffers_IsTheDefault(string text)
    {
        var file = Read(text);

        Assert.Empty(file.Faults);
        Assert.Equal(Policy.Default.Revision(), file.Policy!.Revision());
    }

    [Fact]
    public void Read_FaultsOfEverySort_AreAllToldAtOnceByTheLine() => Assert.Equal(
        [
            "line 1: memory.account: found 'yes'; allowed are true, false.",
            "line 2: test_addresses: found 'true'; allowed are true, false.",
            "line 4: defaults.thresholds.deny: found '2'; allowed are numbers from 0.001 to 0.999.",
            "line 5: defaults.limit: is no key, but limits is; allowed are prior, shrinkage, limits, charges, units, allowances, shared, standing, silence, thresholds, hard, cap, weights, shadow_signals, tags, failure.",
            "line 6: defaults.weights.PRIOR: is no key; allowed are WIDE_REPUTATION, REGION_REPUTATION, NETWORK_REPUTATION, ADDRESS_REPUTATION, ACCOUNT_REPUTATION, ADDRESS_BURST, NETWORK_BURST, STANDING, ACCOUNT_RATE, CONTENT_REPUTATION, CONTENT_REPEATED.",
            "line 8: sign_up.cap: found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY.",
            "line 9: sign_up.cap: found a second time, after line 8; allowed is once.",
            "line 10: sign_up.hard.units: found '2.5'; allowed are whole numbers from 1 to 1000.",
            "line 10: sign_up.hard.share: found '.nan'; allowed are numbers from 0 to 1.",
            "line 10: sign_up.hard.burst: found nothing; allowed are numbers from 0 to 20.",
            "line 11: sign_up.failure.grace: found '5'; allowed are durations such as 30s, 5m or 1h, in whole seconds, up to 7d.",
            "line 11: sign_up.failure.after_grace: found 'DENY'; allowed are ALLOW, CHALLENGE.",
            "line 12: sign_up.tags.Tor: is no such name; allowed are names of 1 to 32 characters a-z, 0-9 and _ that begin with a letter.",
            "line 12: sign_up.tags.x: found '3'; allowed is a mapping of weight, cap.",
            "line 13: message: found a list of 'DENY'; allowed is a mapping of prior, shrinkage, limits, charges, units, allowances, shared, standing, silence, thresholds, hard, cap, weights, shadow_signals, tags, failure.",
            "line 15: reports.callers.a: found 'no'; allowed are true, false.",
            "line 15: reports.callers: found a mapping as a key; allowed are names of 1 to 128 characters of ASCII, without spaces and ~.",
            "line 17: shadow.memory: is none of a candidate's keys: it is tried on the records of the policy in force, while the store answers; allowed are defaults, sign_up, message.",
            "line 18: shadow.sign_up.charges: is none of a candidate's keys: it is tried on the records of the policy in force, while the store answers; allowed are prior, shrinkage, limits, units, allowances, shared, standing, silence, thresholds, hard, cap, weights, tags.",
            "line 19: shadow.message.failure: is none of a candidate's keys: it is tried on the records of the policy in force, while the store answers; allowed are prior, shrinkage, limits, units, allowances, shared, standing, silence, thresholds, hard, cap, weights, tags.",
        ],
        Faults(
            """
            memory: {account: yes}
            test_addresses: "true"
            defaults:
              thresholds: {challenge: .2, deny: 2}
              limit: 3
              weights: {PRIOR: 2, STANDING: 5}
            sign_up:
              cap: BLOCK
              cap: DENY
              hard: {units: 2.5, share: .nan, burst: , repeated: 1}
              failure: {grace: 5, after_grace: DENY}
              tags: {Tor: {weight: 1}, x: 3}
            message: [DENY]
            reports:
              callers: {a: no, {b: c}: true}
            shadow:
              memory: {account: true}
              sign_up: {charges: {sign_up_slow: 3}}
              message: {failure: {answer: DENY}}
            """));

    [Theory]
    [InlineData("defaults: {thresholds: {challenge: .7}}", "line 1: sign_up.thresholds.challenge: found 0.7, more than thresholds.throttle; allowed are numbers up to it, 0.6.")]
    [InlineData("sign_up: {thresholds: {deny: .5}}", "line 1: sign_up.thresholds.deny: found 0.5, less than thresholds.throttle; allowed are numbers from it on, 0.6.")]
    [InlineData("sign_up:\n  thresholds:\n    challenge: .7\n    throttle: .65\n", "line 4: sign_up.thresholds.throttle: found 0.65, less than thresholds.challenge; allowed are numbers from it on, 0.7.")]
    [InlineData("message:\n  prior:\n    max: .1\n    min: .2\n", "line 4: message.prior.min: found 0.2, more than prior.max; allowed are numbers up to it, 0.1.")]
    [InlineData("shadow: {sign_up: {thresholds: {challenge: .65}}}", "line 1: shadow.sign_up.thresholds.challenge: found 0.65, more than thresholds.throttle; allowed are numbers up to it, 0.6.")]
    [InlineData("sign_up:\n  thresholds: {challenge: .7, throttle: high}", "line 2: sign_up.thresholds.throttle: found 'high'; allowed are numbers from 0.001 to 0.999.")]
    public void Read_KeysThatContradictEachOther_IsOneFaultAtTheLaterOne(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Faults(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "found nothing; allowed is a mapping, and {} for a policy of defaults only.")]
    [InlineData("# all\n# commented out\n", "found nothing; allowed is a mapping")]
    [InlineData("null", "line 1: found nothing; allowed is a mapping")]
    [InlineData("DENY", "line 1: found 'DENY'; allowed is a mapping of memory, test_addresses, defaults, sign_up, message, reports, shadow.")]
    [InlineData("[]", "line 1: found an empty list; allowed is a mapping")]
    [InlineData("sign_up: {cap: DENY", "line 2: found no YAML and no JSON at column ")]
    [InlineData("sign_up:\n  cap: DENY\n cap: DENY\n", "line 3: found no YAML and no JSON at column ")]
    [InlineData("sign_up: ]cap\n", "line 1: found no YAML and no JSON")]
    [InlineData("...\t]cap", "line 1: found no YAML and no JSON")]
    [InlineData("message:\n  prior_: {}\n", "line 2: message.prior_: is no key, but prior is;")]
    [InlineData("sign_up: @\n", "line 1: found no YAML and no JSON at column 10: ")]
    [InlineData("{}\n---\n{}\n", "line 2: found a second document; allowed is one.")]
    [InlineData("sign_up: &a {cap: DENY}\n", "line 1: sign_up: found an anchor (&); allowed are plain values.")]
    [InlineData("sign_up:\n  cap: *a\n", "line 2: sign_up.cap: found an alias (*); allowed are plain values.")]
    [InlineData("sign_up:\n  cap: !!str DENY\n", "line 2: sign_up.cap: found a tag (!); allowed are plain values.")]
    [InlineData("&a sign_up: {}\n", "line 1: found an anchor (&) as a key; allowed are memory, ")]
    [InlineData("sign_up: {<<: {cap: DENY}}\n", "line 1: sign_up.<<: is no key; allowed are ")]
    [InlineData("sign_up: {cap: 203.0.113.9, tags: {}}\n", "line 1: sign_up.cap: found '[11 characters]'; allowed are ")]
    [InlineData("sign_up: {2001:db8::7: 1}\n", "line 1: sign_up.[11 characters]: is no key; allowed are ")]
    [InlineData("reports: {callers: {10.0.0.9: maybe}}\n", "line 1: reports.callers.[8 characters]: found 'maybe'; allowed are ")]
    [InlineData("sign_up: {limits: {fast: 1e999}}\n", "line 1: sign_up.limits.fast: found '1e999'; allowed are ")]
    [InlineData("sign_up: {limits: {fast: 0x10}}\n", "line 1: sign_up.limits.fast: found '0x10'; allowed are ")]
    [InlineData("sign_up: {limits: {fast: '3'}}\n", "line 1: sign_up.limits.fast: found '3'; allowed are ")]
    [InlineData("sign_up: {limits: {fast: -1}}\n", "line 1: sign_up.limits.fast: found '-1'; allowed are ")]
    [InlineData("sign_up: {shadow_signals: [STANDING, STANDING]}\n", "line 1: sign_up.shadow_signals: found a list of 'STANDING', 'STANDING'; allowed are lists of ")]
    [InlineData("sign_up: {shadow_signals: [PRIOR]}\n", "line 1: sign_up.shadow_signals: found a list of 'PRIOR'; allowed are lists of ")]
    [InlineData("sign_up: {shadow_signals: STANDING}\n", "line 1: sign_up.shadow_signals: found 'STANDING'; allowed are lists of ")]
    public void Read_OneFault_SaysWhatWasFoundAndWhatIsAllowed(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Faults(text)), StringComparison.Ordinal);

    [Fact]
    public void Read_NestedTooDeep_IsAFaultAndNoStackOverflow()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);

        Assert.Equal("line 1: found mappings or lists in more than 8 others; allowed are fewer.", Assert.Single(Faults(deep)));
    }

    [Fact]
    public void Read_TooLarge_IsAFault() =>
        Assert.Equal("found 262145 bytes; allowed are up to 262144.", Assert.Single(Faults("#" + new string(' ', PolicyYaml.MaxBytes))));

    [Fact]
    public void Read_NoUtf8_IsAFault() => Assert.Equal(
        "found bytes that are no UTF-8; allowed is YAML or JSON in UTF-8.", Assert.Single(PolicyFile.Read(new byte[] { (byte)'a', 0xff, 0xfe }).Faults).ToString());

    [Fact]
    public void Read_ThousandFaults_AreToldUpToALimit()
    {
        var faults = Faults("sign_up:\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"  k{i}: 1\n")));

        Assert.Equal((PolicyFault.MostTold, "901 more faults."), (faults.Count, faults[^1]));
    }

    [Fact]
    public void Read_Anything_NeverThrows()
    {
        string[] words = ["sign_up", "defaults", "cap", "tags", "tor", ":", ": ", "\n", "\n  ", "\t", "{", "}", "[", "]", ",", "- ", "? ", "&a ", "*a", "!t ", "|", ">", "'", "\"", "\\u00", "%", "#", "---", "...", "\0", "\ud83d", "1e5", "~", "<<"];
        Gen.OneOf(words).Array[0, 30].Sample(parts => Assert.NotNull(Read(string.Concat(parts))), iter: 20_000);
        Gen.Byte.Array[0, 60].Sample(bytes => Assert.NotNull(PolicyFile.Read(bytes)), iter: 20_000);
    }

    [Fact]
    public void Load_FolderOrNoFile_Throws()
    {
        Assert.Throws<FileNotFoundException>(() => PolicyFile.Load(Path.Combine(Path.GetTempPath(), "no-policy.yaml")));
        Assert.ThrowsAny<UnauthorizedAccessException>(() => PolicyFile.Load(Path.GetTempPath()));
    }

    private static PolicyFile Read(string text) => PolicyFile.Read(Encoding.UTF8.GetBytes(text));

    private static List<string> Faults(string text)
    {
        var file = Read(text);
        Assert.Null(file.Policy);
        return [.. file.Faults.Select(fault => fault.ToString())];
    }
}
