#!/usr/bin/env bash
# Stops Mooring once at every mutating system call of deployments, rollbacks, appends and pushes, also with everything
# lost that wasn't synced; restarts it, and looks whether production, the journal and both repositories are whole.
#
# usage: crash.sh [--scenario NAME]… [--way stop|lost|names|mixed] [--point N] [--seed S] [--slice SECONDS]
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/crash/crash.py" "$@"
