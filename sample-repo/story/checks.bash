# shellcheck shell=bash
# How a step of the story is told, checked and timed.

steps_done=()
step_title=
step_started=

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' faint=$'\e[2m' plain=$'\e[0m'
else
  bold='' green='' red='' faint='' plain=''
fi

now_ms() { date +%s%3N; }

in_seconds() { printf '%d.%02d s' $(($1 / 1000)) $(($1 % 1000 / 10)); }

say() { printf '  %s\n' "$*"; }

# step TITLE FUNCTION: the function ends the program itself where something isn't as it should be.
step() {
  step_title=$1
  step_started=$(now_ms)
  printf '\n%s%d. %s%s\n' "$bold" $((${#steps_done[@]} + 1)) "$1" "$plain"
  "$2"
  steps_done+=("$(printf '%9s  %s' "$(in_seconds $(($(now_ms) - step_started)))" "$1")")
  step_title=
}

fail() {
  printf '  %s✗ %s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

# check WHAT COMMAND…: it must hold now.
check() {
  local what=$1
  shift
  "$@" || fail "$what"
  printf '  %s✓%s %s\n' "$green" "$plain" "$what"
}

# eventually SECONDS WHAT COMMAND…: it must hold before the time is up.
eventually() {
  local limit=$1 what=$2 started
  shift 2
  started=$(now_ms)
  until "$@"; do
    (($(now_ms) - started < limit * 1000)) || fail "$what: not within $limit s"
    kill -0 "$watcher" 2>/dev/null || [[ -z $watcher ]] || fail "$what: the watcher has ended"
    sleep 0.05
  done
  printf '  %s✓%s %s %s(%s)%s\n' "$green" "$plain" "$what" "$faint" "$(in_seconds $(($(now_ms) - started)))" "$plain"
}

# shown STATUS COMMAND…: the command as a reader would type it, its output, and the exit status that it must have.
# STATUS is a number, or several with | between them.
shown() {
  local expected=$1 status=0 words word
  shift
  words=$(basename "$1")
  for word in "${@:2}"; do
    [[ $word =~ ^[[:alnum:]@%+=:,./_-]+$ ]] || word=${word@Q}
    words+=" $word"
  done
  printf '  %s$ %s%s\n' "$bold" "$words" "$plain"
  "$@" >"$place/output" 2>&1 || status=$?
  sed 's/^/  /' "$place/output"
  [[ "|$expected|" == *"|$status|"* ]] || fail "exit status $status, not $expected"
}

# told PATTERN: whether the output of the last command shown says so.
told() { grep --quiet --extended-regexp --ignore-case "$1" "$place/output"; }

equal() { [[ $1 == "$2" ]]; }

summary() {
  printf '\n%sEvery step was seen to happen:%s\n' "$bold" "$plain"
  printf '%s\n' "${steps_done[@]}"
}
