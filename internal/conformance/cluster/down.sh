#!/usr/bin/env bash
# Takes the cluster down and removes what it left: processes (by recorded PID
# only), containers, mounts, network, cgroups and $KUBE_STATE. What build.sh
# made stays. With --keep-logs, $KUBE_STATE/log stays too.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/env.sh"
S=$KUBE_STATE
T0=$SECONDS
[ -d "$S/run" ] || { echo "down: nothing at $S"; exit 0; }
[ -n "${KUBE_LOCKED:-}" ] || KUBE_LOCKED=1 exec flock -o "$S.lock" "$here/down.sh" "$@"

# Containers, through containerd.
remove_containers() {
  local netns bundles p f c n shim
  bundles=$S/containerd/state/io.containerd.runtime.v2.task/k8s.io
  netns=$(grep -hos '"/[^"]*/netns/cni-[^"]*"' "$bundles"/*/config.json | tr -d '"' | sort -u)
  ctr() { timeout 30 "$(type -P ctr)" -a "$CTR_SOCK" -n k8s.io "$@"; }
  if pid_of containerd >/dev/null; then
    for c in $(ctr tasks ls -q 2>/dev/null); do ctr tasks rm -f "$c" >/dev/null 2>&1; done
  fi
  stop containerd
  # What containerd did not end, because it had been killed itself: a task's
  # first process is recorded in its bundle, and its shim is that one's parent.
  for f in "$bundles"/*/init.pid; do
    [ -f "$f" ] || continue
    p=$(cat "$f")
    grep -qs kubepods "/proc/$p/cgroup" || continue
    shim=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$p/status" 2>/dev/null)
    kill -KILL "$p" 2>/dev/null
    grep -qs -- "-address.$CTR_SOCK" <(tr '\0' ' ' <"/proc/$shim/cmdline" 2>/dev/null) && kill -KILL "$shim"
  done
  for n in $netns; do umount -l "$n" 2>/dev/null; rm -f "$n"; done
}

# Network: what kube-proxy and the port mapper wrote, our rules, the bridge.
remove_network() {
  kubeone kube-proxy --cleanup >/dev/null 2>&1
  "$here/rules.sh" del
  local b c
  for c in INPUT OUTPUT; do iptables -w -D $c -j KUBE-FIREWALL 2>/dev/null; done
  iptables -w -F KUBE-FIREWALL 2>/dev/null && iptables -w -X KUBE-FIREWALL
  iptables-save -t nat 2>/dev/null | grep -oE '^:(CNI-[A-Z0-9-]+)' | tr -d : | {
    chains=$(cat)
    iptables-save -t nat | grep -E -- '-j CNI-' | grep -vE '^-A CNI-' | sed 's/^-A /-D /' |
      while read -r line; do eval "iptables -w -t nat $line"; done
    for c in $chains; do iptables -w -t nat -F "$c"; done
    for c in $chains; do iptables -w -t nat -X "$c"; done
  } 2>/dev/null
  b=$(cat "$S/run/bridge" 2>/dev/null || echo "$KUBE_BRIDGE")
  ip link del "$b" 2>/dev/null
  ip link del "${b}s" 2>/dev/null
  [ -f "$S/run/ip_forward" ] && cat "$S/run/ip_forward" >/proc/sys/net/ipv4/ip_forward
}

remove_mounts() { # those below the state directory, the deepest first, and the pods' cgroups
  awk -v s="$S/" 'index($5, s) == 1 {print $5}' /proc/self/mountinfo | sort -r |
    while read -r m; do umount "$(printf '%b' "$m")" 2>/dev/null || umount -l "$(printf '%b' "$m")"; done
  for d in /sys/fs/cgroup/*/kubepods /sys/fs/cgroup/kubepods; do
    [ -d "$d" ] && find "$d" -depth -type d -exec rmdir {} + 2>/dev/null
  done
}

# Their state is thrown away: no need to wait for an orderly end.
for c in kubelet dns registry kube-proxy kube-scheduler kube-controller-manager kube-apiserver etcd; do stop $c KILL; done

node=
[ ! -f "$S/run/bridge" ] || node=1 # a control plane alone has nothing but processes and files
if [ -n "$node" ]; then
  remove_containers
  remove_network
  remove_mounts
fi

if [ "${1:-}" = --keep-logs ]; then
  find "$S" -mindepth 1 -maxdepth 1 ! -name log -exec rm -rf --one-file-system {} +
else
  rm -rf --one-file-system "$S"
fi
if [ -n "$node" ]; then
  # links to logs that are gone
  find /var/log/containers -xtype l -delete 2>/dev/null
  rmdir /var/log/containers /var/lib/cni/results /var/lib/cni /var/lib/kubelet/device-plugins /var/lib/kubelet 2>/dev/null
fi
echo "down: done in $((SECONDS - T0)) s"
