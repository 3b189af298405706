# Real servers on loopback for a repository; read by benchmarks, not run. They end with the benchmark.
# shellcheck shell=bash

servers=() # each leads a process group of its own
end_servers() {
  local server
  for server in "${servers[@]}"; do
    kill -- "-$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  done
  clear_up
}
trap end_servers EXIT

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_for_port() {
  local attempt
  for ((attempt = 0; attempt < 200; attempt++)); do
    if (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
    sleep 0.05
  done
  echo "nothing listens on port $1" >&2
  return 1
}

# nginx with `git http-backend`, over TLS with a certificate of an authority of its own ($work/ca.pem).
# Sets https_url for a repository below $work.
serve_https() {
  local port
  port=$(free_port)
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=bench \
    -addext basicConstraints=critical,CA:TRUE -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
    -keyout "$work/server.key" -out "$work/server.csr" 2>/dev/null
  openssl x509 -req -in "$work/server.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
    -extfile <(echo "subjectAltName=DNS:localhost") -out "$work/server.pem" 2>/dev/null
  setsid fcgiwrap -c 2 -s "unix:$work/fcgi" &
  servers+=($!)
  cat >"$work/nginx.conf" <<END
user $(id --user --name);
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log;
worker_processes 1;
events {}
http {
  access_log off;
  client_body_temp_path $work/body;
  fastcgi_temp_path $work/fastcgi;
  proxy_temp_path $work/proxy;
  server {
    listen 127.0.0.1:$port ssl;
    ssl_certificate $work/server.pem;
    ssl_certificate_key $work/server.key;
    location / {
      fastcgi_pass unix:$work/fcgi;
      fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
      fastcgi_param GIT_PROJECT_ROOT $work;
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param PATH_INFO \$uri;
      fastcgi_param QUERY_STRING \$query_string;
      fastcgi_param REQUEST_METHOD \$request_method;
      fastcgi_param CONTENT_TYPE \$content_type;
      fastcgi_param CONTENT_LENGTH \$content_length;
    }
  }
}
END
  setsid /usr/sbin/nginx -e "$work/nginx.log" -c "$work/nginx.conf" &
  servers+=($!)
  wait_for_port "$port"
  https_url=https://localhost:$port/$(basename "$1")
}

# sshd with a key of its own; $work/key gets in. Sets ssh_url for a repository.
serve_ssh() {
  local port
  port=$(free_port)
  ssh-keygen -q -t ed25519 -N '' -f "$work/host"
  ssh-keygen -q -t ed25519 -N '' -f "$work/key"
  cat >"$work/sshd_config" <<END
ListenAddress 127.0.0.1
Port $port
HostKey $work/host
AuthorizedKeysFile $work/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
AcceptEnv GIT_PROTOCOL
END
  ((EUID)) || mkdir -p /run/sshd
  setsid /usr/sbin/sshd -D -E "$work/sshd.log" -f "$work/sshd_config" &
  servers+=($!)
  wait_for_port "$port"
  echo "[127.0.0.1]:$port $(cut --delimiter=' ' --fields=1,2 "$work/host.pub")" >"$work/known_hosts"
  ssh_url=ssh://$(id --user --name)@127.0.0.1:$port$1
}
