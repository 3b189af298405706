#!/usr/bin/env bash
# Undoes 2,000 commits in commented YAML, JSON, TOML and env files beside which others changed something later, by field where
# `git revert` stops, and has Python's own readers say what each should have become.
#
# REVERT_CORPUS is how many, SOAK_SEED the seed. With SOAK_SLICE set there are as many as fit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if [[ -n ${SOAK_SLICE:-} ]]; then export REVERT_CORPUS=${REVERT_CORPUS:-$((SOAK_SLICE * 20))}; fi
export REVERT_CORPUS=${REVERT_CORPUS:-2000}
swift test --disable-xctest --filter RevertCorpusTests
