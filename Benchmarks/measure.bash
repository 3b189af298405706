# What the benchmarks measure with; read by them, not run.
# shellcheck shell=bash disable=SC2034

set -euo pipefail

# A folder of this benchmark's own, and one that a whole run of scripts/bench shares.
work=$(mktemp -d)
[[ -n ${BENCH_WORK:-} ]] || BENCH_WORK=$work/shared
watcher=
clear_up() {
  if [[ -n $watcher ]]; then
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
  fi
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap clear_up EXIT
mkdir -p "$BENCH_WORK"

mooring=${MOORING_BIN:?scripts/bench runs this, and says where the program is}
# Git as it is without anybody's configuration, and without a fetch that begins to tidy up.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_CONFIG_COUNT=3 GIT_CONFIG_KEY_0=user.name GIT_CONFIG_VALUE_0=Bench \
  GIT_CONFIG_KEY_1=user.email GIT_CONFIG_VALUE_1=bench@example.com GIT_CONFIG_KEY_2=gc.auto GIT_CONFIG_VALUE_2=0

benches=$(dirname "${BASH_SOURCE[0]}")

# The path of a repository of so many commits, files of production and other files: a copy of one that is made once a
# run, because journals are pushed to it.
remote_with() {
  local history=$BENCH_WORK/history-$1-$2-$3.git
  if [[ ! -d $history ]]; then echo "   making a repository of $1 commits, $2 and $3 files" >&2; fi
  "$benches/history" "$history" "$@"
  cp --recursive "$history" "$work/remote.git"
  echo "$work/remote.git"
}

# Writes a configuration: remote, folder for everything, lines for the repository.
configure() {
  mkdir -p "$2/root"
  cat >"$2/mooring.yaml" <<END
repositories:
  config: { url: "$1"${3:+, $3} }
environments:
  production:
    repository: config
    path: environments/production
    target: { host: { root: "$2/root/app" } }
END
  export MOORING_CONFIG=$2/mooring.yaml MOORING_STATE=$2/state
}

now() { echo "${EPOCHREALTIME/[.,]/}"; } # microseconds

# Runs a command, and says on standard output how many microseconds it took. Its own output goes to $work/output.
microseconds() {
  local began ended status=0
  began=${EPOCHREALTIME/[.,]/}
  "$@" >"$work/output" 2>&1 </dev/null || status=$?
  ended=${EPOCHREALTIME/[.,]/}
  if ((status != ${expected_status:-0})); then
    echo "$* ended with $status:" >&2
    tail --lines=20 "$work/output" >&2
    return 1
  fi
  echo $((ended - began))
}

# The median of the numbers on standard input.
median() { sort --numeric-sort | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : 0 }'; }

# The median of so many runs of a command, in microseconds; the first, which warms caches, doesn't count.
median_of() {
  local runs=$1 run
  shift
  microseconds "$@" >/dev/null
  for ((run = 0; run < runs; run++)); do microseconds "$@"; done | median
}

ms() { awk -v us="$1" 'BEGIN { printf us < 10000 ? "%.1f ms" : "%.0f ms", us / 1000 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'; }

failures=0
# Holds a figure to its bar: holds WHAT FIGURE BAR, both of one unit; the answer stands in the table.
holds() {
  if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a <= b) }'; then verdict=held; else
    verdict="**missed**"
    failures=$((failures + 1))
    echo "   missed: $1" >&2
  fi
}

table() { printf '| %s | %s | %s | %s | %s |\n' "$@"; }
heading() {
  table "what" "Mooring" "peer" "ratio" "bar"
  table "---" "---:" "---:" "---:" "---"
}
