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
# The child stays for the next transfer, as it does for a watcher.
coproc child { exec "$mooring" transfer; }
ours() {
  local reply
  echo "$request" >&"${child[1]}"
  IFS= read -r reply <&"${child[0]}"
  echo "$reply"
  [[ $reply == *fetched* ]]
}
first() { "$mooring" transfer <<<"$request"; }
theirs() { git ls-remote "$remote"; }

ours=$(median_of 51 ours)
first=$(median_of 21 first)
theirs=$(median_of 51 theirs)

echo "A local remote of 10,000 commits that has nothing new, asked by the child process that transfers run in."
echo
heading
holds "a fetch that finds nothing new" "$(ratio "$ours" "$theirs")" 1.5
table "another fetch, against \`git ls-remote\`" "$(ms "$ours")" "$(ms "$theirs")" "$(ratio "$ours" "$theirs")" "1.5: $verdict"
table "the first one, with the child's start" "$(ms "$first")" "$(ms "$theirs")" "$(ratio "$first" "$theirs")" ""
((failures == 0))
