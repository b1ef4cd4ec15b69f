#!/bin/sh
# What a sign-up form does: one sign-up for each address on standard input.  usage: sign-up.sh [arguments of curl, such as --cacert --cert --key]
# Nothing of a request is an argument of curl: ps shows those to everybody.
set -u
url=${SPAMGUARD_URL:-http://127.0.0.1:5081}
deadline=${SPAMGUARD_DEADLINE_MS:-500} # of one attempt
away_since=

# Prints the answer; fails where there is none, with 2 where the request is at fault. 503 and a broken connection are tried again: the request_id, or the token, counts nothing twice.
ask() {
  path=$1 body=$2
  shift 2
  for attempt in 1 2 3; do
    answer=$(printf '%s' "$body" | curl -sS --max-time "$(printf '%d.%03d' $((deadline / 1000)) $((deadline % 1000)))" -H 'content-type: application/json' -w '\n%{http_code}' --data-binary @- "$@" "$url$path")
    code=$(printf '%s' "$answer" | tail -n 1)
    case $code in
      200) printf '%s' "$answer" | sed '$d'; return 0 ;;
      000 | '' | 503) ;;
      *)
        printf '%s\n' "$answer" | sed '$d' >&2 # code, message and details: what to mend. It holds no address
        if [ "$code" = 400 ]; then return 2; fi
        return 1
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
  if [ "$result" = 0 ]; then
    source=service away_since=
    verdict=$(printf '%s' "$answer" | field verdict)
    # With the account keep the token and never the address: by it a moderator reports OUTCOME_LABEL_SPAM later.
    token=$(printf '%s' "$answer" | field decisionToken)
  else
    # Lenient for half a minute, and careful from then on.
    source=fallback verdict=VERDICT_ALLOW token= away_since=${away_since:-$(date +%s)}
    if [ $(($(date +%s) - away_since)) -gt 30 ]; then verdict=VERDICT_CHALLENGE; fi
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
