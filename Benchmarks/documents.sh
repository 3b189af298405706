#!/usr/bin/env bash
# How fast manifests are read, beside the bare events of libyaml.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

"${BENCH_BIN:?}/DocumentsBench" >"$work/said"
cat "$work/said" >&2
speed() { sed -n "s/^$1: \([0-9.]*\) MB.*/\1/p" "$work/said"; }
events=$(speed "libyaml events")

echo "$(head -n 1 "$work/said"), in memory; the best of seven runs each. The peer is libyaml, its events alone."
echo
heading
while IFS='|' read -r what name bar; do
  ours=$(speed "$name")
  verdict=
  [[ -z $bar ]] || holds "$what" "$bar" "$ours"
  table "$what" "$ours MB/s" "$events MB/s" "$(ratio "$ours" "$events")" "${bar:+$bar MB/s: $verdict}"
done <<END
YAML into documents|YAML documents|15
two versions, and how they differ, field by field|file difference|
JSON into a document|JSON document|
END
echo
echo "Foundation's \`JSONSerialization\` reads the same JSON at $(speed JSONSerialization) MB/s."

exit $((failures > 0))
