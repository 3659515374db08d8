#!/usr/bin/env bash
# Gets the cluster's programs: Debian's containerd, runc, CNI plug-ins and
# busybox, and one Go binary with etcd and every Kubernetes component in it,
# built from the Go module proxy. Does nothing where it has been done already.
# With KUBE_PARTS=control-plane only the Go binary.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/env.sh"
mkdir -p "$KUBE_BIN"

# --- Debian packages -------------------------------------------------------
packages=(openssl)
[ "$KUBE_PARTS" = control-plane ] || packages+=(containerd runc containernetworking-plugins iptables conntrack iproute2 python3)
missing=()
for p in "${packages[@]}"; do
  case $p in # a tool that is there from elsewhere will do
  python3 | openssl | conntrack | iptables | runc | containerd)
    command -v "$p" >/dev/null && continue ;;
  esac
  dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "build: installing ${missing[*]}"
  # keep Debian's containerd service from starting by itself
  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >"$KUBE_BIN/apt.log" 2>&1 ||
    { apt-get update -qq >>"$KUBE_BIN/apt.log" 2>&1 &&
      apt-get install -qq -y --no-install-recommends "${missing[@]}" >>"$KUBE_BIN/apt.log" 2>&1; } ||
    { tail -20 "$KUBE_BIN/apt.log" >&2; exit 1; }
fi

# busybox for the images is unpacked, not installed: on the machine it would
# push busybox-static out (whose shell runs its own applets before those on the
# PATH, so image.sh could not mend one).
if [ "$KUBE_PARTS" = all ] && [ ! -x "$KUBE_BIN/busybox" ]; then
  t=$(mktemp -d)
  chmod 755 "$t"
  (cd "$t" && { apt-get -qq download busybox || { apt-get -qq update && apt-get -qq download busybox; }; } >>"$KUBE_BIN/apt.log" 2>&1 &&
    dpkg-deb -x busybox_*.deb x && cp x/bin/busybox "$KUBE_BIN/busybox.new") || { tail -5 "$KUBE_BIN/apt.log" >&2; exit 1; }
  mv "$KUBE_BIN/busybox.new" "$KUBE_BIN/busybox"
  rm -rf "$t"
fi

# --- the Go programs -------------------------------------------------------
command -v go >/dev/null || { echo "build: go is not on the PATH" >&2; exit 1; }
stamp=$(cat "$here"/kubeone/{main.go,dns.go,registry.go,go.mod,go.sum} "$here/kubeone/pause/main.go" | sha256sum | cut -c1-16)-$(go env GOVERSION)
if [ "$(cat "$KUBE_BIN/stamp" 2>/dev/null)" = "$stamp" ] && [ -x "$KUBE_BIN/kubeone" ] && [ -x "$KUBE_BIN/pause" ]; then
  echo "build: up to date ($KUBE_BIN)"
else
  version=$(sed -n 's|.*k8s.io/kubernetes \(v1[^ ]*\).*|\1|p' "$here/kubeone/go.mod" | head -1)
  minor=${version#v1.} minor=${minor%%.*}
  x=k8s.io/component-base/version
  y=k8s.io/client-go/pkg/version
  flags="-s -w"
  for pkg in $x $y; do
    flags+=" -X $pkg.gitVersion=$version -X $pkg.gitMajor=1 -X $pkg.gitMinor=$minor"
    flags+=" -X $pkg.gitTreeState=clean -X $pkg.buildDate=1970-01-01T00:00:00Z"
  done
  echo "build: kubeone with Kubernetes $version (first build: about 10 minutes on 2 cores)"
  (
    cd "$here/kubeone"
    export CGO_ENABLED=0 GOFLAGS="-mod=readonly -buildvcs=false -trimpath"
    go build -ldflags "-s -w" -o "$KUBE_BIN/pause.new" ./pause
    go build -ldflags "$flags" -o "$KUBE_BIN/kubeone.new" .
  )
  mv "$KUBE_BIN/pause.new" "$KUBE_BIN/pause"
  mv "$KUBE_BIN/kubeone.new" "$KUBE_BIN/kubeone"
  echo "$stamp" >"$KUBE_BIN/stamp"
fi
for name in etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl; do
  ln -sf kubeone "$KUBE_BIN/$name"
done
du -h "$KUBE_BIN/kubeone" | sed 's/^/build: /'
