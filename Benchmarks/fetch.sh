#!/usr/bin/env bash
# What asking a remote costs that has nothing new: each poll of a watcher.
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"
# shellcheck source=Benchmarks/servers.bash
source "$(dirname "${BASH_SOURCE[0]}")/servers.bash"

remote=$(remote_with 10000 1000 4000)
configure "$remote" "$work"
"$mooring" run --once >&2
serve_https "$remote"
serve_ssh "$remote"

request() { # URL, lines of what gets in there
  jq --null-input --compact-output --arg repository "$MOORING_STATE/repositories/config.git" --arg url "$1" \
    "{kind: \"fetch\", \$repository, \$url, refspecs: [\"+refs/heads/main:refs/remotes/origin/main\"], updates: [],
      access: ({allowHTTP: false, stallMilliseconds: 30000} + {$2})}"
}
# The child stays for the next transfer, as it does for a watcher.
open_child() {
  coproc child { exec "$mooring" transfer; }
  # The descriptors of a coprocess don't reach subshells.
  exec {to_child}>&"${child[1]}" {from_child}<&"${child[0]}"
}
# shellcheck disable=SC2154 # child_PID is of coproc
close_child() {
  exec {to_child}>&- {from_child}<&-
  kill "$child_PID" 2>/dev/null || true
  wait "$child_PID" 2>/dev/null || true
}
ours() {
  local reply
  echo "$asked" >&"$to_child"
  IFS= read -r reply <&"$from_child"
  echo "$reply"
  [[ $reply == *fetched* ]]
}
first() { "$mooring" transfer <<<"$asked"; }
theirs() { git ls-remote "$url"; }
export GIT_SSL_CAINFO=$work/ca.pem GIT_SSH_COMMAND="ssh -F none -i $work/key -o IdentitiesOnly=yes -o UserKnownHostsFile=$work/known_hosts"

compare() { # what, URL, lines of what gets in there
  url=$2
  asked=$(request "$2" "${3:-}")
  open_child
  local another first peer
  another=$(median_of 51 ours)
  close_child
  first=$(median_of 21 first)
  peer=$(median_of 51 theirs)
  holds "a fetch over $1 that finds nothing new" "$(ratio "$another" "$peer")" 1.5
  table "$1: another fetch, against \`git ls-remote\`" "$(ms "$another")" "$(ms "$peer")" "$(ratio "$another" "$peer")" "1.5: $verdict"
  table "$1: the first one, with the child's start" "$(ms "$first")" "$(ms "$peer")" "$(ratio "$first" "$peer")" ""
}

echo "A remote of 10,000 commits that has nothing new, asked by the child process that transfers run in: by its path, by"
echo "nginx and \`git http-backend\` over TLS, and by sshd."
echo
heading
compare "a path" "$remote"
compare HTTPS "$https_url" "caFile: \"$work/ca.pem\""
compare SSH "$ssh_url" \
  "ssh: {key: \"$work/key\", knownHosts: \"$work/known_hosts\", agent: false, certAuthority: false}"
((failures == 0))
