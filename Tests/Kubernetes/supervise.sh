#!/usr/bin/env bash
# Runs a control plane and stays with it: all that it starts ends with it, however it ends. See scripts/kube-control-plane.
#
# usage: supervise.sh BIN [--detached] [OPTION]… [RUNDIR]
#
# It ends when its standard input does (when --with-parent's process does, or else only by SIGTERM, if --detached), when one
# of its programs dies, and by SIGTERM; each then is killed, and RUNDIR removed. Where it is killed itself, the kernel kills
# its programs. SIGHUP kills and restarts the API server. The flags of kube-apiserver are in RUNDIR/kube-apiserver.flags,
# one a line, and read at each start.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

give_up() { printf 'kube-control-plane: %s\n' "$*" >&2; exit 1; }
wrong_usage() { printf 'kube-control-plane: %s; see scripts/kube-control-plane --help\n' "$*" >&2; exit 64; }

# MARK: What is asked for

bin=$1
shift
run=
detached=
parent=
controllers=yes
kubelet=yes
scheduler=
audit_webhook=
extra_flags=()
while (($#)); do
  case $1 in
    --detached) detached=yes ;;
    --without | --with | --with-parent | --apiserver-flag | --audit-webhook)
      (($# >= 2)) || wrong_usage "$1 needs a word after it"
      case $1=$2 in
        --without=controllers) controllers= ;;
        --without=kubelet) kubelet= ;;
        --with=scheduler) scheduler=yes ;;
        --with-parent=*) parent=$2 ;;
        --apiserver-flag=*) extra_flags+=("$2") ;;
        --audit-webhook=*) audit_webhook=$(realpath -- "$2") ;;
        *) wrong_usage "$1 $2: no such thing" ;;
      esac
      shift
      ;;
    -*) wrong_usage "$1: no such option" ;;
    *)
      [[ -z $run ]] || wrong_usage "one folder, not two: $run, $1"
      run=$(realpath --canonicalize-missing -- "$1")
      ;;
  esac
  shift
done
[[ -z $parent || -n $detached ]] || wrong_usage "--with-parent is for start"

# MARK: Its folder

umask 077
if [[ -z $run ]]; then
  run=$(mktemp --directory -t mooring-kubernetes.XXXXXX)
else
  mkdir -p "$run"
  [[ -z $(ls -A "$run") ]] || give_up "$run isn't empty"
fi
cd "$run"
declare -A processes=()
watcher=
# shellcheck disable=SC2317 # the trap calls it
finish() {
  local process
  trap '' HUP INT TERM
  for process in $watcher "${processes[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
  # The shell would tell of each that it was killed.
  { wait; } 2>/dev/null
  rm -rf "$run"
}
trap finish EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
# With the time of its start, which another process of the same number doesn't share.
printf '%d %s\n' $$ "$(cut --delimiter=' ' --fields=22 /proc/$$/stat)" >supervisor.pid

# MARK: Ports and keys

# Not of those that the kernel gives to outgoing connections: one could take a port before its server does, or while the API
# server is restarted.
free_ports() { # how many
  /usr/bin/python3 - "$1" <<'PYTHON'
import random
import socket
import sys

with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
    lowest = int(file.read().split()[0])
sockets = []
for port in random.sample(range(10000, max(lowest, 20000)), 1000):
    candidate = socket.socket()
    try:
        candidate.bind(("127.0.0.1", port))
    except OSError:
        continue
    sockets.append(candidate)
    if len(sockets) == int(sys.argv[1]):
        break
print(*[each.getsockname()[1] for each in sockets])
PYTHON
}

issue_certificate() { # name, subject, extensions
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$1.key" -out "$1.csr" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 365 -extfile <(printf '%s\n' "$3") \
    -out "$1.crt" 2>/dev/null
}

make_keys() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=Test authority' -days 365 \
    -keyout ca.key -out ca.crt 2>/dev/null
  issue_certificate server /CN=kube-apiserver \
    $'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc\nextendedKeyUsage=serverAuth'
  issue_certificate client /O=system:masters/CN=certified 'extendedKeyUsage=clientAuth'
  openssl ecparam -name prime256v1 -genkey -noout -out service-account.key
  openssl rand -hex 16 >token
  printf '%s,admin,admin,system:masters\n' "$(<token)" >tokens.csv
}

write_kubeconfig() {
  cat >kubeconfig <<KUBECONFIG
apiVersion: v1
kind: Config
current-context: token
clusters:
- name: test
  cluster: { server: "$(<server)", certificate-authority-data: "$(base64 --wrap=0 ca.crt)" }
users:
- name: admin
  user: { token: "$(<token)" }
- name: certified
  user: { client-certificate: "$run/client.crt", client-key: "$run/client.key" }
contexts:
- name: token
  context: { cluster: test, user: admin }
- name: certificate
  context: { cluster: test, user: certified }
KUBECONFIG
}

write_apiserver_flags() {
  local flags=(
    --etcd-servers="http://127.0.0.1:$etcd_port"
    --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$port" --endpoint-reconciler-type=none
    --tls-cert-file=server.crt --tls-private-key-file=server.key --client-ca-file=ca.crt
    --token-auth-file=tokens.csv --authorization-mode=RBAC --allow-privileged=true
    --service-account-issuer=https://kubernetes.default.svc
    --service-account-key-file=service-account.key --service-account-signing-key-file=service-account.key
    --service-cluster-ip-range=10.0.0.0/16 --profiling=false
  )
  if [[ -n $audit_webhook ]]; then
    # The default waits 30 s for a batch to fill.
    flags+=(
      --audit-policy-file="$here/../../docs/audit-policy.yaml" --audit-webhook-config-file="$audit_webhook"
      --audit-webhook-batch-max-wait=100ms --audit-webhook-batch-throttle-enable=false
    )
  fi
  printf '%s\n' "${flags[@]}" "${extra_flags[@]}" >kube-apiserver.flags
}

# MARK: Programs

spawn() { # name, command…
  local name=$1
  shift
  setpriv --pdeathsig KILL "$@" >>"$name.log" 2>&1 </dev/null &
  processes[$name]=$!
  printf '%d\n' $! >"$name.pid.new"
  mv "$name.pid.new" "$name.pid"
}

start_etcd() {
  spawn etcd "$bin/etcd" --name test --data-dir etcd --unsafe-no-fsync \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$peer_port" \
    --initial-cluster "test=http://127.0.0.1:$peer_port"
}

start_apiserver() {
  local flags
  mapfile -t flags <kube-apiserver.flags
  spawn kube-apiserver "$bin/kube-apiserver" "${flags[@]}"
}

restart_apiserver() {
  local process=${processes[kube-apiserver]}
  kill -KILL "$process" 2>/dev/null || true
  wait "$process" 2>/dev/null || true
  start_apiserver
}

# The nodes' controller would declare the stand-in's node dead, which sends no heartbeats. By default the controllers may
# ask 20 times a second, which would make thousands of objects wait.
start_controllers() {
  spawn kube-controller-manager "$bin/kube-controller-manager" --kubeconfig=kubeconfig \
    --authentication-kubeconfig=kubeconfig --authorization-kubeconfig=kubeconfig \
    --bind-address=127.0.0.1 --secure-port="$controllers_port" --port=0 --leader-elect=false --profiling=false \
    --use-service-account-credentials=false --service-account-private-key-file=service-account.key \
    --root-ca-file=ca.crt --controllers='*,-nodelifecycle' --kube-api-qps=200 --kube-api-burst=400
}

start_scheduler() {
  spawn kube-scheduler "$bin/kube-scheduler" --kubeconfig=kubeconfig \
    --authentication-kubeconfig=kubeconfig --authorization-kubeconfig=kubeconfig \
    --bind-address=127.0.0.1 --secure-port="$scheduler_port" --port=0 --leader-elect=false --profiling=false
}

start_kubelet() {
  local options=()
  [[ -z $scheduler ]] || options+=(--leave-binding)
  spawn stand-in-kubelet /usr/bin/python3 "$here/stand-in-kubelet" --server "$(<server)" --ca ca.crt --token-file token \
    "${options[@]}"
}

ask() { # path
  curl --silent --fail --max-time 5 --cacert ca.crt --header "Authorization: Bearer $(<token)" "$(<server)$1"
}
apiserver_is_ready() { ask /readyz >/dev/null; }
# No pod can be made before.
service_account_has_token() { ask /api/v1/namespaces/default/serviceaccounts/default | grep --quiet '"secrets"'; }
kubelet_is_ready() { grep --quiet '^ready$' stand-in-kubelet.log; }

tell_who_died() {
  local name
  for name in "${!processes[@]}"; do
    kill -0 "${processes[$name]}" 2>/dev/null && continue
    tail --lines=10 "$name.log" >&2
    give_up "$name has died"
  done
}

wait_until() { # condition
  local tries
  for ((tries = 0; tries < 1200; tries++)); do
    if "$1"; then return; fi
    is_wanted || exit 0
    tell_who_died
    sleep 0.1
  done
  tail --lines=10 ./*.log >&2
  give_up "$1: not so after two minutes"
}

# MARK: Its life

watch_for_the_end() {
  if [[ -z $detached ]]; then
    setpriv --pdeathsig KILL cat <&"$input" >/dev/null &
  elif [[ -n $parent ]]; then
    # Not to our output: that closes when we are ready, and tail ends when nobody reads it.
    setpriv --pdeathsig KILL tail --pid="$parent" --sleep-interval=0.2 --follow /dev/null >/dev/null &
  else
    setpriv --pdeathsig KILL sleep infinity &
  fi
  watcher=$!
}

is_wanted() { kill -0 "$watcher" 2>/dev/null; }

# A process that is started in the background gets no standard input of ours unless it is told which.
exec {input}<&0
read -r etcd_port peer_port port controllers_port scheduler_port < <(free_ports 5)
printf 'https://127.0.0.1:%d\n' "$port" >server
watch_for_the_end
make_keys
write_kubeconfig
write_apiserver_flags
start_etcd
start_apiserver
wait_until apiserver_is_ready
trap restart_apiserver HUP
[[ -z $controllers ]] || start_controllers
[[ -z $scheduler ]] || start_scheduler
[[ -z $kubelet ]] || start_kubelet
[[ -z $controllers ]] || wait_until service_account_has_token
[[ -z $kubelet ]] || wait_until kubelet_is_ready
printf '%s\n' "$run"
# Whoever started it may wait for the end of what it says.
[[ -z $detached ]] || exec >/dev/null 2>supervisor.log

while is_wanted; do
  tell_who_died
  # It returns when one of them ends, and at a signal.
  wait -n "$watcher" "${processes[@]}" || true
done
