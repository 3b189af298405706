#!/usr/bin/env bash
# A watcher that is left alone for 10,000 polls holds no more at their end than after the first tenth of them.
#
# BENCH_POLLS says otherwise how many. With SOAK_SLICE set there are as many as fit, on a smaller repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
polls=${BENCH_POLLS:-10000} commits=10000 files=100000
if [[ -n ${SOAK_SLICE:-} ]]; then
  # A poll is a tenth of a second and what a fetch takes; half of the time is for what comes before.
  polls=$((SOAK_SLICE * 2)) commits=500 files=2000
fi

Benchmarks/history "$work/remote.git" "$commits" "$files" 1000
mkdir "$work/root"
cat >"$work/mooring.yaml" <<END
repositories:
  config: { url: "$work/remote.git", poll: 100ms }
environments:
  production:
    repository: config
    path: environments/production
    target: { host: { root: "$work/root/app" } }
END
MOORING_CONFIG=$work/mooring.yaml MOORING_STATE=$work/state \
  Benchmarks/watch-memory "$MOORING_BIN" "$polls" "$work/remote.git" >"$work/memory.json" 2>"$work/said" ||
  { tail --lines=20 "$work/said" >&2; exit 1; }
jq --raw-output '"   \(.polls) polls; kilobytes resident: \([.deployed] + .samples | map(tostring) | join(" "))"' "$work/memory.json"

# A leak of a hundred bytes a poll is a megabyte; less than that is pages that come and go.
jq --exit-status '.samples[-1] <= .samples[0] + 1024' "$work/memory.json" >/dev/null ||
  { echo "memory: it grows" >&2; exit 1; }
((files < 100000)) || jq --exit-status '([.deployed] + .samples | max) <= 80 * 1024' "$work/memory.json" >/dev/null ||
  { echo "memory: over 80 MB" >&2; exit 1; }
