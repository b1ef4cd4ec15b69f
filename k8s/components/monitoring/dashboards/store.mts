import { any, dashboard, graph, row, stat } from './parts.mjs';

const of = 'namespace="$namespace",pod=~"$pod"';
const process = '{{pod}} {{instance}}';

export default dashboard('store', 'Store', 'Redis, as the processes see it.', [
  row('Trips',
    graph({
      title: 'Duration, 99th percentile', unit: 's', logarithmic: true, alerts: ['SpamGuardStoreErrors'],
      description: 'How long a trip to the store takes, by operation; those without any are left out. After 15 ms an event is judged without it. Of what counts an event, the middle too.',
      queries: [
        { expr: `histogram_quantile(0.99, sum by (operation, le) (rate(spamguard_store_duration_seconds_bucket{${of}}[$__rate_interval]))) > 0`, legend: '{{operation}}' },
        {
          expr: `histogram_quantile(0.5, sum by (operation, le) (rate(spamguard_store_duration_seconds_bucket{${of},operation="observe"}[$__rate_interval]))) > 0`,
          legend: '{{operation}} p50', reference: true,
        },
      ],
    }),
    graph({
      title: 'Trips', unit: 'ops', min: 0, stacked: true,
      description: 'Trips a second, by operation.',
      queries: [{ expr: `sum by (operation) (rate(spamguard_store_duration_seconds_count{${of}}[$__rate_interval]))`, legend: '{{operation}}' }],
    }),
    graph({
      title: 'Trips that failed', unit: 'percentunit', min: 0, limits: { ticket: 0.01 }, alerts: ['SpamGuardStoreErrors'],
      description: 'The share of trips in ten minutes that failed or came late. What was not tried at all, for the circuit was open, is not in it.',
      queries: [{
        expr: `sum(rate(spamguard_store_errors_total{${of},kind!="circuit_open"}[10m])) / (sum(rate(spamguard_store_duration_seconds_count{${of}}[10m])) > 0)`,
        legend: 'failed',
      }],
    }),
    graph({
      title: 'Errors by kind', unit: 'ops', min: 0, stacked: true, alerts: ['SpamGuardStoreErrors', 'SpamGuardStoreRefuses', 'SpamGuardStoreMalformed'],
      description: 'refused: our user, its password or one of its commands. malformed: what is there is no record of ours. circuit_open: not tried, for it failed just before.',
      queries: [{ expr: `sum by (kind) (rate(spamguard_store_errors_total{${of}}[$__rate_interval]))`, legend: '{{kind}}' }],
    })),
  row('Outages',
    graph({
      title: 'Outage', unit: 's', width: 8, min: 0, limits: { ticket: 60 }, alerts: ['SpamGuardStoreAway', 'SpamGuardUndegradedBurnsFast'],
      description: 'How long the store has been away, as each process sees it; 0 while it is there. Where all have it the store itself is away.',
      queries: [{ expr: `max by (pod, instance) (spamguard_store_outage_seconds{${of}})`, legend: process }],
    }),
    graph({
      title: 'Circuit open', unit: 'percentunit', width: 8, min: 0, max: 1, limits: { ticket: 0.5 }, alerts: ['SpamGuardStoreCircuitOpen'],
      description: 'The share of the last ten minutes in which a process did not even try the store.',
      queries: [{ expr: `max by (pod, instance) (avg_over_time(spamguard_store_circuit_open{${of}}[10m]))`, legend: process }],
    }),
    graph({
      title: 'Cut off', unit: 'none', width: 8, min: 0, alerts: ['SpamGuardStoreCircuitOpen', 'SpamGuardStoreAway'],
      description: 'Processes, and those of them that reach the store. Less than all and more than none is a partition: a network policy, a node, a certificate; or one master of a cluster is away.',
      queries: [
        { expr: `count(spamguard_store_outage_seconds{${of}})`, legend: 'all', reference: true },
        { expr: `count(spamguard_store_outage_seconds{${of}} == 0) or vector(0)`, legend: 'reach the store' },
      ],
    }),
    graph({
      title: 'Records kept by the processes', unit: 'none', width: 8, min: 0, alerts: ['SpamGuardStoreAway'],
      description: 'What a process remembers by itself while the store is away; it is thrown away after that.',
      queries: [{ expr: `max by (pod, instance) (spamguard_local_records{${of}})`, legend: process }],
    }),
    graph({
      title: 'Age of what is known of overrides', unit: 's', width: 8, min: 0, limits: { ticket: 30 }, alerts: ['SpamGuardOverridesStale'],
      description: 'How long ago a process read what operators say, where it ever did. What is set or taken back since then does not count there.',
      queries: [{ expr: `max by (pod, instance) (time() - (spamguard_overrides_read_timestamp_seconds{${of}} > 0))`, legend: process }],
    }),
    graph({
      title: 'Clock', unit: 's', width: 8, limits: { ticket: 30 }, alerts: ['SpamGuardClockOffset', 'SpamGuardClockSkewed'],
      description: 'How far a process\' clock and the store\'s are apart. From two minutes on it writes nothing.',
      queries: [{ expr: `max by (pod, instance) (abs(spamguard_clock_offset_seconds{${of}}))`, legend: process }],
    })),
  row('Memory',
    graph({
      title: 'Memory in use', unit: 'percentunit', width: 8, min: 0, max: 1, alerts: ['SpamGuardStoreMemoryTight'],
      description: 'Of maxmemory, of the fullest master. Above 85 % no records of new addresses are made, until it is below 80 %.',
      queries: [{ expr: `max(spamguard_store_memory_used_ratio{${of}})`, legend: 'in use' }],
    }),
    stat({
      title: 'New addresses', unit: 'none', width: 4, alerts: ['SpamGuardStoreMemoryTight'], mappings: { 0: ['remembered', 'green'], 1: ['not remembered', 'orange'] },
      description: 'Whether records of new addresses, accounts and contents are made.',
      queries: [{ expr: `max(spamguard_store_memory_tight{${of}})`, legend: 'records' }],
    }),
    stat({
      title: 'maxmemory', unit: 'bytes', width: 4, alerts: ['SpamGuardStoreWithoutMaxmemory'], mappings: { 0: ['none', 'orange'] },
      description: 'The smallest of all masters. Without one nothing guards against a flood.',
      queries: [{ expr: `min(spamguard_store_memory_limit_bytes{${of}})`, legend: 'limit' }],
    }),
    graph({
      title: 'Keys thrown out before their time', unit: 'short', width: 8, min: 0, limits: { ticket: any }, alerts: ['SpamGuardStoreEvicts'],
      description: 'In ten minutes. Evidence, and salts, by which whole epochs are forgotten.',
      queries: [{ expr: `max(increase(spamguard_store_evicted_keys_total{${of}}[10m]))`, legend: 'keys' }],
    })),
]);
