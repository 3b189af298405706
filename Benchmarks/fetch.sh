#!/usr/bin/env bash
# What asking a remote costs that has nothing new: each poll of a watcher.
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

remote=$(remote_with 10000 1000 4000)
configure "$remote" "$work"
"$mooring" run --once >&2
git clone --quiet --bare "$remote" "$work/peer.git"

request=$(jq --null-input --compact-output --arg repository "$MOORING_STATE/repositories/config.git" --arg url "$remote" \
  '{kind: "fetch", $repository, $url, refspecs: ["+refs/heads/main:refs/remotes/origin/main"], updates: []}')
ours() { "$mooring" transfer <<<"$request"; }
theirs() { git -C "$work/peer.git" fetch "$remote" +refs/heads/main:refs/heads/main; }

ours=$(median_of 21 ours)
grep --quiet fetched "$work/output" || { cat "$work/output" >&2; exit 1; }
theirs=$(median_of 21 theirs)

echo "A local remote of 10,000 commits that has nothing new. Both are whole processes."
echo
heading
table "a fetch in its child process, against \`git fetch\`" "$(ms "$ours")" "$(ms "$theirs")" "$(ratio "$ours" "$theirs")" ""
