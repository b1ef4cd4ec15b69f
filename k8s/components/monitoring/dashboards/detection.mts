import { bars, dashboard, graph, heatmap, row, stat } from './parts.mjs';

const of = 'namespace="$namespace",pod=~"$pod"';

export default dashboard('detection', 'Detection quality', 'Whether verdicts hit whom they should, as far as anybody reports what became of events.', [
  row('Feedback',
    graph({
      title: 'Precision by verdict, 7 days', unit: 'percentunit', min: 0, max: 1, alerts: ['SpamGuardPrecisionFallen'],
      description: 'Of what got a verdict and was reported in the last week, the share that was spam; and the floor below which a verdict is no longer what it was turned on for. Of ALLOW it is what slipped through.',
      queries: [
        { expr: 'spamguard:feedback_precision:ratio_increase7d{namespace="$namespace"}', legend: '{{verdict}}' },
        { expr: 'spamguard:feedback_precision_floor:ratio', legend: '{{verdict}} floor', reference: true },
      ],
    }),
    stat({
      title: 'Labels behind it, 7 days', unit: 'short', limits: { quiet: 100, below: true }, alerts: ['SpamGuardPrecisionFallen'],
      description: 'Below a hundred chance decides, and the alert says nothing of that verdict.',
      queries: [{ expr: 'spamguard:feedback_labels:increase7d{namespace="$namespace"}', legend: '{{verdict}}' }],
    }),
    stat({
      title: 'Coverage, last day', unit: 'percentunit', alerts: ['SpamGuardPrecisionFallen'],
      description: 'By verdict, the share of events of which an outcome was reported by decision token. Reputation lives from that: with 3 % the model finds clearly less than with all.',
      queries: [{
        expr: `sum by (verdict) (increase(spamguard_feedback_decisions_total{${of}}[1d])) / (sum by (verdict) (increase(spamguard_assessments_total{${of}}[1d])) > 0)`,
        legend: '{{verdict}}',
      }],
    }),
    graph({
      title: 'Outcomes reported', unit: 'ops', min: 0, stacked: true,
      description: 'By what was said of the event.',
      queries: [{ expr: `sum by (label) (rate(spamguard_feedback_total{${of}}[$__rate_interval]))`, legend: '{{label}}' }],
    }),
    graph({
      title: 'Outcomes that counted nothing', unit: 'ops', min: 0, stacked: true,
      description: 'By why: said before, too late for what is known, or by a caller whose word counts for none.',
      queries: [{ expr: `sum by (reason) (rate(spamguard_feedback_unapplied_total{${of}}[$__rate_interval]))`, legend: '{{reason}}' }],
    })),
  row('Verdicts and their reasons',
    heatmap({
      title: 'Probability of spam', unit: 'short', min: 0, max: 1,
      description: 'How many events had which probability. From .3 on it is CHALLENGE, from .6 THROTTLE, from .9 DENY, by the built-in policy. Two heaps far apart are good.',
      queries: [{ expr: `sum by (le) (increase(spamguard_spam_probability_bucket{${of}}[$__rate_interval]))`, legend: '{{le}}' }],
    }),
    bars({
      title: 'Reasons', unit: 'percentunit', min: 0, max: 1,
      description: 'The share of events with a reason, over the time that is shown. PRIOR is in all that were judged with the store. A reason in nearly all says nothing of anybody.',
      queries: [{
        expr: `sort_desc(sum by (code) (increase(spamguard_reasons_total{${of}}[$__range])) / scalar(sum(increase(spamguard_assessments_total{${of}}[$__range]))) > 0)`,
        legend: '{{code}}',
      }],
    }),
    graph({
      title: 'Reasons over time', unit: 'ops', min: 0,
      description: 'The ten most frequent ones at each time, but for PRIOR.',
      queries: [{ expr: `topk(10, sum by (code) (rate(spamguard_reasons_total{${of},code!="PRIOR"}[$__rate_interval])) > 0)`, legend: '{{code}}' }],
    }),
    graph({
      title: 'Networks by tag', unit: 'none', min: 0, alerts: ['SpamGuardTagFilesRejected'],
      description: 'Networks that a tag is in force for: a list that has become empty tells of nobody. Empty where there are no tags.',
      queries: [{ expr: `max by (tag) (spamguard_tag_prefixes{${of}})`, legend: '{{tag}}' }],
    })),
  row('Shadow',
    graph({
      title: 'Candidate disagrees', unit: 'percentunit', width: 8, min: 0, limits: { ticket: 0.2 }, alerts: ['SpamGuardShadowDisagrees'],
      description: 'The share of events of the last hour that would have got another verdict by the policy in shadow. Empty where there is none, or fewer than an event in ten seconds.',
      queries: [{ expr: 'spamguard:shadow_disagreement:ratio_rate1h{namespace="$namespace"}', legend: 'another verdict' }],
    }),
    bars({
      title: 'Verdict in force → of the candidate', unit: 'short', width: 8, min: 0, alerts: ['SpamGuardShadowDisagrees'],
      description: 'Events over the time that is shown, by both.',
      queries: [{ expr: `sort_desc(sum by (live, candidate) (increase(spamguard_shadow_assessments_total{${of}}[$__range])) > 0)`, legend: '{{live}} → {{candidate}}' }],
    }),
    graph({
      title: 'Signals in shadow', unit: 'ops', width: 8, min: 0, alerts: ['SpamGuardShadowDisagrees'],
      description: 'Events whose verdict would have been another if a signal counted that is in shadow; the five most frequent.',
      queries: [{ expr: `topk(5, sum by (code) (rate(spamguard_shadow_signal_disagreements_total{${of}}[$__rate_interval])))`, legend: '{{code}}' }],
    })),
]);
