#!/usr/bin/env bash
# Verifying and reading journals of 10,000 and 100,000 events, beside `git fsck` and `git log` of the same repositories.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

runs=${BENCH_RUNS:-5}
large=${BENCH_EVENTS:-100000}

# A state directory whose journal has so many events, packed as the watcher would. In memory, where there is some: each append
# is durable before the next.
fast=/dev/shm
[[ -w $fast ]] || fast=$work
journal_of() {
  echo "   making a journal of $1 events" >&2
  local made
  made=$(mktemp --directory --tmpdir="$fast")
  "${BENCH_BIN:?}/JournalBench" story "$made/state" "$1" >"$work/made-$1"
  cp --recursive "$made/state" "$work/state-$1"
  rm -rf "$made"
  configure /nonexistent "$work/site-$1"
  export MOORING_STATE=$work/state-$1
}
size() { du --summarize --bytes "$1" | cut --fields=1; }

journal_of 10000
git=$MOORING_STATE/repositories/config.git
# Rebuilding reads every event from Git, and is what a first command does.
"$mooring" index rebuild >"$work/output"
verify=$(median_of "$runs" "$mooring" audit verify)
fsck=$(median_of "$runs" git -C "$git" fsck --strict --no-dangling)
report=$(median_of "$runs" "$mooring" audit production --output csv)

journal_of "$large"
git=$MOORING_STATE/repositories/config.git
"$mooring" index rebuild >"$work/output"
reference=refs/mooring/journal/production
log=$(median_of "$runs" "$mooring" log production)
git_log=$(median_of "$runs" git -C "$git" log --first-parent --max-count 50 --format='%cI  %s' "$reference")
kinds=$(median_of "$runs" "$mooring" log production --kind hold --since 2023-11-15)
status=$(median_of "$runs" "$mooring" status production)
moment=$(median_of "$runs" "$mooring" show production@2023-11-15T00:00:00Z file-1.yaml version)
git_moment=$(median_of "$runs" git -C "$git" log --first-parent --max-count 1 --until 2023-11-15T00:00:00Z --grep '^deploying' --format=%H "$reference")
"$mooring" takeover production >"$work/output" 2>&1
note=$(median_of "$runs" "$mooring" note production "measured")

echo "A journal of which each ten events are a release of 200 files, its deployment, a drift and its end, and notes; packed. The"
echo "larger one has $large events and takes $(($(size "$MOORING_STATE") >> 20)) MiB with its releases and the index:"
echo "$(($(size "$git") / large)) bytes an event in Git, $(($(size "$MOORING_STATE/index.sqlite") / large)) in the index. Whole processes, the median of $runs runs."
echo
heading
holds "audit verify" "$verify" 10000000
table "\`audit verify\` of 10,000 events, against \`git fsck --strict\`" "$(ms "$verify")" "$(ms "$fsck")" "$(ratio "$verify" "$fsck")" "10 s: $verdict"
table "\`audit --output csv\` of 10,000 events" "$(ms "$report")" "" "" ""
table "\`log\` of $large events, the last 50, against \`git log\`" "$(ms "$log")" "$(ms "$git_log")" "$(ratio "$log" "$git_log")" ""
table "\`log --kind\` of $large events, none of that kind" "$(ms "$kinds")" "" "" ""
table "\`status\` with $large events" "$(ms "$status")" "" "" ""
table "\`show\` of a moment long ago, against \`git log --grep\` for its commit alone" "$(ms "$moment")" "$(ms "$git_moment")" "$(ratio "$moment" "$git_moment")" ""
table "\`note\`, an append, with $large events" "$(ms "$note")" "" "" ""

exit $((failures > 0))
