#!/usr/bin/env bash
# Whether one could go back: checking a change in a long history, and asking a registry about a release's images.
# shellcheck disable=SC2317 # functions that are called by name
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"
# shellcheck source=Benchmarks/servers.bash
source "$(dirname "${BASH_SOURCE[0]}")/servers.bash"

runs=${BENCH_RUNS:-9}

# A change of five of production's 1,000 files, and one with a migration that takes away what an earlier commit read.
remote=$(remote_with 10000 1000 4000)
configure "$remote" "$work"
printf 'readiness: { code: [src], migrations: [db] }\n' >>"$MOORING_CONFIG"
clone=$work/clone
git clone --quiet "$remote" "$clone" 2>/dev/null
commit() { git -C "$clone" add --all && git -C "$clone" commit --quiet --message "$1" && git -C "$clone" rev-parse HEAD; }
folder=$clone/environments/production
mkdir -p "$clone/db" "$clone/src"
for ((number = 1; number <= 200; number++)); do
  echo "CREATE TABLE t$number (id bigint PRIMARY KEY, note text);" >"$clone/db/$(printf %06d $number)_t.up.sql"
  echo "DROP TABLE t$number;" >"$clone/db/$(printf %06d $number)_t.down.sql"
  echo "db.query('SELECT id, note FROM t$number')" >"$clone/src/t$number.py"
done
commit "200 migrations, and code that reads what they make" >/dev/null
sed --in-place 's/, note//' "$clone/src/t7.py"
base=$(commit "Read one column no more")
for file in "$folder"/0001/file-00010[0-4].yaml; do echo "image: registry.example/shop:1-3f9c2d1" >>"$file"; done
change=$(commit "Five images")
git -C "$clone" checkout --quiet --detach "$base"
echo "ALTER TABLE t7 DROP COLUMN note;" >"$clone/db/000201_drop.up.sql"
echo "ALTER TABLE t7 ADD COLUMN note text;" >"$clone/db/000201_drop.down.sql"
drop=$(commit "Drop the column")

check() { (cd "$clone" && "$mooring" check --base "$base" "$1"); }
difference() { git -C "$clone" diff "$base" "$1"; }
checked=$(median_of "$runs" check "$change")
diffed=$(median_of "$runs" difference "$change")
dropped=$(median_of "$runs" check "$drop")
grep --quiet "nothing stands in the way" "$work/output" || { echo "readiness: the drop isn't in order" >&2; exit 1; }

# A registry whose images two releases name.
port=$(free_port)
cat >"$work/registry.yml" <<END
version: 0.1
storage: { filesystem: { rootdirectory: $work/registry } }
http: { addr: "127.0.0.1:$port" }
log: { level: error, accesslog: { disabled: true } }
END
setsid docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
servers+=($!)
wait_for_port "$port"

push_images() { # how many, each by a tag and a repository of its own
  python3 - "$port" "$1" <<'END'
import hashlib, http.client, sys
port, count = int(sys.argv[1]), int(sys.argv[2])
kind = "application/vnd.docker.distribution.manifest.v2+json"
connection = http.client.HTTPConnection("127.0.0.1", port)
def ask(method, path, body=None, headers={}):
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status < 300, (method, path, answer.status)
    return answer
digest = "sha256:" + hashlib.sha256(b"{}").hexdigest()
manifest = ('{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json",'
            '"size":2,"digest":"%s"},"layers":[]}' % (kind, digest))
for number in range(count):
    name = f"shop/service-{number}"
    place = ask("POST", f"/v2/{name}/blobs/uploads/").getheader("location").split(f":{port}")[-1]
    ask("PUT", f"{place}&digest={digest}", b"{}", {"content-type": "application/octet-stream"})
    ask("PUT", f"/v2/{name}/manifests/1-3f9c2d1", manifest, {"content-type": kind})
END
}

manifests() { # how many, replicas
  local number
  for ((number = 0; number < $1; number++)); do
    printf -- '---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: service-%d }\nspec:\n  replicas: %d\n' "$number" "$2"
    printf '  template: { spec: { containers: [ { name: web, image: "127.0.0.1:%d/shop/service-%d:1-3f9c2d1" } ] } }\n' "$port" "$number"
  done
}

ready_with() { # how many images
  local site=$work/site-$1
  mkdir -p "$site"
  git init --quiet --bare --initial-branch main "$site/remote.git"
  git clone --quiet "$site/remote.git" "$site/author" 2>/dev/null
  mkdir -p "$site/author/environments/production"
  configure "$site/remote.git" "$site"
  printf 'registries: { "127.0.0.1:%d": { allowHTTP: true } }\n' "$port" >>"$MOORING_CONFIG"
  for replicas in 1 2; do
    manifests "$1" "$replicas" >"$site/author/environments/production/services.yaml"
    git -C "$site/author" add --all
    git -C "$site/author" commit --quiet --message "Replicas $replicas"
    git -C "$site/author" push --quiet origin HEAD:main
    "$mooring" sync production >"$work/output" 2>&1
  done
  median_of "$runs" "$mooring" readiness production
}
ask_by_curl() { # how many images
  local number
  for ((number = 0; number < $1; number++)); do
    printf 'url = "http://127.0.0.1:%d/v2/shop/service-%d/manifests/1-3f9c2d1"\noutput = /dev/null\n' "$port" "$number"
  done >"$work/urls"
  curl --silent --fail --head --parallel --parallel-max 16 --config "$work/urls" \
    --header "accept: application/vnd.docker.distribution.manifest.v2+json"
}
# The most connections to the registry that stood at a time while a command ran.
connections_of() {
  python3 - "$port" "$@" <<'END'
import subprocess, sys, time
port, most = f":{int(sys.argv[1]):04X}", 0
asking = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while asking.poll() is None:
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    most = max(most, sum(1 for row in rows if row[2].endswith(port) and row[3] == "01"))
    time.sleep(0.002)
print(most)
END
}

push_images 1000
few=$(ready_with 50)
few_peer=$(median_of "$runs" ask_by_curl 50)
many=$(ready_with 1000)
grep --quiet "can roll back to v1" "$work/output" || { cat "$work/output" >&2; exit 1; }
many_peer=$(median_of "$runs" ask_by_curl 1000)
connections=$(MOORING_CONFIG=$work/site-1000/mooring.yaml MOORING_STATE=$work/site-1000/state \
  connections_of "$mooring" readiness production)

echo "Medians of $runs runs of whole processes. The change is checked in a clone of 10,000 commits with 1,000 files of production,"
echo "beside \`git diff\` of the same; its migrations follow 200 others, and the code of 11 states is asked what it reads. Images"
echo "are those of the one release to go back to, in Debian's \`docker-registry\` on the same machine, beside"
echo "\`curl --head --parallel\` over 16 connections, which knows what to ask."
echo
heading
holds "check" "$checked" 300000
table "\`mooring check\` of a change of five files" "$(ms "$checked")" "$(ms "$diffed")" "$(ratio "$checked" "$diffed")" "300 ms: $verdict"
holds "check of a migration" "$dropped" 300000
table "\`mooring check\` of a column that is dropped in order" "$(ms "$dropped")" "" "" "300 ms: $verdict"
holds "50 images" "$few" 1000000
table "\`mooring readiness\` with 50 images" "$(ms "$few")" "$(ms "$few_peer")" "$(ratio "$few" "$few_peer")" "1 s: $verdict"
holds "1,000 images" "$many" 10000000
table "\`mooring readiness\` with 1,000 images" "$(ms "$many")" "$(ms "$many_peer")" "$(ratio "$many" "$many_peer")" "10 s: $verdict"
holds "connections" "$connections" 16
table "connections to the registry at a time" "$connections" "16" "" "16: $verdict"
((failures == 0))
