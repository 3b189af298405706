# shellcheck shell=bash
# The folder that the story happens in, and the processes that it starts there.

watcher=

# make_place [DIR]
make_place() {
  if [[ -n ${1:-} ]]; then
    mkdir -p "$1"
    [[ -z $(ls -A "$1") ]] || { echo "story: $1 isn't empty; name another folder" >&2; exit 1; }
    place=$(cd "$1" && pwd -P)
  else
    place=$(mktemp -d "${TMPDIR:-/tmp}/mooring-demo.XXXXXX")
    place_is_ours=yes
  fi
  remote=$place/remote/config.git
  colleague=$place/colleague
  run=$place/srv/persistent/run
  mkdir -p "$place/remote" "$place/bin" "$place/state" "$run"
  ln -s "$mooring" "$place/bin/mooring"
  somebody=$(id --user --name)
  if ((EUID == 0)) && as_other true 2>/dev/null; then somebody=$other; fi
}

# Who changes production by hand: another account of this machine, which only root can act as; else our own.
other=www-data

# as_other COMMAND…: as if that account had logged in, and might write where it wants to.
as_other() {
  local id
  id=$(id --user "$other")
  (
    # As pam_loginuid does at a login. A container may not allow it: then the login isn't known, and the user still is.
    echo "$id" 2>/dev/null >/proc/self/loginuid || true
    exec setpriv --reuid="$other" --regid="$other" --clear-groups --inh-caps=+dac_override \
      --ambient-caps=+dac_override "$@"
  )
}

# live_edit FILE SED-EXPRESSION: a file of the live release changed in place, and the service told to read it.
live_edit() {
  local file=$place/srv/current/$1 text
  text=$(sed --regexp-extended "$2" "$file")
  say "Somebody ($somebody) changes $1 on the machine itself:"
  { diff --unified=0 "$file" - <<<"$text" || true; } | sed -n 's/^[-+][^-+].*/    &/p'
  if [[ $somebody == "$other" ]]; then
    # Like an editor it is still there for a moment after it has written: the kernel's word of it has to be read in time.
    as_other tee "$file" < <(printf '%s\n' "$text" && sleep 0.3) >/dev/null
  else
    chmod u+w "$file"
    tee "$file" <<<"$text" >/dev/null
    chmod u-w "$file"
  fi
  "$sample/machine/shop-service" reload "$place/srv/current"
}

# Two ports that nobody listens on: the shop's, and checkout's behind it.
free_ports() {
  /usr/bin/python3 - <<'PYTHON'
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in sockets))
PYTHON
}

# What belongs to the machine, and so isn't in Git: ports. Releases see it as run/.
make_machine() {
  local checkout_port
  read -r shop_port checkout_port < <(free_ports)
  shop=http://127.0.0.1:$shop_port
  echo "listen 127.0.0.1:$shop_port;" >"$run/listen.conf"
  echo "server 127.0.0.1:$checkout_port;" >"$run/checkout-upstream.conf"
  echo "$checkout_port" >"$run/checkout-port"
}

make_configuration() {
  sed -e "s|@REMOTE@|$remote|" -e "s|@ROOT@|$place/srv|" -e "s|@SHOP@|$shop|" -e "s|@MACHINE@|$sample/machine|" \
    -e "s|@ALERTS@|$place/alerts.log|" -e "s|@SOMEBODY@|$somebody|" "$sample/mooring.yaml.in" >"$place/mooring.yaml"
  make_environment
}

# What commands need, ours and the reader's.
make_environment() {
  export MOORING_CONFIG=$place/mooring.yaml MOORING_STATE=$place/state
  {
    # shellcheck disable=SC2016 # for the shell that reads it
    printf 'export PATH=%q:"$PATH"\n' "$place/bin"
    printf 'export MOORING_CONFIG=%q MOORING_STATE=%q\n' "$MOORING_CONFIG" "$MOORING_STATE"
  } >"$place/env"
}

make_colleague() {
  git clone --quiet "$remote" "$colleague"
  git -C "$colleague" config user.name "Priya Nair"
  git -C "$colleague" config user.email priya.nair@shop.example
  git -C "$colleague" config commit.gpgsign false
  git -C "$colleague" config pull.ff only
}

# colleague_pushes SUBJECT FILE SED-EXPRESSION: a change as anybody makes one, with git.
colleague_pushes() {
  git -C "$colleague" pull --quiet
  sed --regexp-extended --in-place "$3" "$colleague/$2"
  git -C "$colleague" commit --quiet --all --message "$1"
  say "A colleague pushes \"$1\":"
  git -C "$colleague" show --unified=0 --format= | sed -n 's/^[-+][^-+].*/    &/p'
  git -C "$colleague" push --quiet
}

remote_head() { git -C "$remote" rev-parse main; }

start_watcher() {
  "$mooring" run </dev/null >>"$place/watcher.log" 2>&1 &
  watcher=$!
}

# ended ID: our own child, waited for or not.
ended() {
  local state
  state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
  [[ ${state:0:1} == Z ]]
}

# Asks the watcher to end, and gives its exit status; 124 when it had to be killed after 15 s.
stop_watcher() {
  local deadline=$((SECONDS + 15)) id=$watcher
  [[ -n $id ]] || return 0
  watcher=
  kill -TERM "$id" 2>/dev/null || true
  until ended "$id"; do
    if ((SECONDS >= deadline)); then
      kill -KILL "$id" 2>/dev/null || true
      wait "$id" 2>/dev/null || true
      return 124
    fi
    sleep 0.05
  done
  wait "$id"
}

stop_everything() {
  stop_watcher || true
  if [[ -e $place/srv/current ]]; then "$sample/machine/shop-service" stop "$place/srv/current" || true; fi
  stop_cluster
}

remove_place() {
  # Releases are read-only folders: nobody but root could empty them.
  chmod -R u+w "$place"
  rm -rf "$place"
}
