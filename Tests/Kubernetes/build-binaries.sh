#!/usr/bin/env bash
# Builds the Kubernetes control plane from Debian 12's archive: its source package `kubernetes`, its Go, its etcd.
#
# usage: build-binaries.sh BIN WORK
#   BIN    a folder to put etcd, kube-apiserver, kube-controller-manager and kube-scheduler into
#   WORK   an empty folder to work in; takes 2.5 GB, and can be removed afterwards
#
# Nothing is installed, and apt's own lists stay as they are: it works with a state of its own in WORK. What comes out is
# the same bytes each time; its name in the cache is made of this file.
set -euo pipefail

version=1.20.2
packages=(golang-1.19-go golang-1.19-src etcd-server golang-github-modern-go-reflect2-dev)
programs=(kube-apiserver kube-controller-manager kube-scheduler)

bin=$(realpath -- "$1")
work=$(realpath -- "$2")
source_folder=$work/gopath/src/k8s.io/kubernetes

give_up() { printf 'build-binaries: %s\n' "$*" >&2; exit 1; }
elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

ticker=
step=
# shellcheck disable=SC2317 # the trap calls it
finish() {
  local status=$?
  [[ -z $ticker ]] || kill "$ticker" 2>/dev/null || true
  ((status == 0)) || [[ -z $step ]] || { tail --lines=20 "$work/log"; echo "build-binaries: $step failed"; } >&2
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# For as long as this script runs. It waits for what never comes, since a `sleep` would outlive it.
tell_time() { # what
  while kill -0 $$ 2>/dev/null; do
    read -r -t 30 <> <(:) || printf '  %s, %s\n' "$1" "$(elapsed)"
  done
}

# Runs a command in the foreground, so that an interrupt reaches it, and says every half minute that it still does.
step() { # what, command…
  step=$1
  shift
  tell_time "$step" &
  ticker=$!
  ("$@") >"$work/log" 2>&1 </dev/null
  kill "$ticker"
  # The shell would tell that it was killed.
  wait "$ticker" 2>/dev/null || true
  ticker=
  printf '  %s: done after %s\n' "$step" "$(elapsed)"
  step=
}

private_apt() { # program, argument…
  local program=$1
  shift
  "$program" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/apt/parts" \
    -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" \
    -o APT::Sandbox::User="$(id --user --name)" -o Acquire::Retries=3 -qq "$@"
}

# The mirror is the one that this machine uses already.
describe_archive() {
  local mirror
  # shellcheck disable=SC2016 # apt fills it in
  mirror=$(apt-get indextargets --no-release-info --format '$(REPO_URI)' \
    'Created-By: Packages' 'Component: main' 'Release: bookworm' | sed --quiet 1p)
  [[ -n $mirror ]] || give_up "apt knows no archive of Debian 12 (bookworm) here"
  mkdir -p "$work"/apt/{parts,lists/partial,cache/archives/partial}
  printf '%s\n' 'Types: deb deb-src' "URIs: $mirror" 'Suites: bookworm' 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$work/apt/parts/bookworm.sources"
}

# apt checks the hashes, which the archive's key has signed.
download() {
  mkdir "$work/packages"
  private_apt apt-get update
  cd "$work/packages"
  private_apt apt-get source --download-only kubernetes
  private_apt apt-get download "${packages[@]}"
}

# By tar, so that dpkg-dev isn't needed; Debian's own patches touch kubectl only.
unpack() {
  local package reflect2=vendor/github.com/modern-go/reflect2
  for package in "$work"/packages/*.deb; do dpkg --extract "$package" "$work/unpacked"; done
  mkdir -p "$source_folder"
  tar --extract --file "$work"/packages/kubernetes_*"$version".orig.tar.gz \
    --directory "$source_folder" --strip-components=1
  # The vendored one crashes under Go 1.18 and later when the API server goes through a map of a custom resource.
  rm -r "${source_folder:?}/$reflect2"
  cp --recursive --dereference "$work/unpacked/usr/share/gocode/src/github.com/modern-go/reflect2" \
    "$source_folder/$reflect2"
  rm -f "$source_folder/$reflect2"/*_test.go
}

# Packages whose types the API server describes: those that the source marks, and three that it takes as they are.
described_packages() {
  grep --recursive --files-with-matches --include='*.go' '^// +k8s:openapi-gen=' pkg plugin cmd staging/src/k8s.io |
    grep --invert-match -e code-generator -e sample-apiserver -e _test.go |
    sed 's#^staging/src/#vendor/#' | xargs --max-args=1 dirname
  printf 'vendor/k8s.io/apimachinery/pkg/%s\n' apis/meta/v1 runtime version
}

# The one generated file that isn't in the tarball.
generate_openapi() {
  local described
  cd "$source_folder"
  go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  described=$(described_packages | LC_ALL=C sort --unique | sed 's#^#k8s.io/kubernetes/#' | paste --serial --delimiters=,)
  "$work/openapi-gen" --logtostderr --input-dirs "$described" \
    --output-package k8s.io/kubernetes/pkg/generated/openapi --output-file-base zz_generated.openapi \
    --go-header-file vendor/k8s.io/code-generator/hack/boilerplate.go.txt --report-filename "$work/violations"
}

compile() {
  local flags='-s -w' package
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=20"
    flags+=" -X $package.gitTreeState=clean"
  done
  cd "$source_folder"
  # The tags leave out what talks to clouds and to Docker: half of the time and of the size.
  go build -trimpath -tags 'providerless dockerless' -ldflags "$flags" -o "$bin/" "${programs[@]/#/./cmd/}"
  install --mode=755 "$work/unpacked/usr/bin/etcd" "$bin/etcd"
}

[[ -r /usr/share/keyrings/debian-archive-keyring.gpg ]] || give_up "Debian's debian-archive-keyring isn't installed"
# The source builds only as Go did before modules.
export GOROOT=$work/unpacked/usr/lib/go-1.19 GOPATH=$work/gopath GOCACHE=$work/gocache
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 PATH=$work/unpacked/usr/lib/go-1.19/bin:$PATH

describe_archive
step "downloading Debian's source of Kubernetes $version, Go and etcd" download
step 'unpacking' unpack
step "generating the API's description" generate_openapi
step 'compiling the control plane' compile
