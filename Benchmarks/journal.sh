#!/usr/bin/env bash
# A thousand environments that write their journals at once, beside `git fast-import` of the same journals.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

environments=1000
events=3
runs=${BENCH_RUNS:-5}

for ((run = 0; run < runs; run++)); do
  "${BENCH_BIN:?}/JournalBench" "$work/state-$run" "$environments" "$events" >"$work/said"
  sed -n 's/ ms$//p' "$work/said" >>"$work/ours"
  journals=$work/state-$run/repositories/bench.git
  git -C "$journals" fsck --strict --no-dangling >&2
  refs=$(git -C "$journals" for-each-ref refs/mooring/journal | wc -l)
  commits=$(git -C "$journals" rev-list --count --glob 'refs/mooring/journal/*')
  ((refs == environments && commits == environments * events)) ||
    { echo "journal: $refs journals with $commits commits" >&2; exit 1; }

  git -C "$journals" fast-export --glob 'refs/mooring/journal/*' >"$work/stream"
  git init --quiet --bare "$work/peer-$run.git"
  import() { git -C "$work/peer-$run.git" -c core.fsync=all fast-import --quiet <"$work/stream" && sync --file-system "$work"; }
  began=$(now)
  import >&2
  echo $((($(now) - began) / 1000)) >>"$work/theirs"
done
ours=$(median <"$work/ours")
theirs=$(median <"$work/theirs")

echo "$environments environments of one state directory append $events events each, all at once, and each event is durable before"
echo "the next; the median of $runs runs. After each run all events were found again without the index, and \`git fsck\` was"
echo "content. The peer writes the same commits and references in one go, durable once at its end: no journal can."
echo
heading
holds "journal" "$ours" 2000
table "$((environments * events)) appends, against \`git fast-import\` and \`sync\`" "$ours ms" "$theirs ms" \
  "$(ratio "$ours" "$theirs")" "2 s: $verdict"

exit $((failures > 0))
