import { any, dashboard, graph, row, stat } from './parts.mjs';

const of = 'namespace="$namespace",pod=~"$pod"';
const failed = 'grpc_code=~"Unknown|DeadlineExceeded|Internal|Unavailable|DataLoss"';
const valid = 'grpc_code=~"OK|Unknown|DeadlineExceeded|Internal|Unavailable|DataLoss"';
const fast = ['SpamGuardAvailabilityBurnsFast', 'SpamGuardLatencyBurnsFast', 'SpamGuardUndegradedBurnsFast'];
const slow = ['SpamGuardAvailabilityBurnsSlowly', 'SpamGuardLatencyBurnsSlowly', 'SpamGuardUndegradedBurnsSlowly'];

export default dashboard('overview', 'Overview', 'Whether callers are answered, in time and with the store, and what they are told.', [
  row('Objectives (of all processes)',
    stat({
      title: 'Budget left of 30 days', unit: 'percentunit', width: 8, max: 1, alerts: slow, limits: { ticket: 0, below: true },
      description: 'What is left of what may go wrong in 30 days (availability 0.1 %, latency 1 %, undegraded 0.5 % of events). Below 0 the objective is missed. Where Prometheus keeps less than 30 days, it is of what it keeps.',
      queries: [{
        expr: '1 - sum by (slo) (sum_over_time((spamguard:slo_errors:ratio_rate1h{namespace="$namespace"} * spamguard:slo_events:rate1h{namespace="$namespace"})[30d:1h]))'
          + '\n  / sum by (slo) (sum_over_time((spamguard:slo_events:rate1h{namespace="$namespace"} > 0)[30d:1h]))'
          + '\n  / on (slo) (1 - spamguard:slo_objective:ratio)',
        legend: '{{slo}}',
      }],
    }),
    graph({
      title: 'Burn, last hour', unit: 'none', width: 8, min: 0, alerts: fast, limits: { page: 14.4 },
      description: 'How many times faster than the objective allows its budget was spent in the last hour. From 14.4 on (and if it goes on) somebody is woken: 2 % of a month in an hour.',
      queries: [{ expr: 'spamguard:slo_errors:ratio_rate1h{namespace="$namespace"} / on (slo) group_left () (1 - spamguard:slo_objective:ratio)', legend: '{{slo}}' }],
    }),
    graph({
      title: 'Burn, last 3 days', unit: 'none', width: 8, min: 0, alerts: slow, limits: { ticket: 1 },
      description: 'The same of the last three days. At 1 a month uses up its budget, no more and no less.',
      queries: [{ expr: 'spamguard:slo_errors:ratio_rate3d{namespace="$namespace"} / on (slo) group_left () (1 - spamguard:slo_objective:ratio)', legend: '{{slo}}' }],
    }),
    graph({
      title: 'Events judged with the store', unit: 'percentunit', max: 1, alerts: ['SpamGuardUndegradedBurnsFast', 'SpamGuardUndegradedBurnsSlowly'],
      description: 'The share of events whose answer was not degraded, and its objective. Degraded answers know no reputation.',
      queries: [
        { expr: '1 - spamguard:slo_errors:ratio_rate5m{namespace="$namespace",slo="undegraded"}', legend: 'with the store' },
        { expr: 'spamguard:slo_objective:ratio{slo="undegraded"}', legend: 'objective', reference: true },
      ],
    }),
    graph({
      title: 'Scores within 10 ms', unit: 'percentunit', max: 1, alerts: ['SpamGuardLatencyBurnsFast', 'SpamGuardLatencyBurnsSlowly'],
      description: 'The share of Score that took 10 ms at most, as the server measures it, and its objective.',
      queries: [
        { expr: '1 - spamguard:slo_errors:ratio_rate5m{namespace="$namespace",slo="latency"}', legend: 'within 10 ms' },
        { expr: 'spamguard:slo_objective:ratio{slo="latency"}', legend: 'objective', reference: true },
      ],
    })),
  row('Calls',
    graph({
      title: 'Calls by method', unit: 'reqps', width: 8, min: 0,
      description: 'Calls that ended, by method; those without any are left out.',
      queries: [{ expr: `sum by (grpc_method) (rate(grpc_server_handled_total{${of}}[$__rate_interval])) > 0`, legend: '{{grpc_method}}' }],
    }),
    graph({
      title: 'Calls that got no answer', unit: 'percentunit', width: 8, min: 0, alerts: ['SpamGuardAvailabilityBurnsFast', 'SpamGuardAvailabilityBurnsSlowly', 'SpamGuardScoringFails'],
      description: 'By method, the share of valid calls that failed: those that their callers do wrong are not in it. 0.1 % is the objective of those that score.',
      queries: [{
        expr: `sum by (grpc_method) (rate(grpc_server_handled_total{${of},${failed}}[$__rate_interval]))`
          + `\n  / (sum by (grpc_method) (rate(grpc_server_handled_total{${of},${valid}}[$__rate_interval])) > 0)`,
        legend: '{{grpc_method}}',
      }],
    }),
    graph({
      title: 'Duration by method, 50th and 99th percentile', unit: 's', width: 8, logarithmic: true, alerts: ['SpamGuardLatencyBurnsFast', 'SpamGuardLatencyBurnsSlowly'], limits: { ticket: 0.01 },
      description: 'Of calls that ended OK, as the server measures it. The line is the 10 ms of the objective of Score; a batch may take longer.',
      queries: [0.5, 0.99].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (grpc_method, le) (rate(grpc_server_handling_seconds_bucket{${of}}[$__rate_interval]))) > 0`,
        legend: `{{grpc_method}} p${quantile * 100}`,
      })),
    }),
    graph({
      title: 'Calls by what went wrong', unit: 'reqps', empty: 'No call ended otherwise than OK', min: 0, stacked: true, alerts: ['SpamGuardAvailabilityBurnsFast', 'SpamGuardRefusesCallers'],
      description: 'Calls that ended otherwise than OK, by code. What a caller does wrong is here too (InvalidArgument, Unauthenticated, PermissionDenied, ResourceExhausted).',
      queries: [{ expr: `sum by (grpc_code) (rate(grpc_server_handled_total{${of},grpc_code!="OK"}[$__rate_interval])) > 0`, legend: '{{grpc_code}}' }],
    }),
    graph({
      title: 'Calls refused for who makes them', unit: 'reqps', min: 0, stacked: true, alerts: ['SpamGuardRefusesCallers'],
      description: 'Calls, and events of batches, by why their caller may not make them; the five most frequent reasons.',
      queries: [{ expr: `topk(5, sum by (reason) (rate(spamguard_calls_refused_total{${of}}[$__rate_interval])))`, legend: '{{reason}}' }],
    })),
  row('Verdicts',
    graph({
      title: 'Verdict mix', unit: 'percentunit', width: 8, stacked: true, min: 0, max: 1, alerts: ['SpamGuardPrecisionFallen'],
      description: 'What events were told, as shares. A jump without a jump of traffic is a policy, a flood, or a store that is away.',
      queries: [{
        expr: `sum by (verdict) (rate(spamguard_assessments_total{${of}}[$__rate_interval])) / on () group_left () (sum(rate(spamguard_assessments_total{${of}}[$__rate_interval])) > 0)`,
        legend: '{{verdict}}',
      }],
    }),
    graph({
      title: 'Events by kind and quality', unit: 'ops', width: 8, stacked: true, min: 0, alerts: ['SpamGuardUndegradedBurnsFast', 'SpamGuardCallersGone'],
      description: 'Events scored each second; previews and retries are none.',
      queries: [{ expr: `sum by (event_kind, quality) (rate(spamguard_assessments_total{${of}}[$__rate_interval])) > 0`, legend: '{{event_kind}} {{quality}}' }],
    }),
    graph({
      title: 'Retries, previews, overrides', unit: 'ops', width: 8, min: 0,
      description: 'Retries that were answered again and counted nothing, previews, and events whose verdict an operator had said.',
      queries: [
        { expr: `sum(rate(spamguard_replayed_requests_total{${of}}[$__rate_interval]))`, legend: 'retries' },
        { expr: `sum(rate(spamguard_previews_total{${of}}[$__rate_interval]))`, legend: 'previews' },
        { expr: `sum(rate(spamguard_overridden_assessments_total{${of}}[$__rate_interval]))`, legend: 'overridden' },
      ],
    })),
  row('Processes',
    graph({
      title: 'Processes that answer Prometheus', unit: 'none', width: 8, min: 0, alerts: ['SpamGuardDown', 'SpamGuardTargetDown'],
      description: 'By job: scoring processes, desk, auditor.',
      queries: [{ expr: 'sum by (job) (up{namespace="$namespace",job=~"spamguard.*"})', legend: '{{job}}' }],
    }),
    graph({
      title: 'Processor', unit: 'short', width: 8, min: 0, alerts: ['SpamGuardLatencyBurnsFast'],
      description: 'Cores in use, by process.',
      queries: [{ expr: `sum by (pod, instance) (rate(process_cpu_seconds_total{${of},job=~"spamguard.*"}[$__rate_interval]))`, legend: '{{pod}} {{instance}}' }],
    }),
    stat({
      title: 'Files that can\'t be used', unit: 'none', width: 8, limits: { ticket: any },
      alerts: ['SpamGuardPolicyFileRejected', 'SpamGuardTagFilesRejected', 'SpamGuardCallerFilesRejected', 'SpamGuardPepperFilesRejected'],
      description: 'Processes that refuse files which they are given, and go on with those before.',
      queries: [
        { expr: `sum(spamguard_policy_file_rejected{${of}})`, legend: 'policy' },
        { expr: `sum(spamguard_tag_files_rejected{${of}})`, legend: 'tags' },
        { expr: `sum by (files) (spamguard_caller_files_rejected{${of}})`, legend: '{{files}}' },
        { expr: `sum(spamguard_pepper_files_rejected{${of}})`, legend: 'pepper' },
      ],
    }),
    stat({
      title: 'Certificate of the server', unit: 's', width: 8, limits: { page: 2 * 86400, ticket: 14 * 86400, below: true }, alerts: ['SpamGuardCertificateExpiresSoon', 'SpamGuardCertificateExpires'],
      description: 'How long the first of them is still good. From then on nobody can connect.',
      queries: [{ expr: `min(spamguard_server_certificate_expires_timestamp_seconds{${of}} > 0) - time()`, legend: 'left' }],
    }),
    stat({
      title: 'Certificates towards Redis', unit: 's', width: 8, empty: 'No TLS to Redis', limits: { page: 2 * 86400, ticket: 14 * 86400, below: true },
      alerts: ['SpamGuardCertificateExpiresSoon', 'SpamGuardCertificateExpires'],
      description: 'How long the first of each sort is still good: what processes show (client), what Redis shows (server), and what is above that (authority). From then on nobody can connect anew.',
      queries: [{ expr: `min by (certificate) (spamguard_store_certificate_expires_timestamp_seconds{${of}} > 0) - time()`, legend: '{{certificate}}' }],
    }),
    stat({
      title: 'Policies in force', unit: 'none', width: 8, alerts: ['SpamGuardPolicyRevisionsDiffer'],
      description: 'Processes by the revision of their policy. More than one for longer than a roll-out: which verdict one gets is a matter of chance.',
      queries: [{ expr: `count by (revision) (spamguard_policy_info{${of}})`, legend: '{{revision}}' }],
    }),
    stat({
      title: 'Builds', unit: 'none', width: 8, alerts: ['SpamGuardBuildsDiffer'],
      description: 'Processes by the version that they run.',
      queries: [{ expr: `count by (version) (spamguard_build_info{${of}})`, legend: '{{version}}' }],
    })),
]);
