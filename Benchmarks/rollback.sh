#!/usr/bin/env bash
# From the command to verified production, beside the shell pipeline of those who have no Mooring.
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

runs=${BENCH_RUNS:-9}
folder=environments/production
remote=$(remote_with 10000 1000 4000)
configure "$remote" "$work"
"$mooring" run --once >&2
git clone --quiet "$remote" "$work/colleague"
# The peer has a remote, a clone and a production of its own.
git clone --quiet --bare "$remote" "$work/peer.git"
git clone --quiet "$work/peer.git" "$work/peer"
mkdir "$work/peer-production"
rsync -ac --delete "$work/peer/$folder/" "$work/peer-production/"

commit_badly() { # clone, number
  local file
  git -C "$1" pull --quiet --ff-only
  for file in "$1/$folder"/0001/file-00010[0-4].yaml; do echo "broken: $2" >>"$file"; done
  git -C "$1" commit --quiet --all --message "Break five files, $2"
  git -C "$1" push --quiet origin main
}

peer() {
  cd "$work/peer" && git revert --no-edit HEAD && git push origin main && git fetch &&
    rsync -ac --delete "$folder/" "$work/peer-production/"
}

# Milliseconds from a moment to the end of the deployment that the last rollback made.
verified_after() {
  local ended
  ended=$("$mooring" log production --limit 20 --output json |
    jq --raw-output 'first(.events[] | select(.kind == "deployment.finished")).time')
  echo $(($(date --date "$ended" +%s%3N) - $1 / 1000))
}

must_be_the_same() { # clone, revision, folder
  git -C "$1" archive "$2" "$folder" | tar --extract --directory "$work/expected" --strip-components 2
  diff --recursive "$work/expected" "$3" >&2 || { echo "rollback: production isn't what it was" >&2; exit 1; }
}

break_and_roll_back() { # number, expected status of the command, what to do before it, and after it
  local began taken
  commit_badly "$work/colleague" "$1"
  "$mooring" sync production >"$work/output" 2>&1
  "$3"
  began=$(now)
  taken=$(expected_status=$2 microseconds "$mooring" rollback production --reason "five files are broken" --yes)
  "$4"
  rm -rf "$work/expected" && mkdir "$work/expected"
  must_be_the_same "$work/colleague" HEAD~1 "$work/root/app/current/"
  echo "$taken $(verified_after "$began")"
}

hang() {
  cp "$MOORING_CONFIG" "$work/patient.yaml"
  sed --in-place 's/url: "[^"]*"/&, timeout: 5s/' "$MOORING_CONFIG"
  mv "$remote/packed-refs" "$work/packed-refs" 2>/dev/null || true
  mkfifo "$remote/packed-refs"
}
answer_again() {
  rm "$remote/packed-refs"
  mv "$work/packed-refs" "$remote/packed-refs" 2>/dev/null || true
  cp "$work/patient.yaml" "$MOORING_CONFIG"
  "$mooring" sync production >"$work/output" 2>&1
}

for ((run = 0; run < runs; run++)); do
  break_and_roll_back "$run" 0 true true >>"$work/ours"
  commit_badly "$work/peer" "$run"
  rsync -ac --delete "$work/peer/$folder/" "$work/peer-production/"
  microseconds peer >>"$work/theirs"
done
for ((run = 0; run < (runs + 2) / 3; run++)); do
  break_and_roll_back "hanging $run" 3 hang answer_again >>"$work/hanging"
done

# A commit that `git revert` can't undo, because another one put a line behind each of its lines.
commit_badly "$work/colleague" "dry run"
bad=$(git -C "$work/colleague" rev-parse HEAD)
for file in "$work/colleague/$folder"/0001/file-00010[0-4].yaml; do echo "later: true" >>"$file"; done
git -C "$work/colleague" commit --quiet --all --message "Add to the same five files"
git -C "$work/colleague" push --quiet origin main
"$mooring" sync production >"$work/output" 2>&1
dry() { "$mooring" rollback production --reason test --dry-run "$@"; }
shown=$(median_of "$runs" dry)
merged=$(median_of "$runs" dry --commit "$bad")
grep --quiet "merged by field" "$work/output" || { echo "rollback: nothing was merged by field" >&2; exit 1; }

command=$(cut --delimiter ' ' --fields 1 "$work/ours" | median)
verified=$(cut --delimiter ' ' --fields 2 "$work/ours" | median)
hanging=$(cut --delimiter ' ' --fields 2 "$work/hanging" | median)
pipeline=$(median <"$work/theirs")

echo "The last commit of 10,000 broke 5 of production's 1,000 files; local remote; the median of $runs runs each. The peer is"
echo "\`git revert && git push && git fetch && rsync -c\` in a clone that is up to date."
echo
heading
limit=$((pipeline * 12 / 10))
holds "rollback within a second" "${verified}000" 1000000
in_time=$verdict
holds "rollback against the pipeline" "${verified}000" "$limit"
table "from the command to verified production" "$verified ms" "$(ms "$pipeline")" \
  "$(ratio "${verified}000" "$pipeline")" "1 s: $in_time; 1.2: $verdict"
holds "rollback while the remote hangs" "${hanging}000" "$limit"
table "the same, the remote hanging" "$hanging ms" "$(ms "$pipeline")" "$(ratio "${hanging}000" "$pipeline")" "1.2: $verdict"
holds "a dry run" "$shown" 300000
table "\`--dry-run\`, with its plan, the whole command" "$(ms "$shown")" "" "" "300 ms: $verdict"
holds "a dry run of undoing a commit" "$merged" 300000
table "\`--commit --dry-run\` where \`git revert\` stops in five files" "$(ms "$merged")" "" "" "300 ms: $verdict"
table "until the command ends, the revert and the journal pushed as well" "$(ms "$command")" "$(ms "$pipeline")" \
  "$(ratio "$command" "$pipeline")" ""

exit $((failures > 0))
