#!/usr/bin/env bash
# From the command to verified production on a real control plane, whose stand-in for the kubelet has pods ready at once,
# beside what one would do with git and kubectl.
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

runs=${BENCH_RUNS:-9}
scripts/kube-control-plane build >&2
PATH=$PATH:$(scripts/kube-control-plane path)
scripts/kube-control-plane start --with-parent $$ "$work/plane" >"$work/started" 2>&1 </dev/null
export KUBECONFIG=$work/plane/kubeconfig

# Four objects of a namespace that is their own.
write() { # clone, number
  mkdir -p "$1/environments/production"
  cat >"$1/environments/production/shop.yaml" <<END
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { size: "$2" }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [ { port: 80, protocol: TCP } ] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { serviceAccountName: shop, containers: [ { name: shop, image: "registry.example/shop:$2" } ] }
END
}

commit() { # clone, number
  write "$1" "$2"
  git -C "$1" add --all
  git -C "$1" commit --quiet --message "Version $2"
  git -C "$1" push --quiet origin main
}

prepare() { # name: a remote, a clone and a namespace
  git init --quiet --bare --initial-branch main "$work/$1.git"
  git clone --quiet "$work/$1.git" "$work/$1" 2>/dev/null
  git -C "$work/$1" symbolic-ref HEAD refs/heads/main
  kubectl create namespace "$1" >&2
  commit "$work/$1" 0
}

apply() { kubectl apply --namespace peer --server-side --recursive --filename "$work/peer/environments"; }
rolled_out() { kubectl rollout status --namespace peer --watch deployment/shop; }
peer() { git -C "$work/peer" revert --no-edit HEAD && git -C "$work/peer" push origin main && apply && rolled_out; }
image() { kubectl get --namespace "$1" deployment/shop --output "jsonpath={.spec.template.spec.containers[0].image}"; }

prepare ours
prepare peer
mkdir "$work/site"
cat >"$work/site/mooring.yaml" <<END
repositories: { config: { url: "$work/ours.git" } }
environments:
  production:
    repository: config
    path: environments/production
    target: { kubernetes: { kubeconfig: "$KUBECONFIG", namespace: ours } }
END
export MOORING_CONFIG=$work/site/mooring.yaml MOORING_STATE=$work/site/state
"$mooring" sync production >&2
apply >&2
rolled_out >&2

for ((run = 1; run <= runs; run++)); do
  git -C "$work/ours" pull --quiet --ff-only origin main
  was=$(image ours)
  commit "$work/ours" "$run"
  "$mooring" sync production >"$work/output" 2>&1
  microseconds "$mooring" rollback production --reason "orders fail" --yes >>"$work/mine"
  [[ $(image ours) == "$was" ]] || { echo "rollback-cluster: production isn't what it was" >&2; exit 1; }
  commit "$work/peer" "$run"
  apply >"$work/output" 2>&1
  rolled_out >"$work/output" 2>&1
  microseconds peer >>"$work/theirs"
done

mine=$(median <"$work/mine")
theirs=$(median <"$work/theirs")
echo "Four objects, of which a Deployment of two pods; local remote, everything on one machine; the median of $runs runs. The peer"
echo "is \`git revert && git push && kubectl apply --server-side && kubectl rollout status\` in a clone that is up to date."
echo
heading
holds "rollback in a cluster" "$mine" 3000000
table "from the command to its end: production verified, the revert and the journal pushed" "$(ms "$mine")" "$(ms "$theirs")" \
  "$(ratio "$mine" "$theirs")" "3 s: $verdict"

exit $((failures > 0))
