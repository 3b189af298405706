#!/usr/bin/env bash
# Kills Mooring 200 times in the middle of applying to a cluster, pruning it and putting it back, starts it again, and looks
# whether the inventory is right, nothing of ours was forgotten, and nothing of others was touched.
#
# usage: cluster.sh [--kills N] [--seed S] [--keep]
#
# With SOAK_SLICE set there are as many kills as fit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
scripts/kube-control-plane build >&2
scripts/kube-control-plane start --without controllers --without kubelet --with-parent $$ "$folder/plane" \
  >"$folder/started" 2>&1 </dev/null || { cat "$folder/started" >&2; exit 1; }
if [[ -n ${SOAK_SLICE:-} ]]; then set -- --seconds "$SOAK_SLICE" "$@"; fi
status=0
python3 Tests/Soak/cluster/cluster.py "$MOORING_BIN" "$folder/plane" "$@" || status=$?
scripts/kube-control-plane stop "$folder/plane"
exit "$status"
