#!/usr/bin/env bash
# Keeps a history in a branch of its own: `history-branch.sh pull` before a night, `history-branch.sh push` after it, whatever its exit code. Every night is a file of its own, so two pushes never conflict.
set -euo pipefail

branch=${HISTORY_BRANCH:-loadline-history}
folder=${HISTORY:-nightly/history}

case ${1:-} in
  pull)
    # A remote that does not answer must not look like a first night: the history would begin again.
    refs=$(git ls-remote --heads origin "refs/heads/$branch")
    if [ -n "$refs" ]; then
      git fetch --quiet --depth 1 origin "$branch"
      git worktree add --quiet --force -B "$branch" "$folder" FETCH_HEAD
    else
      # The first night: a branch without parents.
      git worktree add --quiet --force --detach "$folder"
      git -C "$folder" checkout --quiet --orphan "$branch"
      git -C "$folder" rm -r --quiet --force .
    fi
    ;;
  push)
    git -C "$folder" add --all
    if git -C "$folder" diff --cached --quiet; then exit 0; fi
    git -C "$folder" -c user.name='Loadline nightly' -c user.email='nightly@localhost' commit --quiet -m "Night of $(date -u +%F)"
    for _ in 1 2 3 4 5; do
      if git -C "$folder" push --quiet origin "HEAD:$branch"; then exit 0; fi
      # Another night was faster.
      git -C "$folder" fetch --quiet origin "$branch"
      git -C "$folder" -c user.name='Loadline nightly' -c user.email='nightly@localhost' rebase --quiet FETCH_HEAD
    done
    echo "The history could not be pushed to $branch: its nights are in $folder." >&2
    exit 1
    ;;
  *)
    echo "Usage: history-branch.sh pull|push" >&2
    exit 2
    ;;
esac
