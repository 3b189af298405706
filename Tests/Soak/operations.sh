#!/usr/bin/env bash
# Colleagues push, merge, rewrite and revert, operators roll back, hold, heal and adopt (two at once, too), the remote goes
# away and refuses, production is changed by hand, and whatever runs is killed: 10,000 steps in any order, and at every rest
# production is a whole stored release, Git agrees with it or says why not, and nothing that is in quarantine was deployed.
#
# usage: operations.sh [--steps N] [--seed S] [--seconds S] [--keep]
#
# Without a seed it is 20 of them, one after the other. With SOAK_SLICE set it is one, and as many steps as fit.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
seeds=(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
[[ -z ${SOAK_SLICE:-}${SOAK_SEED:-} && $* != *--seed* ]] || exec python3 "$here/operations/operations.py" "$@"
for seed in "${seeds[@]}"; do python3 "$here/operations/operations.py" --seed "$seed" "$@"; done
