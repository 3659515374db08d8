#!/usr/bin/env bash
# Brings the one-node cluster up (build.sh must have run; it is run if not).
# Does nothing where the cluster is up already. Then:
#   export KUBECONFIG=${KUBE_STATE:-/tmp/kube-one}/admin.conf
# KUBE_FEATURES="Gate=true,..." sets feature gates in every component.
# KUBE_PARTS=control-plane starts etcd, the API server and the controller manager
# only: pods are admitted and made by their controllers, and run nowhere.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/env.sh"
S=$KUBE_STATE
T0=$SECONDS
say() { echo "up: [$((SECONDS - T0))s] $*"; }
die() { echo "up: $*" >&2; exit 1; }

node() { [ "$KUBE_PARTS" = all ]; }
! node || [ "$(id -u)" = 0 ] || die "a node needs root; KUBE_PARTS=control-plane does not"
case $S in /*) ;; *) die "KUBE_STATE must be an absolute path" ;; esac
[ ${#S} -le 60 ] || die "KUBE_STATE is too long for the sockets below it"
# One at a time: whoever comes second finds the cluster up.
[ -n "${KUBE_LOCKED:-}" ] || KUBE_LOCKED=1 exec flock -o "$S.lock" "$here/up.sh" "$@"
gates=()
[ -z "${KUBE_FEATURES:-}" ] || gates=(--feature-gates="$KUBE_FEATURES")
components=(etcd kube-apiserver kube-controller-manager)
! node || components+=(kube-scheduler containerd registry kubelet kube-proxy dns)

if [ -d "$S/run" ]; then
  alive=1
  for c in "${components[@]}"; do pid_of "$c" >/dev/null || alive=; done
  if [ -n "$alive" ] && kubectl get --raw /readyz >/dev/null 2>&1; then
    say "up already: export KUBECONFIG=$KUBECONFIG"
    exit 0
  fi
  say "an earlier cluster is half up: taking it down"
  "$here/down.sh"
fi
[ -x "$KUBE_BIN/kubeone" ] || "$here/build.sh"
programs=(openssl)
! node || programs+=(containerd ctr runc busybox iptables ip python3)
for p in "${programs[@]}"; do
  command -v "$p" >/dev/null || die "no $p: run build.sh"
done

mkdir -p "$S"/{run,log/pods,pki,etcd,conf,cni,containerd,kubelet}
chmod 700 "$S/pki" "$S/etcd"
P_API=$KUBE_PORT P_ETCD=$((KUBE_PORT + 1)) P_PEER=$((KUBE_PORT + 2)) P_LET=$((KUBE_PORT + 3))
P_LETH=$((KUBE_PORT + 4)) P_CM=$((KUBE_PORT + 5)) P_SCH=$((KUBE_PORT + 6)) P_PRX=$((KUBE_PORT + 7))
P_PRXH=$((KUBE_PORT + 8)) P_DNS=$((KUBE_PORT + 9)) P_REG=$((KUBE_PORT + 10))
API=https://127.0.0.1:$P_API

start() { # NAME COMMAND...: in a session of its own, with its PID recorded
  local name=$1 i; shift
  rm -f "$S/run/$name.tmp"
  # shellcheck disable=SC2016
  setsid bash -c 'echo $$ >"$0"; exec "$@"' "$S/run/$name.tmp" "$@" >"$S/log/$name.log" 2>&1 </dev/null &
  for ((i = 0; i < 100; i++)); do [ -s "$S/run/$name.tmp" ] && break; sleep 0.02; done
  record_pid "$name" "$(cat "$S/run/$name.tmp")"
  rm -f "$S/run/$name.tmp"
}
wait_for() { # SECONDS WHAT COMMAND...
  local limit=$1 what=$2 i; shift 2
  for ((i = 0; i < limit * 5; i++)); do
    "$@" >/dev/null 2>&1 && return 0
    for c in "$S"/run/*.pid; do
      c=$(basename "$c" .pid)
      pid_of "$c" >/dev/null || { tail -15 "$S/log/$c.log" >&2; die "$c has stopped; see $S/log/$c.log"; }
    done
    sleep 0.2
  done
  die "$what was not ready in $limit s; see $S/log"
}

# --- certificates ----------------------------------------------------------
cd "$S/pki"
ssl() { openssl "$@" 2>>"$S/log/openssl.log"; }
ssl ecparam -name prime256v1 -genkey -noout -out ca.key
ssl req -x509 -new -key ca.key -subj /CN=kube-one-ca -days 3650 -out ca.crt \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,digitalSignature,keyCertSign,cRLSign
cert() { # NAME SUBJECT EXTENSIONS
  ssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
  ssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  printf 'keyUsage=critical,digitalSignature\n%s\n' "$3" >"$1.ext"
  ssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile "$1.ext" -out "$1.crt"
  rm "$1.csr" "$1.ext"
}
client=extendedKeyUsage=clientAuth
cert apiserver /CN=kube-apiserver "extendedKeyUsage=serverAuth
subjectAltName=IP:127.0.0.1,IP:$KUBE_SVC.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
cert kubelet-server "/O=system:nodes/CN=system:node:$KUBE_NODE" "extendedKeyUsage=serverAuth
subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:$KUBE_NODE"
cert admin /O=system:masters/CN=admin $client
cert apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet $client
cert front-proxy /CN=front-proxy $client
cert kubelet "/O=system:nodes/CN=system:node:$KUBE_NODE" $client
cert kube-controller-manager /CN=system:kube-controller-manager $client
cert kube-scheduler /CN=system:kube-scheduler $client
cert kube-proxy /CN=system:kube-proxy $client
cert dns /O=system:masters/CN=dns $client
ssl genrsa -out sa.key 2048
ssl rsa -in sa.key -pubout -out sa.pub
kubeconfig() { # USER FILE: everything is in the file, so it can be copied
  cat >"$2" <<Y
apiVersion: v1
kind: Config
clusters:
- name: kube-one
  cluster: {server: "$API", certificate-authority-data: $(base64 -w0 ca.crt)}
users:
- name: $1
  user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}
contexts:
- name: kube-one
  context: {cluster: kube-one, user: $1}
current-context: kube-one
Y
  chmod 600 "$2"
}
for u in kubelet kube-controller-manager kube-scheduler kube-proxy dns; do kubeconfig $u "$S/conf/$u.conf"; done
kubeconfig admin "$S/admin.conf"
cd /
say "certificates made"

# --- the control plane -----------------------------------------------------
start etcd etcd --name one --data-dir "$S/etcd" --unsafe-no-fsync --log-level warn \
  --listen-client-urls "http://127.0.0.1:$P_ETCD" --advertise-client-urls "http://127.0.0.1:$P_ETCD" \
  --listen-peer-urls "http://127.0.0.1:$P_PEER" --initial-advertise-peer-urls "http://127.0.0.1:$P_PEER" \
  --initial-cluster "one=http://127.0.0.1:$P_PEER"
start kube-apiserver kube-apiserver --bind-address=127.0.0.1 --advertise-address="$KUBE_NET.1" --secure-port="$P_API" \
  --etcd-servers="http://127.0.0.1:$P_ETCD" --endpoint-reconciler-type=none \
  --service-cluster-ip-range="$KUBE_SVC.0/24" --allow-privileged=true \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
  --client-ca-file="$S/pki/ca.crt" --tls-cert-file="$S/pki/apiserver.crt" --tls-private-key-file="$S/pki/apiserver.key" \
  --kubelet-client-certificate="$S/pki/apiserver-kubelet.crt" --kubelet-client-key="$S/pki/apiserver-kubelet.key" \
  --kubelet-certificate-authority="$S/pki/ca.crt" --kubelet-preferred-address-types=Hostname \
  --requestheader-client-ca-file="$S/pki/ca.crt" --requestheader-allowed-names=front-proxy \
  --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
  --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --proxy-client-cert-file="$S/pki/front-proxy.crt" --proxy-client-key-file="$S/pki/front-proxy.key" \
  --service-account-issuer=https://kubernetes.default.svc.cluster.local \
  --service-account-key-file="$S/pki/sa.pub" --service-account-signing-key-file="$S/pki/sa.key" ${gates[@]+"${gates[@]}"}
control_plane_ready() {
  wait_for 90 kube-apiserver kubectl get --raw /readyz
  say "kube-apiserver is ready"
  start kube-controller-manager kube-controller-manager --bind-address=127.0.0.1 --secure-port="$P_CM" \
    --kubeconfig="$S/conf/kube-controller-manager.conf" --authentication-kubeconfig="$S/conf/kube-controller-manager.conf" \
    --authorization-kubeconfig="$S/conf/kube-controller-manager.conf" --leader-elect=false \
    --root-ca-file="$S/pki/ca.crt" --service-account-private-key-file="$S/pki/sa.key" --use-service-account-credentials=true \
    --cluster-signing-cert-file="$S/pki/ca.crt" --cluster-signing-key-file="$S/pki/ca.key" ${gates[@]+"${gates[@]}"}
}
serviceaccounts_ready() { wait_for 60 "the default service account" kubectl -n default get serviceaccount default; }
if ! node; then
  control_plane_ready
  serviceaccounts_ready
  say "the control plane is ready: export KUBECONFIG=$KUBECONFIG"
  exit 0
fi

# --- the pods' network -----------------------------------------------------
# A bridge; pods can talk to each other, to Services and to the host, and to
# nothing outside this machine.
cat /proc/sys/net/ipv4/ip_forward >"$S/run/ip_forward"
echo "$KUBE_BRIDGE" >"$S/run/bridge"
ip link del "$KUBE_BRIDGE" 2>/dev/null || true # of a cluster whose state was removed without down.sh
ip link del "${KUBE_BRIDGE}s" 2>/dev/null || true
ip link add "$KUBE_BRIDGE" type bridge
ip link set "$KUBE_BRIDGE" type bridge nf_call_iptables 1 || true
ip addr add "$KUBE_NET.1/24" dev "$KUBE_BRIDGE"
ip link set "$KUBE_BRIDGE" up
ip link add "${KUBE_BRIDGE}s" type bridge # without ports: where cluster IPs are routed to, if nothing answers to them
ip link set "${KUBE_BRIDGE}s" up
ip route add "$KUBE_SVC.0/24" dev "${KUBE_BRIDGE}s"
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >"/proc/sys/net/ipv4/conf/$KUBE_BRIDGE/route_localnet"
"$here/rules.sh" add
python3 - "$S" "$KUBE_BRIDGE" "$KUBE_NET" >"$S/cni/10-kube-one.conflist" <<'PY'
import json, sys
state, bridge, net = sys.argv[1:]
json.dump({"cniVersion": "0.4.0", "name": "kube-one", "plugins": [
    {"type": "bridge", "bridge": bridge, "isGateway": True, "ipMasq": False, "hairpinMode": True,
     "ipam": {"type": "host-local", "dataDir": state + "/cni/ipam",
              "ranges": [[{"subnet": net + ".0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
    {"type": "portmap", "capabilities": {"portMappings": True}, "conditionsV4": ["-d", "127.0.0.0/8"]}]},
    sys.stdout, indent=1)
PY

# --- containerd ------------------------------------------------------------
cat >"$S/conf/containerd.toml" <<T
version = 2
root = "$S/containerd/root"
state = "$S/containerd/state"
oom_score = 0
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "$CTR_SOCK"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/kube-one/pause:1"
  stream_server_address = "127.0.0.1"
  restrict_oom_score_adj = true
  disable_apparmor = true
  disable_hugetlb_controller = true
  max_container_log_line_size = 16384
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "runc"
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "$S/conf/registries"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$S/cni"
T
mkdir -p "$S/conf/registries/_default"
cat >"$S/conf/registries/_default/hosts.toml" <<T # every registry is the one on this machine
server = "http://127.0.0.1:$P_REG"
[host."http://127.0.0.1:$P_REG"]
  capabilities = ["pull", "resolve"]
T
start registry "$KUBE_BIN/kubeone" registry --listen="127.0.0.1:$P_REG" --containerd="$CTR_SOCK" \
  --content="$S/containerd/root/io.containerd.content.v1.content"
start containerd containerd --config "$S/conf/containerd.toml"
wait_for 30 containerd ctr -a "$CTR_SOCK" version
say "containerd is up"
"$here/image.sh" localhost/kube-one/pause:1 --entrypoint /pause "$KUBE_BIN/pause:/pause"
"$here/image.sh" busybox:1.36 --tag busybox:latest --tag busybox:stable --busybox --cmd sh

# --- the kubelet -----------------------------------------------------------
control_plane_ready
start kube-scheduler kube-scheduler --bind-address=127.0.0.1 --secure-port="$P_SCH" --leader-elect=false \
  --kubeconfig="$S/conf/kube-scheduler.conf" --authentication-kubeconfig="$S/conf/kube-scheduler.conf" \
  --authorization-kubeconfig="$S/conf/kube-scheduler.conf" ${gates[@]+"${gates[@]}"}
echo "nameserver 127.0.0.1" >"$S/conf/resolv.conf"
cat >"$S/conf/kubelet.yaml" <<Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: $P_LET
healthzBindAddress: 127.0.0.1
healthzPort: $P_LETH
readOnlyPort: 0
tlsCertFile: $S/pki/kubelet-server.crt
tlsPrivateKeyFile: $S/pki/kubelet-server.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $S/pki/ca.crt}}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix://$CTR_SOCK
podLogsDir: $S/log/pods
volumePluginDir: $S/kubelet/volumeplugins
clusterDomain: cluster.local
clusterDNS: [$KUBE_SVC.10]
resolvConf: $S/conf/resolv.conf
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
makeIPTablesUtilChains: false
oomScoreAdj: 0
enforceNodeAllocatable: [none]
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: "0%", nodefs.available: "0%", nodefs.inodesFree: "0%", imagefs.available: "0%", imagefs.inodesFree: "0%"}
maxPods: 100
registryPullQPS: 0
maxParallelImagePulls: 5
serializeImagePulls: false
featureGates: {KubeletInUserNamespace: true}
Y
mount --bind "$S/kubelet" "$S/kubelet"
mount --make-rshared "$S/kubelet" # so that mountPropagation: Bidirectional works
start kubelet kubelet --config="$S/conf/kubelet.yaml" --kubeconfig="$S/conf/kubelet.conf" --root-dir="$S/kubelet" \
  --cert-dir="$S/pki" --hostname-override="$KUBE_NODE" --node-ip="$KUBE_NET.1" ${gates[@]+"${gates[@]}"}
cat >"$S/conf/kube-proxy.yaml" <<Y
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
hostnameOverride: $KUBE_NODE
bindAddress: 127.0.0.1
healthzBindAddress: 127.0.0.1:$P_PRXH
metricsBindAddress: 127.0.0.1:$P_PRX
clusterCIDR: $KUBE_NET.0/24
nodePortAddresses: [127.0.0.0/8]
clientConnection: {kubeconfig: $S/conf/kube-proxy.conf}
conntrack: {maxPerCore: 0, min: 0}
iptables: {localhostNodePorts: false}
Y
start kube-proxy kube-proxy --config="$S/conf/kube-proxy.yaml"
start dns "$KUBE_BIN/kubeone" dns --kubeconfig="$S/conf/dns.conf" --listen="127.0.0.1:$P_DNS"
node_ready() { [ "$(kubectl get node "$KUBE_NODE" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')" = True ]; }
wait_for 90 "the node" node_ready
serviceaccounts_ready
say "the node is ready: export KUBECONFIG=$KUBECONFIG"
