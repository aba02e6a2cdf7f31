#!/usr/bin/env bash
# A plain machine: `23 2 * * * /srv/app/nightly-cron.sh` in a crontab. Takes what is on the branch, measures it, and keeps the history beside the checkout.
set -euo pipefail

checkout=${CHECKOUT:-$(dirname "$0")}
cd "$checkout"
git pull --quiet --ff-only
npm ci --no-audit --no-fund --silent

# One night at a time: two on one machine would measure each other.
exec 9> "${LOCK:-/tmp/loadline-nightly.lock}"
flock --nonblock 9 || { echo 'The last night is still running.' >&2; exit 3; }

code=0
read -ra loadline <<< "${LOADLINE:-npx --no-install loadline}"
"${loadline[@]}" nightly ${SUITE:+"$SUITE"} --history "${HISTORY:-../loadline-history}" --report "${REPORT:-../loadline-report}" || code=$?
if [ "$code" -eq 1 ] && [ -n "${ALARM_COMMAND:-}" ]; then bash -c "$ALARM_COMMAND" < "${REPORT:-../loadline-report}/comment.md"; fi
exit "$code"
