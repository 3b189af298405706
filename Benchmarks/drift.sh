#!/usr/bin/env bash
# How long a change by hand takes to the journal: one, and 10,000 at once.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

quiet=${BENCH_QUIET:-20}
remote=$(remote_with 100 10000 100)
configure "$remote" "$work" "poll: 1h"
"$benches/watch-drift" "$mooring" "$work/root/app" "${BENCH_WRITES:-200}" "$quiet" >"$work/drift.json"
of() { jq "$1" "$work/drift.json"; }
mb() { awk -v kb="$1" 'BEGIN { printf "%.1f MB", kb / 1024 }'; }

half=$(of '.took[.took | length / 2 | floor]')
slow=$(of '.took[.took | length * 99 / 100 | floor]')
all=$(of .all)

echo "A watcher with fanotify and default settings looks after 10,000 files. From the write to the line that says that the"
echo "journal has it; the settling time of 250 ms is part of it."
echo
heading
holds "a write to its event" "$slow" 650
table "one write to its event, 99 of 100" "$slow ms" "" "" "650 ms: $verdict"
table "half of them" "$half ms" "" "" ""
holds "all files at once" "$all" 5000
table "$(of .files) files at once, from the first write to the last event" "$all ms" "" "" "5 s: $verdict"
table "of which writing them took" "$(of .writing) ms" "" "" ""
table "resident before, and after it all" "$(mb "$(of .before)"), $(mb "$(of .end)")" "" "" ""
table "resident at most" "$(mb "$(of .most)")" "" "" ""
table "of the processor in $quiet s in which nothing happens" "$(of .used) ms" "" "" ""
((failures == 0))
