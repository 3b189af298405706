#!/usr/bin/env bash
# Holds `mooring history` and `mooring blame` against an oracle in Python, for every field of random histories with merges,
# renames, moves, reverts and broken files: 20 seeds, or with SOAK_SLICE set as many as fit, from a seed that is printed.
#
# usage: history.sh [--seeds N] [--first SEED] [--commits N]
set -euo pipefail
folder=$(dirname "${BASH_SOURCE[0]}")/history
if [[ -n ${SOAK_SLICE:-} ]]; then
  set -- --seeds "$((SOAK_SLICE / 20 + 1))" --first "$((${SOAK_SEED:-$RANDOM} + 100))" "$@"
fi
exec python3 -B "$folder/check.py" --mooring "${MOORING_BIN:?scripts/soak says where the program is}" "$@"
