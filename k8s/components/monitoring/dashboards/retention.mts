import { any, dashboard, graph, row, stat, type Query } from './parts.mjs';

const of = 'namespace="$namespace",pod=~"$pod"';
const wrong = ['SpamGuardStorePersists', 'SpamGuardStoreSettingWrong', 'SpamGuardStoreSettingUnknown'];

/** The longest that a key of a class may have left, in seconds: that of the service's RetentionClass. A salt's is that of the longer class, and a quarter of an hour. */
const caps = { address: 604800, network: 2592000, aggregate: 2592000, salt: 2592900 };

/** How long an epoch is: a salt lives two, so with less than one left (and ten minutes) it is that of the epoch before. */
const epochs = { address: 302400, network: 1296000 };

const faults: Query[] = [
  { expr: `max(spamguard_keys_without_ttl{${of}})`, legend: 'without an end' },
  { expr: `max(spamguard_keys_over_cap{${of}})`, legend: 'over the cap' },
  { expr: `max(spamguard_keys_of_unknown_kind{${of}})`, legend: 'of no known kind' },
  { expr: `max(spamguard_foreign_keys{${of}})`, legend: 'of somebody else' },
];

export default dashboard('retention', 'Retention and ledger', 'Whether the store forgets as was promised, and whether what the desk does is entered.', [
  row('What the auditor finds',
    stat({
      title: 'Keys that may not be there', unit: 'none', width: 12, limits: { ticket: any },
      alerts: ['SpamGuardKeysWithoutTtl', 'SpamGuardKeysOverCap', 'SpamGuardKeysOfUnknownKind', 'SpamGuardForeignKeys'],
      description: 'Met by the last complete pass, deleted ones included. Our users can\'t write any of them, so somebody else did.',
      queries: faults,
    }),
    stat({
      title: 'Still there', unit: 'none', width: 4, limits: { page: any }, alerts: ['SpamGuardFaultyKeysRemain'],
      description: 'Keys without an end or over the cap that the auditor could not delete.',
      queries: [{ expr: `max(spamguard_faulty_keys_remaining{${of}} - spamguard_keys_of_unknown_kind{${of}})`, legend: 'keys' }],
    }),
    stat({
      title: 'Last complete pass', unit: 's', width: 4, limits: { ticket: 1800 }, alerts: ['SpamGuardAuditSilent', 'SpamGuardAuditAbsent'],
      description: 'How long ago the auditor had seen all of the store; decades where it never has. Empty where nobody audits.',
      queries: [{ expr: `time() - max(spamguard_audit_completed_timestamp_seconds{${of}})`, legend: 'ago' }],
    }),
    stat({
      title: 'Memory and disk', unit: 'none', width: 4, alerts: ['SpamGuardStorePersists', 'SpamGuardStorePersistenceUnknown'], mappings: { 0: ['apart', 'green'], 1: ['not known to be apart', 'orange'] },
      description: 'Whether the last pass could tell that the store\'s memory reaches no disk.',
      queries: [{ expr: `max(spamguard_signal_store_persistent{${of}})`, legend: 'memory' }],
    }),
    graph({
      title: 'Longest time left', unit: 's', width: 8, min: 0, alerts: ['SpamGuardKeysOverCap'],
      description: 'The longest that a key of a class has left to live: of addresses 7 days at most, of networks and totals 30, of salts a quarter of an hour more.',
      queries: [{ expr: `max by (class) (spamguard_max_remaining_ttl_seconds{${of}})`, legend: '{{class}}' }],
    }),
    graph({
      title: 'Longest time left, of what is allowed', unit: 'percentunit', width: 8, min: 0, limits: { ticket: 1 }, alerts: ['SpamGuardKeysOverCap'],
      description: 'The same as a share of the cap of its class: above 1 a key outlives what was promised.',
      queries: Object.entries(caps).map(([kind, cap]) => ({ expr: `max by (class) (spamguard_max_remaining_ttl_seconds{${of},class="${kind}"}) / ${cap}`, legend: '{{class}}' })),
    }),
    graph({
      title: 'Keys by kind', unit: 'short', width: 8, min: 0, stacked: true,
      description: 'On masters. a: addresses, n: networks, r: regions, q: answered requests, f: who reported, e: salts, w: totals, x: overrides, c: accounts, d: contents.',
      queries: [{ expr: `max by (kind) (spamguard_keys{${of}}) > 0`, legend: '{{kind}}' }],
    }),
    graph({
      title: 'Expired keys in memory', unit: 'short', width: 8, min: 0, alerts: ['SpamGuardExpiredKeysHeld'],
      description: 'Expired keys that the last complete pass met (and so freed), and how many ten minutes explain.',
      queries: [
        { expr: `max(spamguard_expired_keys_present{${of}})`, legend: 'met' },
        { expr: `1000 + 0.2 * sum(max by (kind) (spamguard_keys{${of}}))`, legend: 'explained', reference: true },
      ],
    }),
    graph({
      title: 'Keys deleted by the auditor', unit: 'short', width: 8, min: 0, alerts: ['SpamGuardKeysWithoutTtl', 'SpamGuardKeysOverCap'],
      description: 'In an hour, by what was wrong with them.',
      queries: [{ expr: `sum by (fault) (increase(spamguard_audit_deleted_keys_total{${of}}[1h]))`, legend: '{{fault}}' }],
    }),
    graph({
      title: 'Passes of the auditor', unit: 'short', width: 8, min: 0, stacked: true, alerts: ['SpamGuardAuditIncomplete'],
      description: 'In half an hour. Three are clean where nothing is wrong.',
      queries: [{ expr: `sum by (outcome) (increase(spamguard_audit_passes_total{${of},outcome=~"clean|violation|incomplete"}[30m]))`, legend: '{{outcome}}' }],
    }),
    stat({
      title: 'Settings of the store', unit: 'none', width: 24, alerts: wrong, mappings: { 0: ['ok', 'green'], 1: ['unknown', 'orange'], 2: ['wrong', 'red'] },
      description: 'As the last pass found them. Those of the disk are pages.',
      queries: [{ expr: `max by (setting) (spamguard_store_setting{${of},state="unknown"}) + 2 * max by (setting) (spamguard_store_setting{${of},state="wrong"})`, legend: '{{setting}}' }],
    })),
  row('Epochs, salts and peppers',
    ...(['address', 'network'] as const).map((kind) => graph({
      title: `Salt of the ${kind} epoch`, unit: 's', width: 6, min: 0, limits: { ticket: epochs[kind] - 600, below: true }, alerts: ['SpamGuardEpochOverdue'],
      description: 'How long it is until the salt of the current epoch is gone, and all that was written under it with it. Below the line a process has missed the next epoch.',
      queries: [{ expr: `min by (class) (spamguard_epoch_expires_timestamp_seconds{${of},class="${kind}"} > 0) - time()`, legend: 'first process' }],
    })),
    graph({
      title: 'Salts, overwritten or new', unit: 'short', width: 6, min: 0, limits: { ticket: any }, alerts: ['SpamGuardSaltConflict', 'SpamGuardUnexpectedEpochRoll', 'SpamGuardEpochRollUnaccounted'],
      description: 'In an hour, by class. A roll that no operator made is a thief\'s.',
      queries: [
        { expr: `max by (class) (increase(spamguard_salt_conflicts_total{${of}}[1h]))`, legend: '{{class}} overwritten' },
        { expr: `max by (class) (increase(spamguard_salt_rolls_total{${of}}[1h]))`, legend: '{{class}} begun anew' },
      ],
    }),
    stat({
      title: 'Salts that can\'t be read', unit: 'none', width: 3, limits: { ticket: any }, alerts: ['SpamGuardSaltUnreadable'],
      description: 'Epochs, live or about to begin, whose record in the store is none.',
      queries: [{ expr: `max by (class) (spamguard_salt_unreadable{${of}})`, legend: '{{class}}' }],
    }),
    stat({
      title: 'Peppers missing', unit: 'none', width: 3, limits: { page: any }, alerts: ['SpamGuardPepperMissing', 'SpamGuardPepperFilesRejected'],
      description: 'Epochs, live or about to begin, that name a pepper which a process does not have.',
      queries: [{ expr: `max(spamguard_pepper_missing{${of}})`, legend: 'epochs' }],
    })),
  row('The ledger (of the desk only)',
    stat({
      title: 'Ledger', unit: 'none', width: 4, alerts: ['SpamGuardLedgerUnsound', 'SpamGuardDeskDoesNotStart', 'SpamGuardDeskAway'], mappings: { 0: ['unsound', 'red'], 1: ['sound', 'green'] },
      description: 'Whether it is as it must be, as far as known. Empty where there is no desk.',
      queries: [{ expr: `min(spamguard_ledger_sound{${of}})`, legend: 'ledger' }],
    }),
    stat({
      title: 'Verified', unit: 's', width: 4, limits: { ticket: 7200 }, alerts: ['SpamGuardLedgerUnverified'],
      description: 'How long ago the whole ledger was last found in order. It is looked at every hour.',
      queries: [{ expr: `time() - max(spamguard_ledger_verified_timestamp_seconds{${of}})`, legend: 'ago' }],
    }),
    stat({
      title: 'Acts without an outcome', unit: 'none', limits: { ticket: any }, alerts: ['SpamGuardLedgerIntentOpen', 'SpamGuardLedgerOutcomeUnknown'],
      description: 'Acts that are begun (for more than a moment: an outcome could not be entered), and those of the last seven days of which nobody knows whether they were done.',
      queries: [
        { expr: `max(spamguard_ledger_open_intents{${of}})`, legend: 'open' },
        { expr: `max(spamguard_ledger_unknown_outcomes{${of}})`, legend: 'unknown' },
      ],
    }),
    stat({
      title: 'Entries not written', unit: 'short', width: 4, limits: { ticket: any }, alerts: ['SpamGuardLedgerWriteFails'],
      description: 'In an hour. What was to be entered was not done.',
      queries: [{ expr: `sum(increase(spamguard_ledger_write_failures_total{${of}}[1h]))`, legend: 'entries' }],
    }),
    graph({
      title: 'Entries', unit: 'short', width: 6, alerts: ['SpamGuardLedgerSteppedBack'],
      description: 'Those of earlier runs included. It never falls: where it does an older copy was put back.',
      queries: [{ expr: `max(spamguard_ledger_entries_total{${of}})`, legend: 'entries' }],
    })),
  row('People and authorities (of the desk only)',
    stat({
      title: 'Orders that nobody has decided', unit: 'none', width: 4,
      description: 'Valid ones. What is held is forgotten meanwhile, and their validity ends.', alerts: ['SpamGuardDisclosurePending'],
      queries: [{ expr: `max(spamguard_disclosures_pending{${of}})`, legend: 'orders' }],
    }),
    stat({
      title: 'The oldest of them', unit: 's', width: 4, limits: { ticket: 86400 }, alerts: ['SpamGuardDisclosurePending'],
      description: 'How long ago it was opened; 0 where there is none.',
      queries: [{ expr: `max(spamguard_disclosures_oldest_pending_seconds{${of}})`, legend: 'ago' }],
    }),
    stat({
      title: 'Orders of unknown outcome', unit: 'none', width: 4, limits: { ticket: any }, alerts: ['SpamGuardDisclosureOutcomeUnknown'],
      description: 'Those that were being executed when the desk ended.',
      queries: [{ expr: `max(spamguard_disclosures_outcome_unknown{${of}})`, legend: 'orders' }],
    }),
    graph({
      title: 'Orders', unit: 'short', empty: 'None in a day', min: 0, width: 12, alerts: ['SpamGuardDisclosureRejected'],
      description: 'In a day, by what was done about them.',
      queries: [{ expr: `sum by (outcome) (increase(spamguard_disclosures_total{${of}}[1d])) > 0`, legend: '{{outcome}}' }],
    }),
    graph({
      title: 'Erasures', unit: 'short', min: 0, alerts: ['SpamGuardErasureUnconfirmed'],
      description: 'In an hour, by result. One that is unconfirmed or unavailable is to be repeated: who asked has a right to it.',
      queries: [{ expr: `sum by (result) (increase(spamguard_erasures_total{${of}}[1h]))`, legend: '{{result}}' }],
    }),
    graph({
      title: 'Volume of the ledger', unit: 'percentunit', empty: 'No kubelet tells of one', min: 0, max: 1, limits: { ticket: 0.8 }, alerts: ['SpamGuardDeskVolumeFills'],
      description: 'As the kubelet sees it. With less than 1 MiB free no act is begun.',
      queries: [{
        expr: 'max by (persistentvolumeclaim) (kubelet_volume_stats_used_bytes{namespace="$namespace",persistentvolumeclaim=~".*spamguard-desk.*"}'
          + '\n  / kubelet_volume_stats_capacity_bytes{namespace="$namespace",persistentvolumeclaim=~".*spamguard-desk.*"})',
        legend: '{{persistentvolumeclaim}}',
      }],
    })),
]);
