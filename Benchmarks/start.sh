#!/usr/bin/env bash
# How long `mooring status` takes, and counting the releases of a repository that is met for the first time.
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

remote=$(remote_with 10000 1000 4000)
configure "$remote" "$work"
"$mooring" run --once >&2
clone=$MOORING_STATE/repositories/config.git
tip=$(git -C "$clone" rev-parse refs/remotes/origin/main 2>/dev/null || git -C "$remote" rev-parse main)

peer() { git -C "$clone" log --first-parent --format=%H "$tip" -- environments/production; }
recount() {
  rm -f "$MOORING_STATE"/index.sqlite*
  "$mooring" releases production --limit 1
}
releases=$("$mooring" releases production --limit 0 --output json | jq '.environments // .releases | length')
commits=$(peer | wc -l)
((releases == commits)) || { echo "start: $releases releases, and git counts $commits commits" >&2; exit 1; }

status=$(median_of 21 "$mooring" status)
version=$(median_of 21 "$mooring" --version)
git=$(median_of 21 git -C "$clone" log -1 "$tip")
catalogue=$(median_of 5 recount)
log=$(median_of 5 peer)

echo "A repository of 10,000 commits (first parents) and 5,000 files, of which $releases commits change production's 1,000."
echo
heading
holds "status" "$status" 50000
table "\`mooring status\`, whole process, against \`git log -1\`" "$(ms "$status")" "$(ms "$git")" \
  "$(ratio "$status" "$git")" "50 ms: $verdict"
table "of which starting the program: \`mooring --version\`" "$(ms "$version")" "" "" ""
holds "catalogue" "$catalogue" $((2 * log))
table "counting all releases, \`mooring releases\` without an index, against \`git log --first-parent -- PATH\`" "$(ms "$catalogue")" \
  "$(ms "$log")" "$(ratio "$catalogue" "$log")" "2: $verdict"

exit $((failures > 0))
