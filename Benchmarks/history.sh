#!/usr/bin/env bash
# Indexing a history, and asking it who set what, beside what git takes for a part of the answer.
# shellcheck disable=SC2317 # functions that are called by name
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

commits=${HISTORY_COMMITS:-10000}
manifests=${HISTORY_MANIFESTS:-5000}
authors=100
runs=${BENCH_RUNS:-5}

history=$BENCH_WORK/audited-$commits-$manifests-$authors.git
"$benches/audited-history" "$history" "$commits" "$manifests" "$authors"
cp --recursive "$history" "$work/remote.git"
configure "$work/remote.git" "$work/site"
"$mooring" sync production >"$work/output" 2>&1
copy=$MOORING_STATE/repositories/config.git
tip=$(git -C "$copy" rev-parse refs/remotes/origin/main)
busiest=environments/production/0000/web-000000.yaml

git_names() { git -C "$copy" log --first-parent --name-status -m "$tip" -- environments/production; }
git_log() { git -C "$copy" log -p "$tip" -- "$busiest"; }
git_blame() { git -C "$copy" blame "$tip" -- "$busiest"; }
names=$(median_of "$runs" git_names)
log=$(median_of "$runs" git_log)
blame=$(median_of "$runs" git_blame)

# From nothing; the program says itself how its time was spent.
for ((run = 0; run < runs; run++)); do
  "$mooring" index rebuild >"$work/said"
  sed -n 's/.*(paths in \([0-9.e-]*\) s, .* in \([0-9.e-]*\) s).*/\1 \2/p' "$work/said" >>"$work/spent"
done
paths=$(awk '{ print int($1 * 1000000) }' "$work/spent" | median)
resources=$(awk '{ print int(($1 + $2) * 1000000) }' "$work/spent" | median)

ask() { "$mooring" "$1" production "$2"; }
# Without the values that were kept; the index itself is there.
cold() {
  "$mooring" index rebuild >/dev/null
  microseconds ask "$1" "$2"
}
cold_history=$(for ((run = 0; run < 3; run++)); do cold history "deployment/shop/web-0"; done | median)
cold_blame=$(for ((run = 0; run < 3; run++)); do cold blame "0000/web-000000.yaml"; done | median)
warm_resource=$(median_of 11 ask history deployment/shop/web-0)
entries=$(grep --count '^[0-9]\{4\}-' "$work/output")
warm_file=$(median_of 11 ask history 0000/web-000000.yaml)
warm_field=$(median_of 11 "$mooring" history production deployment/shop/web-0 spec.replicas)
warm_blame_resource=$(median_of 11 ask blame deployment/shop/web-0)
moment=$(date --utc +%FT%TZ)
show() { "$mooring" show "production@$moment" deployment/shop/web-0 "$@"; }
warm_show=$(median_of 11 show)
warm_show_field=$(median_of 11 show spec.replicas)
warm_blame_file=$(median_of 11 ask blame 0000/web-000000.yaml)

# One commit more, as the next question finds it, over the same question without one.
git clone --quiet --no-checkout "$work/remote.git" "$work/author" 2>/dev/null
git -C "$work/author" symbolic-ref HEAD refs/heads/main
added=$(for ((run = 0; run < 7; run++)); do
  blob=$(git -C "$work/author" cat-file blob "HEAD:$busiest" | sed "s/replicas: .*/replicas: $((100 + run))/" |
    git -C "$work/author" hash-object -w --stdin)
  git -C "$work/author" read-tree HEAD
  git -C "$work/author" update-index --cacheinfo "100644,$blob,$busiest"
  commit=$(git -C "$work/author" commit-tree -p HEAD -m "One more" "$(git -C "$work/author" write-tree)")
  git -C "$work/author" update-ref refs/heads/main "$commit"
  git -C "$work/author" push --quiet origin main
  git -C "$copy" fetch --quiet "$work/remote.git" "+refs/heads/main:refs/remotes/origin/main"
  microseconds ask history deployment/shop/web-1
done | median)
without=$(median_of 7 ask history deployment/shop/web-1)
one=$((added > without ? added - without : 0))

echo "$commits first-parent commits with $manifests manifests of $authors authors, one in ten a merge, all of them production's;"
echo "medians of whole processes. \`deployment/shop/web-0\` has $entries changes. The peer is what a person would run for a part of"
echo "the answer, over the same repository: \`git log --first-parent --name-status -m\`, \`git log -p FILE\`, \`git blame FILE\`."
echo
heading
row() { # what, ours, theirs, bar in microseconds, the bar in words
  holds "$1" "$2" "$4"
  table "$1" "$(ms "$2")" "$(ms "$3")" "$(ratio "$2" "$3")" "$5: $verdict"
}
row "index from nothing: paths" "$paths" "$names" $((names * 2)) "2 ×"
row "index from nothing: paths and resources" "$resources" "$names" $((names * 5)) "5 ×"
row "one commit more, over a question without one" "$one" "$names" 20000 "20 ms"
for each in "history of a resource:$warm_resource:$log" "history of a file:$warm_file:$log" \
  "history of a field:$warm_field:$log" "blame of a resource:$warm_blame_resource:$blame" \
  "blame of a file:$warm_blame_file:$blame" "show of a resource at a time:$warm_show:$log" \
  "show of its field at a time:$warm_show_field:$log"; do
  IFS=: read -r what ours theirs <<<"$each"
  bar=$((theirs / 50 < 30000 ? theirs / 50 : 30000))
  row "$what, warm" "$ours" "$theirs" "$bar" "30 ms and 1/50"
done
row "history of a resource, cold" "$cold_history" "$log" "$log" "git's time"
row "blame of a file, cold" "$cold_blame" "$blame" "$blame" "git's time"

exit $((failures > 0))
