# shellcheck shell=bash
# The story in a cluster: a control plane of its own on this machine, and the shop's checkout in it.

control_plane=$(dirname "$sample")/scripts/kube-control-plane
cluster=
deployment=deployment/checkout

# --- what the cluster says, without asking Mooring ---

kube() { KUBECONFIG=$cluster/kubeconfig kubectl --namespace shop "$@"; }
checkout_has() { [[ $(kube get $deployment --output "jsonpath={$1}" 2>/dev/null) == "$2" ]]; }
image_is() { checkout_has '.spec.template.spec.containers[0].image' "registry.shop.example/checkout:$1"; }
pods_are() { checkout_has .status.availableReplicas "$1"; }
replicas_are() { checkout_has .spec.replicas "$1"; }
pool_is() { checkout_has '.spec.template.spec.containers[0].env[?(@.name=="WORKER_POOL_SIZE")].value' "$1"; }
nobody_pulls() { kube get pods --output 'jsonpath={..waiting.reason}' 2>/dev/null | grep --quiet ImagePullBackOff; }

# --- the place ---

# What the API server needs to tell the watcher who changes what, and the watcher to be told.
make_audit() {
  local port audit=$place/audit
  read -r port _ < <(free_ports)
  mkdir "$audit"
  (
    umask 077
    openssl rand -hex 32 >"$audit/token"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mooring \
      -addext subjectAltName=IP:127.0.0.1 -keyout "$audit/tls.key" -out "$audit/tls.crt" 2>/dev/null
  )
  cat >"$audit/webhook.yaml" <<WEBHOOK
apiVersion: v1
kind: Config
current-context: mooring
clusters:
  - name: mooring
    cluster: { server: "https://127.0.0.1:$port/webhooks/audit", certificate-authority: "$audit/tls.crt" }
users: [ { name: apiserver, user: { tokenFile: "$audit/token" } } ]
contexts: [ { name: mooring, context: { cluster: mooring, user: apiserver } } ]
WEBHOOK
  audit_port=$port
}

# Starts the control plane, which ends with this script at the latest.
make_cluster() {
  local clients
  clients=$("$control_plane" path)
  make_audit
  "$control_plane" start --with-parent $$ --audit-webhook "$place/audit/webhook.yaml" "$place/cluster" \
    >"$place/control-plane.log" 2>&1 </dev/null ||
    { cat "$place/control-plane.log" >&2; fail "the control plane didn't start"; }
  cluster=$place/cluster
  PATH=$clients:$PATH
  kube create namespace shop >/dev/null
  sed -e "s|@REMOTE@|$remote|" -e "s|@CLUSTER@|$cluster|" -e "s|@CLIENTS@|$clients|" \
    -e "s|@MACHINE@|$sample/machine|" -e "s|@ALERTS@|$place/alerts.log|" \
    -e "s|@PORT@|$audit_port|" -e "s|@AUDIT@|$place/audit|g" "$sample/mooring-kubernetes.yaml.in" >"$place/mooring.yaml"
  make_environment
  printf 'export PATH=%q:"$PATH" KUBECONFIG=%q\n' "$clients" "$cluster/kubeconfig" >>"$place/env"
}

stop_cluster() { [[ -z $cluster ]] || "$control_plane" stop "$cluster" >/dev/null 2>&1 </dev/null || true; }

# by_hand ARGUMENT…: somebody's kubectl.
by_hand() {
  say "Somebody types: kubectl $*"
  kube "$@" >/dev/null
}

# --- the steps ---

prepare_cluster() {
  "$sample/make-history" "$remote"
  make_cluster
  make_colleague
  say "A Git remote with $(git -C "$remote" rev-list --count main) commits: $remote"
  say "A cluster: $(kube version --output json 2>/dev/null | jq --raw-output .serverVersion.gitVersion), $cluster/kubeconfig"
  say "What Mooring is told: $place/mooring.yaml"
  colleague_pushes "Speak the policy API that our cluster has" k8s/base/disruption-budget.yaml \
    's|policy/v1$|policy/v1beta1|'
}

first_deployment() {
  start_watcher
  eventually 60 "the watcher numbered the history and deployed its last release" settled
  check "checkout runs 2.4.1" image_is 2.4.1
  check "in 4 pods that are ready" pods_are 4
  first=$(release_number)
  shown '0|2|3' mooring status production
}

good_image() {
  colleague_pushes "Release checkout 2.4.2" k8s/base/kustomization.yaml 's/2\.4\.1/2.4.2/'
  eventually 30 "checkout runs 2.4.2" image_is 2.4.2
  eventually 60 "its pods are ready, and the release is verified" settled
  check "it has the next number" equal "$(release_number)" $((first + 1))
  shown '0|2' mooring diff production "v$first" "v$((first + 1))"
}

bad_image() {
  local good_digest bad
  good_digest=$(release_digest)
  colleague_pushes "Release checkout 2.5.0" k8s/base/deployment.yaml \
    's|^  template:$|&\n    metadata: { annotations: { stand-in-kubelet/behaviour: image-pull-back-off } }|'
  bad=$(git -C "$colleague" rev-parse HEAD)
  say "The server has nothing against it, so it is applied, and no pod of it can be started."
  eventually 30 "an image can't be pulled" nobody_pulls
  eventually 60 "the release failed, and the commit was reverted in the remote" remote_is_past "$bad"
  eventually 60 "Git and production agree" settled
  check "the very objects that ran before" equal "$(release_digest)" "$good_digest"
  eventually 30 "4 pods are ready" pods_are 4
  check "the revert names the commit that it undoes" remote_says "$bad"
  check "the bad commit is quarantined" quarantined "$bad"
  shown 0 git -C "$remote" log -1 main
}

image_back_by_hand() {
  local before
  before=$(remote_head)
  say "Somebody asks for the state of this morning: v$first."
  shown 0 mooring rollback production --to "v$first" --reason "2.4.2 takes cards twice" --yes
  check "checkout runs 2.4.1" image_is 2.4.1
  check "the revert is in the remote" remote_is_past "$before"
  check "with its reason" remote_says "2.4.2 takes cards twice"
  eventually 60 "Git and production agree" settled
}

variable_by_hand() {
  by_hand set env $deployment WORKER_POOL_SIZE=16
  check "production works with 16 workers, and Git knows nothing of it" pool_is 16
  eventually 30 "an alert says which field, from what to what" alerted 'value: "8" → "16"'
  show_alert
  shown 2 mooring drift production
  check "and who it was, as the API server says it" told 'by admin \(kubectl set'
  shown 2 mooring plan production
  shown 0 mooring drift production --heal
  check "production works with 8 workers again" pool_is 8
  eventually 30 "another alert says that it is over" alerted 'put back'
  shown 0 mooring drift production
}

scale_by_hand() {
  local before
  before=$(remote_head)
  by_hand scale $deployment --replicas=6
  eventually 30 "an alert says so, and who it was" alerted 'spec.replicas: 4 → 6 by admin (kubectl scale)'
  eventually 30 "6 pods are ready" pods_are 6
  say "It is right, as it turns out. So Git is to say it too, where the overlay says it:"
  shown 0 mooring drift production --adopt --message "Serve the autumn sale with six pods"
  check "there is one more commit" equal "$(git -C "$remote" rev-parse main~)" "$before"
  check "which changes one line of the overlay" equal "$(remote_changed)" \
    $'1\t1\tk8s/overlays/production/kustomization.yaml'
  check "its author is who made the change" equal "$(remote_author)" "Tomasz Lewandowski"
  shown 0 git -C "$remote" show --format=%s --unified=1 main
  eventually 60 "it is the release that runs" settled
  check "production still has 6 replicas" replicas_are 6
  shown 0 mooring drift production
  shown 0 mooring plan production
}

the_cluster_story() {
  shown 0 mooring log production
  check "it tells why the bad release failed" told 'ImagePullBackOff'
  check "of the rollback and why" told '2.4.2 takes cards twice'
  check "of the change that was put back" told 'WORKER_POOL_SIZE'
  check "and of the one that was taken into Git" told 'adopted'
  eventually 60 "the journal is in the remote" journal_is_pushed
  check "the remote is whole" git -C "$remote" fsck --strict --no-progress --no-dangling
}

the_end_in_the_cluster() {
  check "the watcher ends when it is asked to" stop_watcher
  check "checkout doesn't need it" pods_are 6
  check "status can be read without it" equal "$(release_revision)" "$(remote_head)"
}

tell_cluster_story() {
  step "A shop keeps its manifests in Git, and has a cluster" prepare_cluster
  step "Mooring brings the cluster to the last release" first_deployment
  step "A good commit goes live" good_image
  step "A commit whose pods don't start is applied, fails, and is reverted" bad_image
  step "Somebody rolls back by hand" image_back_by_hand
  step "Somebody changes the cluster by hand: it is told, shown and put back" variable_by_hand
  step "kubectl scale was right: it is taken into the overlay" scale_by_hand
  step "The story, told by Git" the_cluster_story
}

invite_to_cluster() {
  cat <<INVITATION

${bold}Now you.${plain} The watcher and the cluster go on until you press Ctrl-C. In another terminal:

  . $place/env
  cd $colleague && git pull

  # Change something, and see it live a second later
  sed -i 's/2.4.1/2.4.3/' k8s/base/kustomization.yaml
  git commit -am "Release checkout 2.4.3" && git push
  kubectl --namespace shop get deployments,pods
  mooring status

  # Change the cluster behind its back: you are told, and it is put back when you say so
  kubectl --namespace shop scale deployment/checkout --replicas=1
  mooring drift production
  mooring drift production --heal

  # Go back yourself
  mooring releases production
  mooring rollback production --reason "I wanted to see it"

  less $place/mooring.yaml $place/watcher.log
INVITATION
}
