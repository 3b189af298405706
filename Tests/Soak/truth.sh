#!/usr/bin/env bash
# Makes 5,000 random changes by hand to production, in both layouts, while the watcher watches, is down, or is killed:
# every one that lasts is told once with the right fields, values and person, and nothing else is.
#
# usage: truth.sh [--changes N] [--seed S] [--objects N] [--settle TIME] [--without-authors] [--keep]
#
# TRUTH_CHANGES and SOAK_SEED do the same as the first two. With SOAK_SLICE set there are as many as fit.
set -euo pipefail
((EUID == 0)) || { echo "   skipped: changes of owners need root"; exit 0; }
if [[ -n ${SOAK_SLICE:-} ]]; then export TRUTH_CHANGES=${TRUTH_CHANGES:-$((SOAK_SLICE * 20))}; fi
exec python3 "$(dirname "${BASH_SOURCE[0]}")/truth/truth.py" "$@"
