#!/usr/bin/env bash
# Breaks one thing at a time in a healthy setup: an image is deleted, a tag moves, a selector changes, a column goes too early,
# a backup is stale, a conflict is in the way, and whatever else there is a rule for. The right rule finds each, at its place,
# and no other does; a healthy setup, and a change of the same kind that is in order, find nothing. 400 cases, against a real
# docker-registry.
#
# usage: readiness.sh [--cases N] [--seconds S] [--seed S] [--keep]
#
# SOAK_SLICE and SOAK_SEED do the same as the second and the third.
set -euo pipefail
command -v docker-registry >/dev/null || { echo "   skipped: there is no docker-registry"; exit 0; }
exec python3 "$(dirname "${BASH_SOURCE[0]}")/readiness/readiness.py" "$@"
