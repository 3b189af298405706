#!/usr/bin/env bash
# 200 environments on 20 repositories, 10 of which hang: what the others notice of it.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

poll=2
"$benches/watch-many" "$mooring" "$work" 20 10 10 "$poll" "${BENCH_ROUNDS:-5}" >"$work/many.json"
of() { jq "$1" "$work/many.json"; }
mb() { awk -v kb="$1" 'BEGIN { printf "%.1f MB", kb / 1024 }'; }

slowest=$(of '.took[-1]')
median=$(of '.took[.took | length / 2 | floor]')
most=$(of .most)

echo "20 repositories, of which 10 take connections and say nothing, with 10 environments each; polled every $poll s, give or"
echo "take a tenth. Each of the other 10 gets a commit for all its environments: from the first push to the new release."
echo
heading
holds "a commit is noticed and deployed" "$slowest" $(((poll + 1) * 1000))
table "the slowest of $(of '.took | length') deployments" "$slowest ms" "" "" "$poll s + 1 s: $verdict"
table "half of them" "$median ms" "" "" ""
table "the last of the first deployments, from the watcher's start" "$(of '.first[-1]') ms" "" "" ""
holds "resident" "$most" $((120 * 1024))
table "resident at most" "$(mb "$most")" "" "" "120 MB: $verdict"
table "all $(of .processes) processes, what they share divided" "$(mb "$(of .family)")" "" "" ""
((failures == 0))
