"""Asks SpamGuard. The modules spamguard.v1 and google.rpc are made by protoc, as README.md says."""

import dataclasses
import json
import logging
import math
import time
import typing
import uuid

import grpc
from google.rpc import error_details_pb2, status_pb2
from spamguard.v1 import assessment_pb2, event_pb2, feedback_service_pb2, feedback_service_pb2_grpc, scoring_service_pb2, scoring_service_pb2_grpc

log = logging.getLogger(__name__)

ALLOW = assessment_pb2.VERDICT_ALLOW
CHALLENGE = assessment_pb2.VERDICT_CHALLENGE
THROTTLE = assessment_pb2.VERDICT_THROTTLE
DENY = assessment_pb2.VERDICT_DENY

# A retry counts nothing twice: Score has its request_id, ReportOutcome its decision_token.
_CHANNEL_OPTIONS = [
    ("grpc.service_config", json.dumps({
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [{
            "name": [{"service": "spamguard.v1.ScoringService"}, {"service": "spamguard.v1.FeedbackService"}],
            "retryPolicy": {
                "maxAttempts": 3, "initialBackoff": "0.01s", "maxBackoff": "0.1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }],
    })),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.keepalive_time_ms", 10000),
    ("grpc.keepalive_timeout_ms", 5000),
    ("grpc.enable_http_proxy", 0),  # SpamGuard is within your network, whatever http_proxy says of the way out of it
]

# Seconds. An outage is over once verdicts have come for as long without a fallback: a single one between would begin the grace anew.
_STEADY = 10


@dataclasses.dataclass(frozen=True)
class Fallback:
    """What stands in for a verdict while the service gives none: lenient for half a minute, and careful from then on."""

    verdict: int = ALLOW
    grace: float = 30
    after_grace: int = CHALLENGE


@dataclasses.dataclass(frozen=True)
class Assessment:
    """What to do with an event. Without a decision_token it is the fallback's."""

    verdict: int
    source: str
    spam_probability: typing.Optional[float] = None
    reasons: typing.Tuple[str, ...] = ()
    retry_after: typing.Optional[int] = None
    decision_token: typing.Optional[str] = None


class SpamGuardError(Exception):
    """An error with its details. No text of it holds an address."""

    def __init__(self, error):
        self.code = error.code()
        self.reason = None
        self.fields = []
        self.retry_after = None
        packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        for detail in status_pb2.Status.FromString(packed).details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                self.reason = _unpacked(detail, error_details_pb2.ErrorInfo()).reason
            elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
                self.fields = [(fault.field, fault.description) for fault in _unpacked(detail, error_details_pb2.BadRequest()).field_violations]
            elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
                self.retry_after = math.ceil(_unpacked(detail, error_details_pb2.RetryInfo()).retry_delay.ToTimedelta().total_seconds())
        super().__init__("\n".join([f"{self.code.name}: {error.details()}", *(f"{field}: {fix}" for field, fix in self.fields)]))


class SpamGuard:
    """Asks SpamGuard. Make one for the whole process; it may be used by all threads.

    server: host:port, or dns:///host:port for all addresses of a name.
    ca, cert, key: files of PEM; without them nothing is encrypted.
    deadline: seconds for a verdict, retries included.
    """

    def __init__(self, server, ca=None, cert=None, key=None, deadline=0.25, fallback=Fallback()):
        if ca:
            credentials = grpc.ssl_channel_credentials(_read(ca), _read(key), _read(cert))
            self._channel = grpc.secure_channel(server, credentials, _CHANNEL_OPTIONS)
        else:
            self._channel = grpc.insecure_channel(server, _CHANNEL_OPTIONS)
        self._scoring = scoring_service_pb2_grpc.ScoringServiceStub(self._channel)
        self._feedback = feedback_service_pb2_grpc.FeedbackServiceStub(self._channel)
        self._deadline = deadline
        self._fallback = fallback
        self._away_since = self._away_at = None

    def ready(self, within=2):
        """Connects, so that the first call is as quick as any other. What is away may come later."""
        try:
            grpc.channel_ready_future(self._channel).result(timeout=within)
        except grpc.FutureTimeoutError:
            log.warning("SpamGuard is not there yet")

    def score(self, kind, address, account="", content="", request_id=None):
        """Counts an event and says what to do. Within the deadline there always is a verdict: the service's, or that of the fallback.

        address: the client's own, as text or as 4 or 16 bytes. Keep it nowhere; keep the decision_token.
        request_id: one for each event; the same one again within a minute counts nothing.
        Raises SpamGuardError of INVALID_ARGUMENT: a fault of the calling code.
        """
        source = {"address": address} if isinstance(address, str) else {"address_bytes": address}
        event = event_pb2.Event(kind=kind, account=account, content=content, **source)
        request = scoring_service_pb2.ScoreRequest(event=event, request_id=request_id or str(uuid.uuid4()))
        try:
            assessment = self._scoring.Score(request, timeout=self._deadline).assessment
        except grpc.RpcError as error:
            failure = SpamGuardError(error)
            if failure.code is grpc.StatusCode.INVALID_ARGUMENT:
                raise failure from None
            log.warning("SpamGuard gave no verdict: %s", failure)
            return self._instead(failure)
        if self._away_at is not None and time.monotonic() - self._away_at >= _STEADY:
            self._away_since = self._away_at = None
        return Assessment(
            verdict=assessment.verdict,
            source="service",
            spam_probability=assessment.spam_probability,
            reasons=tuple(reason.code for reason in assessment.reasons),
            retry_after=assessment.retry_after.seconds,
            decision_token=assessment.decision_token,
        )

    def report(self, decision_token, label, reporter=""):
        """Says what became of an event: nothing else teaches the service.

        Raises SpamGuardError of UNAVAILABLE or DEADLINE_EXCEEDED: report again later, by the same token, for 3.5 days.
        """
        request = feedback_service_pb2.ReportOutcomeRequest(decision_token=decision_token, label=label, reporter=reporter)
        try:
            return self._feedback.ReportOutcome(request, timeout=2).result
        except grpc.RpcError as error:
            raise SpamGuardError(error) from None

    def close(self):
        self._channel.close()

    def _instead(self, failure):
        # Over quota the service is there, and nobody is let in for free: no grace, and no outage. Whatever else it refuses counts as if it were away.
        verdict = self._fallback.after_grace
        if failure.code is not grpc.StatusCode.RESOURCE_EXHAUSTED:
            self._away_at = now = time.monotonic()
            self._away_since = now if self._away_since is None else self._away_since
            if now - self._away_since <= self._fallback.grace:
                verdict = self._fallback.verdict
        return Assessment(verdict, source="fallback", retry_after=failure.retry_after)


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def _unpacked(detail, message):
    detail.Unpack(message)
    return message
