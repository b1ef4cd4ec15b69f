#!/bin/sh
# What a sign-up form does: one sign-up for each address on standard input.  usage: sign-up.sh [arguments of curl, such as --cacert --cert --key]
# Nothing of a request is an argument of curl: ps shows those to everybody. And no proxy: SpamGuard is within your network, whatever http_proxy says of the way out of it.
set -u
url=${SPAMGUARD_URL:-http://127.0.0.1:5081}
deadline=${SPAMGUARD_DEADLINE_MS:-500} # of one attempt
away_since= away_at=

# Prints the answer; fails where there is none, with 2 where the request is at fault and 3 over quota. 503 and a broken connection are tried again: the request_id, or the token, counts nothing twice.
ask() {
  path=$1 body=$2
  shift 2
  for attempt in 1 2 3; do
    answer=$(printf '%s' "$body" | curl -sS --noproxy '*' --max-time "$(printf '%d.%03d' $((deadline / 1000)) $((deadline % 1000)))" -H 'content-type: application/json' -w '\n%{http_code}' --data-binary @- "$@" "$url$path")
    code=$(printf '%s' "$answer" | tail -n 1)
    case $code in
      200) printf '%s' "$answer" | sed '$d'; return 0 ;;
      000 | '' | 503) ;;
      *)
        printf '%s\n' "$answer" | sed '$d' >&2 # code, message and details: what to mend. It holds no address
        case $code in
          400) return 2 ;;
          429) return 3 ;;
          *) return 1 ;;
        esac
        ;;
    esac
  done
  return 1
}

# A text or a number of a JSON object without nested ones of that name. With jq: jq -r .assessment.verdict
field() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }

report() {
  label=$1
  shift
  ask /v1/events:report "{\"decisionToken\":\"$token\",\"label\":\"$label\"}" "$@" >/dev/null
}

while read -r address; do
  case $address in
    '' | *[!0-9A-Fa-f.:]*)
      echo 'not an address' >&2 # nor what belongs into JSON
      exit 2
      ;;
  esac
  id=$(uuidgen 2>/dev/null || cat /proc/sys/kernel/random/uuid)
  answer=$(ask /v1/events:score "{\"event\":{\"kind\":\"EVENT_KIND_SIGN_UP\",\"address\":\"$address\"},\"request_id\":\"$id\"}" "$@")
  result=$?
  if [ "$result" = 2 ]; then exit 2; fi
  now=$(date +%s)
  if [ "$result" = 0 ]; then
    source=service
    # An outage is over once verdicts have come for ten seconds without a fallback: a single one between would begin the half minute anew.
    if [ -n "$away_at" ] && [ $((now - away_at)) -ge 10 ]; then away_since= away_at=; fi
    verdict=$(printf '%s' "$answer" | field verdict)
    # With the account keep the token and never the address: by it a moderator reports OUTCOME_LABEL_SPAM later.
    token=$(printf '%s' "$answer" | field decisionToken)
  else
    # Over quota the service is there, and nobody is let in for free. Away, or whatever else it refuses: lenient for half a minute, and careful from then on.
    source=fallback verdict=VERDICT_CHALLENGE token=
    if [ "$result" != 3 ]; then
      away_at=$now away_since=${away_since:-$now}
      if [ $((now - away_since)) -le 30 ]; then verdict=VERDICT_ALLOW; fi
    fi
  fi
  case $verdict in
    VERDICT_ALLOW) action=welcome ;;
    VERDICT_THROTTLE) action="not now, try again in $(printf '%s' "$answer" | field retryAfter)" ;;
    VERDICT_DENY) action=no ;;
    *)
      action='the challenge is not passed' # here the form would ask for proof
      if [ -n "$token" ]; then report OUTCOME_LABEL_CHALLENGE_FAILED "$@"; fi
      ;;
  esac
  echo "$verdict by $source: $action"
done
