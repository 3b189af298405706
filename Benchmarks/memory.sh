#!/usr/bin/env bash
# What a watcher holds in memory while nothing happens. Tests/Soak/memory.sh does the same for longer.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

polls=${BENCH_POLLS:-300}
remote=$(remote_with 10000 100000 1000)
configure "$remote" "$work" "poll: 100ms"
"$benches/watch-memory" "$mooring" "$polls" "$remote" >"$work/memory.json"
of() { jq "$1" "$work/memory.json"; }
mb() { awk -v kb="$1" 'BEGIN { printf "%.1f MB", kb / 1024 }'; }

deployed=$(of .deployed)
middle=$(of '.samples[4]')
end=$(of '.samples[-1]')
most=$(of '.samples + [.deployed] | max')

echo "One process fetched 10,000 commits, deployed 100,000 files, and was then left alone for $polls polls, $(of .threads) threads."
echo
heading
holds "resident" "$most" $((80 * 1024))
table "resident after the deployment" "$(mb "$deployed")" "" "" "80 MB: $verdict"
table "resident in the middle of the polls" "$(mb "$middle")" "" "$(ratio "$middle" "$deployed")" ""
# Flat: a page here and there is none, a leak of a hundred bytes a poll is one.
holds "flat" "$end" $((middle + 1024))
table "resident at their end" "$(mb "$end")" "" "$(ratio "$end" "$deployed")" "flat: $verdict"
table "the most that it ever held, while it deployed" "$(mb "$(of .most)")" "" "" ""

exit $((failures > 0))
