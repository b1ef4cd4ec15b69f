import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

// All of the interface in one file. Copy it beside this one and mend the path. Fields have the names of the protos: request_id, not requestId.
const descriptor = readFileSync(new URL('../../spamguard.binpb', import.meta.url));
const spec = loader.loadFileDescriptorSetFromBuffer(descriptor, { enums: String, longs: Number, defaults: true, arrays: true });
const { ScoringService, FeedbackService } = grpc.loadPackageDefinition(spec).spamguard.v1;

// A retry counts nothing twice: Score has its request_id, ReportOutcome its decision_token.
const channelOptions = {
  'grpc.service_config': JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [{
      name: [{ service: 'spamguard.v1.ScoringService' }, { service: 'spamguard.v1.FeedbackService' }],
      retryPolicy: { maxAttempts: 3, initialBackoff: '0.01s', maxBackoff: '0.1s', backoffMultiplier: 2, retryableStatusCodes: ['UNAVAILABLE'] },
    }],
  }),
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.keepalive_time_ms': 10000,
  'grpc.keepalive_timeout_ms': 5000,
  'grpc.enable_http_proxy': 0, // SpamGuard is within your network, whatever http_proxy says of the way out of it
};

// What stands in for a verdict while the service gives none: lenient for half a minute, and careful from then on.
const defaultFallback = { verdict: 'VERDICT_ALLOW', graceMs: 30_000, afterGrace: 'VERDICT_CHALLENGE' };

// An outage is over once verdicts have come for as long without a fallback: a single one between would begin the grace anew.
const steadyMs = 10_000;

/** Asks SpamGuard. Make one for the whole process. */
export class SpamGuard {
  #scoring;
  #feedback;
  #deadlineMs;
  #fallback;
  #awaySince;
  #awayAt;

  /**
   * @param {string} server host:port, or dns:///host:port for all addresses of a name
   * @param {{ca: string, cert: string, key: string}} [tls] files of PEM; without them nothing is encrypted
   */
  constructor({ server, tls, deadlineMs = 250, fallback = {} }) {
    const credentials = tls
      ? grpc.credentials.createSsl(readFileSync(tls.ca), readFileSync(tls.key), readFileSync(tls.cert))
      : grpc.credentials.createInsecure();
    this.#scoring = new ScoringService(server, credentials, channelOptions);
    this.#feedback = new FeedbackService(server, credentials, channelOptions); // the same connection
    this.#deadlineMs = deadlineMs;
    this.#fallback = { ...defaultFallback, ...fallback };
  }

  /** Connects, so that the first call is as quick as any other. Resolves either way: what is away may come. */
  ready(withinMs = 2000) {
    return new Promise(resolve => this.#scoring.waitForReady(Date.now() + withinMs, resolve));
  }

  /**
   * Counts an event and says what to do. Within the deadline there always is a verdict: the service's, or that of the fallback.
   * @param {'EVENT_KIND_SIGN_UP' | 'EVENT_KIND_MESSAGE'} event.kind
   * @param {string | Uint8Array} event.address the client's own: text, or 4 or 16 bytes. Keep it nowhere; keep the decisionToken.
   * @param {string} [requestId] one for each event; the same one again within a minute counts nothing
   * @throws {SpamGuardError} INVALID_ARGUMENT: a fault of the calling code
   */
  async score({ kind, address, account, content }, requestId = randomUUID()) {
    const event = { kind, account, content, ...(typeof address === 'string' ? { address } : { address_bytes: address }) };
    try {
      const { assessment } = await call(this.#scoring, 'Score', { event, request_id: requestId }, this.#deadlineMs);
      if (performance.now() - this.#awayAt >= steadyMs) this.#awaySince = this.#awayAt = undefined;
      return {
        verdict: assessment.verdict,
        spamProbability: assessment.spam_probability,
        reasons: assessment.reasons.map(reason => reason.code),
        retryAfterSeconds: assessment.retry_after?.seconds,
        decisionToken: assessment.decision_token,
        source: 'service',
      };
    } catch (error) {
      if (error.code === grpc.status.INVALID_ARGUMENT) throw error;
      return { verdict: this.#instead(error.code), reasons: [], retryAfterSeconds: error.retryAfterSeconds, source: 'fallback', cause: error };
    }
  }

  /**
   * Says what became of an event: nothing else teaches the service.
   * @param {'OUTCOME_LABEL_LEGITIMATE' | 'OUTCOME_LABEL_SPAM' | 'OUTCOME_LABEL_CHALLENGE_PASSED' | 'OUTCOME_LABEL_CHALLENGE_FAILED'} label
   * @throws {SpamGuardError} UNAVAILABLE, DEADLINE_EXCEEDED: report again later, by the same token, for 3.5 days
   */
  async report(decisionToken, label, reporter) {
    return (await call(this.#feedback, 'ReportOutcome', { decision_token: decisionToken, label, reporter }, 2000)).result;
  }

  close() {
    this.#scoring.close();
    this.#feedback.close();
  }

  // Over quota the service is there, and nobody is let in for free: no grace, and no outage. Whatever else it refuses counts as if it were away.
  #instead(code) {
    const { verdict, graceMs, afterGrace } = this.#fallback;
    if (code === grpc.status.RESOURCE_EXHAUSTED) return afterGrace;
    this.#awayAt = performance.now();
    this.#awaySince ??= this.#awayAt;
    return this.#awayAt - this.#awaySince > graceMs ? afterGrace : verdict;
  }
}

/** An error with its details. No text of it holds an address. */
export class SpamGuardError extends Error {
  constructor(error) {
    const details = detailsOf(error);
    const fields = details['google.rpc.BadRequest']?.field_violations ?? [];
    super([`${grpc.status[error.code]}: ${error.details}`, ...fields.map(fault => `${fault.field}: ${fault.description}`)].join('\n'));
    this.code = error.code;
    this.reason = details['google.rpc.ErrorInfo']?.reason; // for example ADDRESS_MALFORMED is one of a field, QUOTA_EXCEEDED one of a call
    this.fields = fields.map(({ field, reason, description }) => ({ field, reason, description }));
    const delay = details['google.rpc.RetryInfo']?.retry_delay;
    this.retryAfterSeconds = delay && delay.seconds + Math.ceil(delay.nanos / 1e9);
  }
}

function call(client, method, request, deadlineMs) {
  return new Promise((resolve, reject) => client[method](request, { deadline: Date.now() + deadlineMs }, (error, answer) =>
    error ? reject(new SpamGuardError(error)) : resolve(answer)));
}

function detailsOf(error) {
  const [packed] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const details = packed ? spec['google.rpc.Status'].deserialize(packed).details : [];
  return Object.fromEntries(details.map(({ type_url, value }) => [type_url.split('/')[1], value])
    .filter(([type]) => spec[type])
    .map(([type, value]) => [type, spec[type].deserialize(value)]));
}
