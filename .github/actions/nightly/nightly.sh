#!/usr/bin/env bash
# Runs the suite, puts what changed into the job's summary, and ends as the suite did. Also of use outside of GitHub: the variables are those of action.yml.
set -euo pipefail

read -ra loadline <<< "${LOADLINE:-npx --no-install loadline}"
read -ra options <<< "${OPTIONS:-}"
report=${REPORT:-nightly}
arguments=(nightly)
if [ -n "${SUITE:-}" ]; then arguments+=("$SUITE"); fi
# A comparison appends nothing to a history.
if [ -n "${AGAINST:-}" ]; then arguments+=(--against "$AGAINST"); else arguments+=(--history "${HISTORY:-nightly/history}"); fi
arguments+=(--report "$report" "${options[@]}")

code=0
"${loadline[@]}" "${arguments[@]}" || code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$report/comment.md" ]; then cat "$report/comment.md" >> "$GITHUB_STEP_SUMMARY"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "exit-code=$code" >> "$GITHUB_OUTPUT"; fi
exit "$code"
