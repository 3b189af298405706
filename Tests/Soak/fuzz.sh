#!/usr/bin/env bash
# Throws bytes at every parser of what others wrote: no crash, no hang, no memory without end.
#
# usage: Tests/Soak/fuzz.sh [--target NAME] [--input FILE] [--seconds SECONDS]
#   --target NAME       that parser alone; `MooringFuzz list` names them all. `self-test` is none: it has a fault, and
#                       this succeeds if that is found, kept, and found again in what was kept
#   --input FILE        tries that file once: what a finding says to do
#   --seconds SECONDS   for each parser, instead of an hour
#
# With SOAK_SLICE set, all parsers share so many seconds: seeded mutation in the build that the other tests use. Without
# it each has an hour of libFuzzer, guided by coverage and under AddressSanitizer, in a build of its own (.build-fuzz,
# some ten minutes the first time). SOAK_SEED repeats a slice. Findings and what libFuzzer learnt are in FUZZ_FOLDER
# (.build-fuzz/fuzz). One input may take 5 seconds of the processor, a parser 1 GiB of memory.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage() { sed --quiet 's/^# usage: /usage: /p' "${BASH_SOURCE[0]}" >&2; exit 64; }
target='' input='' seconds=''
while (($#)); do
  case $1 in
    --target) target=${2:-} ;;
    --input) input=${2:-} ;;
    --seconds) seconds=${2:-} ;;
    *) usage ;;
  esac
  [[ $# -ge 2 && -n $2 ]] || usage
  shift 2
done
[[ -z $seconds || $seconds =~ ^[1-9][0-9]*$ ]] || usage
[[ -z $input || -n $target ]] || usage

folder=${FUZZ_FOLDER:-$PWD/.build-fuzz/fuzz}
seed=${SOAK_SEED:-$RANDOM}
mkdir -p "$folder/findings"
# Swift's own backtraces take minutes with a sanitizer's many symbols.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:abort_on_error=1

runtime() { find "$(dirname "$(readlink --canonicalize "$(command -v swiftc)")")/../lib/clang" \
  -name "libclang_rt.fuzzer_no_main-$(uname --machine).a" -print -quit; }

plain_build() {
  scripts/build --product MooringFuzz
  program=$(swift build --show-bin-path)/MooringFuzz
}

guided_build() {
  local library=$1
  # Coverage of the dependencies isn't wanted, but a package has one set of flags.
  local flags=(--product MooringFuzz --scratch-path .build-fuzz -Xswiftc -sanitize=address
    -Xswiftc '-sanitize-coverage=edge,inline-8bit-counters,pc-table' -Xswiftc -DCOVERAGE_GUIDED
    -Xlinker "$library" -Xlinker -lstdc++)
  scripts/build "${flags[@]}"
  program=$(swift build "${flags[@]}" --show-bin-path)/MooringFuzz
}

found() { # name, file
  printf '   %s: FOUND; again with: Tests/Soak/fuzz.sh --target %s --input %s\n' "$1" "$1" "$2" >&2
  failures=$((failures + 1))
}

mutate() { # name, seconds
  local current=$folder/$1.current kept
  if "$program" "$1" mutate "$2" "$seed" "$current" >"$folder/$1.log" 2>&1; then
    rm -f "$current"
    sed 's/^/   /' "$folder/$1.log"
    return
  fi
  kept=$folder/findings/$1-$(sha1sum "$current" | cut --characters=1-12)
  mv "$current" "$kept"
  grep --text --max-count=1 'Fatal error' "$folder/$1.log" >&2 || tail --lines=5 "$folder/$1.log" >&2
  found "$1" "$kept"
}

cover() { # name, seconds
  local corpus=$folder/corpus/$1 prefix=$folder/findings/$1- status=0
  mkdir -p "$corpus"
  "$program" "$1" seeds "$corpus"
  "$program" "$1" words >"$folder/$1.words"
  "$program" "$1" cover "$corpus" "-max_total_time=$2" -max_len=8192 -timeout=60 -rss_limit_mb=1024 -malloc_limit_mb=512 \
    "-dict=$folder/$1.words" "-artifact_prefix=$prefix" -print_final_stats=1 >"$folder/$1.log" 2>&1 || status=$?
  if ((status)); then
    grep --max-count=5 --extended-regexp 'Fatal error|ERROR:|SUMMARY|leak|Test unit' "$folder/$1.log" >&2 || true
    found "$1" "$(sed --quiet 's/.*Test unit written to //p' "$folder/$1.log" | tail --lines=1)"
  fi
  awk -v name="$1" -v corpus="$(find "$corpus" -type f | wc --lines)" '
    /stat::number_of_executed_units/ { runs = $2 } /stat::average_exec_per_sec/ { rate = $2 }
    /stat::peak_rss_mb/ { peak = $2 }
    /cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
    END { printf "   %s: %d runs, %d a second, %d edges, %d in the corpus, peak %d MiB\n", name, runs, rate, edges, corpus, peak }
  ' "$folder/$1.log"
}

program=''
library=$(runtime)
if [[ -n ${SOAK_SLICE:-} || -z $library ]]; then how=mutate; plain_build; else how=cover; guided_build "$library"; fi

if [[ -n $input ]]; then
  "$program" "$target" try "$input"
  echo "   $target: nothing wrong with $input"
  exit 0
fi

self_test() {
  local folder finding failures=0
  folder=$(mktemp --directory)
  mkdir "$folder/findings"
  "$how" self-test "${seconds:-60}"
  finding=$(find "$folder/findings" -type f -print -quit)
  if ((failures != 1)) || [[ ! -s $finding ]]; then
    echo 'self-test: nothing was found or kept' >&2
    return 1
  fi
  if "$program" self-test try "$finding" >"$folder/again.log" 2>&1; then
    echo 'self-test: what was kept shows nothing' >&2
    return 1
  fi
  grep --text --quiet 'the planted fault' "$folder/again.log"
  rm -rf "$folder"
  echo '   self-test: the planted fault was found, kept, and found again'
}

if [[ $target == self-test ]]; then
  self_test
  exit
fi

mapfile -t targets < <("$program" list)
if [[ -n $target ]]; then targets=("$target"); fi
if [[ -z $seconds && -n ${SOAK_SLICE:-} ]]; then
  # Starting takes a moment of each one's share.
  seconds=$(awk -v slice="$SOAK_SLICE" -v count="${#targets[@]}" 'BEGIN { print slice * 0.9 / count }')
fi
echo "   seed $seed, ${seconds:=3600} s each of ${#targets[@]}, findings in $folder/findings"
failures=0
for name in "${targets[@]}"; do "$how" "$name" "$seconds"; done
((failures == 0))
