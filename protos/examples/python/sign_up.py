"""What a sign-up form does: one sign-up for each address on standard input."""

import argparse
import logging
import os
import sys

from spamguard.v1.assessment_pb2 import Verdict
from spamguard.v1.event_pb2 import EVENT_KIND_SIGN_UP
from spamguard.v1.feedback_service_pb2 import OUTCOME_LABEL_CHALLENGE_FAILED, OUTCOME_LABEL_CHALLENGE_PASSED
from spamguard_client import ALLOW, CHALLENGE, DENY, THROTTLE, SpamGuard, SpamGuardError

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--server", default=os.environ.get("SPAMGUARD_ADDRESS", "127.0.0.1:5080"))
parser.add_argument("--deadline", type=float, default=int(os.environ.get("SPAMGUARD_DEADLINE_MS", "250")) / 1000, help="seconds")
parser.add_argument("--ca")
parser.add_argument("--cert")
parser.add_argument("--key")
parser.add_argument("--solve", action="store_true", help="challenges are passed")
flags = parser.parse_args()
logging.basicConfig(format="%(message)s")


def sign_up(assessment):
    if assessment.verdict == ALLOW:
        # With the account keep decision_token and never the address: by it a moderator reports OUTCOME_LABEL_SPAM later.
        return "welcome"
    if assessment.verdict == THROTTLE:
        return f"not now, try again in {assessment.retry_after or 60} s"
    if assessment.verdict == DENY:
        return "no"  # whoever objects can hand decision_token to support
    # CHALLENGE, or a verdict of a later version: here the form would ask for proof. A fallback has no token, and there is nothing to report then.
    if assessment.verdict == CHALLENGE and assessment.decision_token:
        report(assessment.decision_token, OUTCOME_LABEL_CHALLENGE_PASSED if flags.solve else OUTCOME_LABEL_CHALLENGE_FAILED)
    return "welcome, the challenge is passed" if flags.solve else "the challenge is not passed"


def report(decision_token, label):
    # A report that fails is nothing to whoever signs up. One that matters, as a moderator's, would be sent again later.
    try:
        spam_guard.report(decision_token, label)
    except SpamGuardError as error:
        logging.warning("not reported: %s", error)


spam_guard = SpamGuard(flags.server, flags.ca, flags.cert, flags.key, flags.deadline)
spam_guard.ready()
for line in sys.stdin:
    assessment = spam_guard.score(EVENT_KIND_SIGN_UP, line.strip())
    probability = "-" if assessment.spam_probability is None else f"{assessment.spam_probability:.2f}"
    print(f"{Verdict.Name(assessment.verdict)} {probability} by {assessment.source}: {sign_up(assessment)}")
spam_guard.close()
