#!/usr/bin/env bash
# 4,000 objects on a real control plane, beside kubectl on the same one.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

count=${BENCH_ENVIRONMENTS:-1000}
patches=${BENCH_PATCHES:-100}
objects=$((count * 4))
maps=${BENCH_MAPS:-20000}
scripts/kube-control-plane build >&2
PATH=$PATH:$(scripts/kube-control-plane path)
plane=$work/plane
scripts/kube-control-plane start --with-parent $$ "$plane" >"$work/started" 2>&1 </dev/null
export KUBECONFIG=$plane/kubeconfig

seconds() { awk -v s="$1" 'BEGIN { printf "%.1f s", s }'; }
of() { jq --raw-output "$1" "$work/$2.json"; }
micro() { awk -v s="$1" 'BEGIN { printf "%d", s * 1000000 }'; }

# A namespace, and a repository of the objects in it.
prepare() { # namespace, further arguments of manifests
  kubectl create namespace "$1" >&2
  "$benches/manifests" "$work/$1" "$count" "$@"
}

environment() { # name, namespace, check
  echo "  $1:"
  echo "    repository: config"
  echo "    path: environments/$1"
  echo "    target: { kubernetes: { kubeconfig: \"$KUBECONFIG\", namespace: $2, check: $3 } }"
}

describe() { # namespace, check, environments…
  {
    echo "repositories: { config: { url: \"$work/$1/.git\", poll: ${poll:-100ms} } }"
    echo "environments:"
    for name in "${@:3}"; do environment "$name" "$1" "$2"; done
  } >"$work/$1.yaml"
  export MOORING_CONFIG=$work/$1.yaml MOORING_STATE=$work/$1-state
}

apply_by_kubectl() { kubectl apply --server-side --recursive --filename "$work/peer/environments"; }

mapfile -t names < <(seq --format 'e%04g' "$count")
prepare peer
echo "   kubectl applies $objects objects" >&2
peer=$(microseconds apply_by_kubectl)
again=$(microseconds apply_by_kubectl)
for check in false true; do
  echo "   $count environments, check: $check" >&2
  prepare "many-$check"
  poll=10s describe "many-$check" "$check" "${names[@]}"
  "$benches/watch-cluster" "$mooring" "$plane" "$count" >"$work/$check.json" 2>"$work/said"
done

# One environment of them all. The first commits change nothing of an object, the others one object.
cat >"$work/commit" <<END
#!/usr/bin/env bash
set -euo pipefail
(((\$1) <= 10)) || exit 1
file=$work/one/environments/all/e\$(printf '%04d' "\$1").yaml
if ((\$1 <= 5)); then echo "# \$1" >>"\$file"; else sed --in-place 's/value: info/value: debug/' "\$file"; fi
git -C $work/one commit --quiet --all --message "Change \$1"
END
chmod +x "$work/commit"
prepare one --together
describe one true all
echo "   one environment of $objects objects" >&2
"$benches/watch-cluster" "$mooring" "$plane" 1 --commits "$work/commit" --patches one "$patches" >"$work/one.json" 2>"$work/said"
median_commit() { jq "[.commits[$1][].took] | sort | .[2]" "$work/one.json"; }
requests_of() { jq --raw-output "[.commits[$1][].requests] | .[2] | to_entries | map(\"\(.value) \(.key)\") | join(\", \")" "$work/one.json"; }

# The same state directory as above is asked.
plan_all() { "$mooring" plan all || (($? == 2)); }
planned=$(median_of 3 plan_all)

kubectl create namespace maps >&2
"$benches/manifests" "$work/maps" "$maps" maps --maps
poll=10s describe maps false all
echo "   one environment of $maps ConfigMaps of 4 KB" >&2
"$benches/watch-cluster" "$mooring" "$plane" 1 >"$work/maps.json" 2>"$work/said"

mb() { awk -v kb="$1" 'BEGIN { printf "%.0f MB", kb / 1024 }'; }
echo "$count environments of 4 objects (Deployment scaled to zero, ServiceAccount, Service, Ingress), or one of all $objects; a"
echo "Kubernetes 1.20 control plane on the same $(nproc) cores. Flux 2.9 needs 4 min 13 s and 223 MiB for the like on 16"
echo "cores, as its makers say."
echo
heading
first=$(micro "$(of .verified false)") checked=$(micro "$(of .verified true)")
holds "first apply" "$first" $((peer * 6 / 10))
table "$count environments verified, \`check: false\`, against \`kubectl apply --server-side\`" "$(ms "$first")" "$(ms "$peer")" \
  "$(ratio "$first" "$peer")" "0.6: $verdict"
holds "first apply with the check" "$checked" $((peer * 11 / 10))
table "the same with \`check: true\`" "$(ms "$checked")" "$(ms "$peer")" "$(ratio "$checked" "$peer")" "1.1: $verdict"
holds "resident" "$(of .VmHWM true)" $((100 * 1024))
table "resident at most meanwhile" "$(mb "$(of .VmHWM true)")" "" "" "100 MB: $verdict"
table "the processor's time of that" "$(seconds "$(of .processor true)")" "" "" ""
unchanged=$(micro "$(median_commit 0:5)") changed=$(micro "$(median_commit 5:10)")
holds "nothing changed" "$unchanged" 1000000
table "a commit that changes none of $objects objects, against \`kubectl apply\` again" "$(ms "$unchanged")" "$(ms "$again")" \
  "$(ratio "$unchanged" "$again")" "1 s: $verdict"
holds "one changed" "$changed" 1000000
table "a commit that changes one of $objects, with its fetch" "$(ms "$changed")" "" "" "1 s: $verdict"
holds "plan" "$planned" 2000000
table "\`mooring plan\` of $objects objects against live" "$(ms "$planned")" "" "" "2 s: $verdict"
late=$(jq '.patches | sort | .[(length * 99 / 100 | ceil) - 1] * 1000' "$work/one.json")
holds "drift" "$late" 250000
table "one patch to its event, 99 of 100, $objects objects watched" "$(ms "$late")" "" "" "250 ms: $verdict"
holds "resident" "$(of .VmRSS one)" $((100 * 1024))
table "resident with $objects objects watched" "$(mb "$(of .VmRSS one)")" "" "" "100 MB: $verdict"
holds "resident with ConfigMaps" "$(of .VmRSS maps)" $((150 * 1024))
table "resident with $maps ConfigMaps of 4 KB watched" "$(mb "$(of .VmRSS maps)")" "" "" "150 MB: $verdict"
table "at most, while they were applied" "$(mb "$(of .VmHWM maps)")" "" "" ""
echo
echo "What was asked of the API server for a commit that changes no object: $(requests_of 0:5); for one that changes one:"
echo "$(requests_of 5:10)."
((failures == 0))
