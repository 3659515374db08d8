#!/usr/bin/env bash
# Checks on the running cluster (up.sh first) that multi-container pods really
# work: one line per check, and "N passed, N failed" at the end. What it made
# is deleted, unless KEEP is set.
# shellcheck disable=SC2016 # what stands in single quotes is for the shells of the pods
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/env.sh"
tmp=$(mktemp -d "${TMPDIR:-/tmp}/kube-one-smoke.XXXXXX")
pids=()
finish() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
  [ -n "${KEEP:-}" ] || {
    kubectl delete mutatingwebhookconfiguration smoke --ignore-not-found >/dev/null 2>&1
    kubectl delete namespace smoke smoke-restricted smoke-webhook --ignore-not-found --wait=false >/dev/null 2>&1
  }
  rm -rf "$tmp"
}
trap finish EXIT
passed=0 failed=0 T0=$EPOCHREALTIME
since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN{printf "%.1f", b-a}'; }
check() { # NAME COMMAND...
  local name=$1 t=$EPOCHREALTIME; shift
  if "$@" >"$tmp/out" 2>&1; then
    passed=$((passed + 1)); printf 'ok    %-66s %5ss\n' "$name" "$(since "$t")"
  else
    failed=$((failed + 1)); printf 'FAIL  %-66s %5ss\n' "$name" "$(since "$t")"
    sed 's/^/      | /' "$tmp/out" | tail -20
  fi
}
k() { kubectl -n smoke "$@"; }
run() { k exec multi -c main -- "$@"; }
eventually() { # SECONDS COMMAND...
  local end=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.3; done
}
is() { # WANT COMMAND...: what it prints is exactly that
  local want=$1 got; shift
  got=$("$@") || { echo "$got"; return 1; }
  [ "$got" = "$want" ] || { echo "want: $want"; echo "got:  $got"; return 1; }
}

# A second run starts afresh.
kubectl delete namespace smoke smoke-restricted smoke-webhook --ignore-not-found --timeout=120s >/dev/null 2>&1

check "API server is ready" kubectl get --raw /readyz
server() { kubectl get --raw /version | grep -E '"gitVersion": "v1\.[0-9]+\.[0-9]+"'; }
check "API server states its version" server
check "manifests are accepted" eventually 20 kubectl apply -f "$here/smoke.yaml"

check "pod with init, 2 native sidecars, 2 containers is Ready" k wait pod/multi --for=condition=Ready --timeout=90s
check "init container's file went through both sidecars" is prepared run cat /shared/s2
check "logs of init container" is "init ran" k logs multi -c prepare
check "logs of main" is "main sees prepared" k logs multi -c main
check "exec: a container reaches another one on localhost" is "main sees prepared" run wget -qO- http://localhost:8080/main
exits() { run sh -c 'exit 7'; [ $? = 7 ]; }
check "exec: exit status comes back" exits
input() { echo 'echo in-$((40+2))' | k exec -i multi -c main -- sh | grep -x in-42; }
check "exec: standard input arrives" input
check "ConfigMap volume" is "mode = smoke" run cat /etc/settings/app.conf
check "env from ConfigMap, Secret, limit" is "hello s3cret 67108864" run sh -c 'echo $GREETING $TOKEN $LIMIT'
pod_ip() { run sh -c 'hostname -i; echo $POD_IP' | sort -u | wc -l | grep -x 1; }
check "downward API: env has the pod's own IP" pod_ip
check "downward API: volume has labels" is 'app="multi"' run cat /etc/info/labels
check "emptyDir in memory is a tmpfs" run grep -q ' /ram tmpfs ' /proc/mounts
check "postStart hook ran" is poststart run cat /shared/hook
memory() { run sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max'; }
check "memory limit is in force" is 67108864 memory
forward() {
  local p port rc
  k port-forward pod/multi :8080 >"$tmp/pf" 2>&1 &
  p=$!
  eventually 10 grep -q 'Forwarding from 127' "$tmp/pf" || { kill $p; cat "$tmp/pf"; return 1; }
  port=$(sed -n 's/.*127.0.0.1:\([0-9]*\) .*/\1/p' "$tmp/pf")
  python3 -c "import urllib.request as u;print(u.urlopen('http://127.0.0.1:$port/main',timeout=5).read().decode())"
  rc=$?
  kill $p
  wait $p 2>/dev/null
  return $rc
}
check "port-forward" forward

check "Job with a native sidecar is complete" k wait job/job --for=condition=Complete --timeout=90s
job_log() { k logs job/job -c work; }
check "Job's container used its sidecar" is "$(printf 'hi\njob done')" job_log
check "Deployment of 2 replicas is rolled out" k rollout status deployment/web --timeout=90s
service() { run wget -qO- -T 3 "http://$(k get service web -o 'jsonpath={.spec.clusterIP}')/" | grep ^web-; }
check "Service's cluster IP reaches a replica" eventually 20 service
named() { run wget -qO- -T 3 http://web/ | grep ^web- && run wget -qO- -T 3 http://web.smoke.svc.cluster.local/; }
check "Service's name resolves in a pod" eventually 20 named
api() {
  run sh -c 'cd /var/run/secrets/kubernetes.io/serviceaccount && test -s token && test -s ca.crt &&
    nc -w 3 kubernetes.default.svc.cluster.local 443 </dev/null && echo open' | grep -x open
}
check "pod has a service account token and reaches the API server" api
update() { k set env deployment/web ROUND=2 && k rollout status deployment/web --timeout=90s; }
check "Deployment's new revision is rolled out" update

latest() {
  k run latest --image=busybox --restart=Never --image-pull-policy=Always -- true
  k wait pod/latest --for=jsonpath='{.status.phase}'=Succeeded --timeout=30s
}
check "imagePullPolicy Always finds a loaded image" latest
unknown() {
  k run unknown --image=registry.example/none:1 --restart=Never -- true
  k wait pod/unknown --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=ErrImagePull --timeout=15s ||
    k wait pod/unknown --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=ImagePullBackOff --timeout=5s
}
check "an image that was not loaded fails at once" unknown

r() { kubectl -n smoke-restricted "$@"; }
check "restricted namespace: non-root, read-only root, fsGroup: Ready" r wait pod/strict --for=condition=Ready --timeout=90s
check "restricted: user and groups" is "1234 1234 4321" r exec strict -c main -- sh -c 'echo $(id -u) $(id -g) $(id -G | cut -d" " -f2)'
fsgroup() { r exec strict -c main -- sh -c 'touch /data/x && stat -c %g /data/x | grep -x 4321 && ! touch /x'; }
check "restricted: volume is the group's, root filesystem is read-only" fsgroup
refused() {
  r run root --image=busybox:1.36 --restart=Never -- true >"$tmp/refused" 2>&1
  cat "$tmp/refused"
  grep -q 'violates PodSecurity "restricted' "$tmp/refused"
}
check "restricted: a plain pod is refused" refused

# --- a mutating webhook on 127.0.0.1 ---------------------------------------
cat >"$tmp/webhook.py" <<'PY'
import base64, http.server, json, os, ssl, sys

folder = sys.argv[1]

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        patch = [{"op": "add", "path": "/spec/initContainers", "value": [
            {"name": "injected", "image": "busybox:1.36", "restartPolicy": "Always",
             "command": ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"]}]}]
        body = json.dumps({"apiVersion": review["apiVersion"], "kind": review["kind"], "response": {
            "uid": review["request"]["uid"], "allowed": True, "patchType": "JSONPatch",
            "patch": base64.b64encode(json.dumps(patch).encode()).decode()}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/tls.crt", folder + "/tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(folder + "/port.new", "w") as f:
    f.write(str(server.server_port))
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
PY
webhook() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=webhook \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$tmp/tls.key" -out "$tmp/tls.crt" 2>/dev/null || return 1
  python3 "$tmp/webhook.py" "$tmp" >"$tmp/webhook.log" 2>&1 &
  pids+=($!)
  eventually 10 test -f "$tmp/port" || { cat "$tmp/webhook.log"; return 1; }
  kubectl create namespace smoke-webhook
  eventually 20 kubectl -n smoke-webhook get serviceaccount default >/dev/null 2>&1
  kubectl apply -f - <<Y || return 1
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: smoke}
webhooks:
- name: inject.smoke.test
  clientConfig: {url: "https://127.0.0.1:$(cat "$tmp/port")/mutate", caBundle: $(base64 -w0 "$tmp/tls.crt")}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: smoke-webhook}}
  sideEffects: None
  admissionReviewVersions: [v1]
  reinvocationPolicy: Never
  timeoutSeconds: 5
Y
  eventually 20 try
}
try() { # a new configuration takes a moment to be seen
  kubectl -n smoke-webhook delete pod target --ignore-not-found --now >/dev/null 2>&1
  kubectl -n smoke-webhook run target --image=busybox:1.36 --restart=Never -- sh -c 'trap "exit 0" TERM; while :; do sleep 0.1; done' &&
    [ "$(kubectl -n smoke-webhook get pod target -o 'jsonpath={.spec.initContainers[*].name}')" = injected ]
}
check "mutating webhook on 127.0.0.1 is called and injects a sidecar" webhook
check "pod with the injected sidecar is Ready" kubectl -n smoke-webhook wait pod/target --for=condition=Ready --timeout=60s

# --- termination -----------------------------------------------------------
for c in s1 s2 main; do
  k logs -f --timestamps multi -c $c >"$tmp/log.$c" 2>/dev/null &
  pids+=($!)
done
followed() { [ -s "$tmp/log.s1" ] && [ -s "$tmp/log.s2" ] && [ -s "$tmp/log.main" ]; }
eventually 10 followed
check "pod is deleted" k delete pod multi --timeout=60s
order() {
  eventually 5 grep -q stopped "$tmp/log.s1"
  sort "$tmp"/log.s1 "$tmp"/log.s2 "$tmp"/log.main | tee "$tmp/all"
  [ "$(grep -o 'stop.*' "$tmp/all" | tr '\n' ',')" = 'stopping main,stopped main,stopping s2,stopped s2,stopped s1,' ]
}
check "it ended in order: main, then s2, then s1" order
echo "smoke: $(since "$T0") s"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
