// What a sign-up form does: one sign-up for each address on standard input.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { SpamGuard } from './spamguard.js';

const { values: flags } = parseArgs({
  options: {
    server: { type: 'string', default: process.env.SPAMGUARD_ADDRESS ?? '127.0.0.1:5080' },
    deadline: { type: 'string', default: process.env.SPAMGUARD_DEADLINE_MS ?? '250' },
    ca: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    solve: { type: 'boolean', default: false }, // whether challenges are passed
  },
});

const spamGuard = new SpamGuard({ server: flags.server, tls: flags.ca && flags, deadlineMs: Number(flags.deadline) });
await spamGuard.ready();

for await (const address of createInterface({ input: process.stdin })) {
  const assessment = await spamGuard.score({ kind: 'EVENT_KIND_SIGN_UP', address });
  const probability = assessment.spamProbability?.toFixed(2) ?? '-';
  console.log(`${assessment.verdict} ${probability} by ${assessment.source}: ${await signUp(assessment)}`);
  if (assessment.cause) console.error(assessment.cause.message);
}

spamGuard.close();

// A report that fails is nothing to whoever signs up. One that matters, as a moderator's, would be sent again later.
async function report(decisionToken, label) {
  try {
    await spamGuard.report(decisionToken, label);
  } catch (error) {
    console.error(`not reported: ${error.message}`);
  }
}

async function signUp({ verdict, retryAfterSeconds, decisionToken }) {
  switch (verdict) {
    case 'VERDICT_ALLOW':
      // With the account keep decisionToken and never the address: by it a moderator reports OUTCOME_LABEL_SPAM later.
      return 'welcome';
    case 'VERDICT_CHALLENGE':
      // Here the form would ask for proof. A fallback has no token, and there is nothing to report then.
      if (decisionToken) await report(decisionToken, flags.solve ? 'OUTCOME_LABEL_CHALLENGE_PASSED' : 'OUTCOME_LABEL_CHALLENGE_FAILED');
      return flags.solve ? 'welcome, the challenge is passed' : 'the challenge is not passed';
    case 'VERDICT_THROTTLE':
      return `not now, try again in ${retryAfterSeconds ?? 60} s`;
    case 'VERDICT_DENY':
      return 'no'; // whoever objects can hand decisionToken to support
    default:
      return 'the challenge is not passed'; // a verdict of a later version
  }
}
