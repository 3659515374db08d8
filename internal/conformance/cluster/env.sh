# shellcheck shell=bash
# Where things are, which numbers are used, and what several scripts share.
# Every one of these can be set from outside.
KUBE_PARTS=${KUBE_PARTS:-all}                       # all, or control-plane: no node, and no root needed
KUBE_STATE=${KUBE_STATE:-/tmp/kube-one}             # certificates, sockets, logs, data: removed by down.sh
KUBE_BIN=${KUBE_BIN:-${HOME:-/tmp}/.cache/kube-one/bin} # what build.sh made: kept
KUBE_PORT=${KUBE_PORT:-26400}                       # the API server's port; the next ten are used too
KUBE_NET=${KUBE_NET:-10.244.0}                      # pods get addresses in this /24
KUBE_SVC=${KUBE_SVC:-10.96.0}                       # Services get cluster IPs in this /24
KUBE_BRIDGE=${KUBE_BRIDGE:-kubeone0}                # the bridge that pods hang on
KUBE_NODE=${KUBE_NODE:-localhost}                   # the node's name; must resolve to 127.0.0.1
export KUBECONFIG=$KUBE_STATE/admin.conf
PATH=$KUBE_BIN:$PATH
case $KUBE_PARTS in all | control-plane) ;; *) echo "KUBE_PARTS is all or control-plane, not $KUBE_PARTS" >&2; exit 1 ;; esac
# shellcheck disable=SC2034
CTR_SOCK=$KUBE_STATE/containerd/containerd.sock

# A process is recorded as "PID START", START being the kernel's count for
# when it began: a recycled PID is never taken for ours.
started_at() { # prints nothing for a process that is gone, or dead and not yet reaped
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [ "$1" = Z ] || [ "$1" = X ] || echo "${20}"
}
record_pid() { echo "$2 $(started_at "$2")" >"$KUBE_STATE/run/$1.pid"; }
pid_of() { # NAME: prints the PID while that very process lives
  local pid start
  read -r pid start 2>/dev/null <"$KUBE_STATE/run/$1.pid" || return 1
  [ -n "$start" ] && [ "$(started_at "$pid")" = "$start" ] || return 1
  echo "$pid"
}
stop() { # NAME [SIGNAL]: ends a recorded process and waits for it
  local pid i
  pid=$(pid_of "$1") || { rm -f "$KUBE_STATE/run/$1.pid"; return 0; }
  kill "-${2:-TERM}" "$pid" 2>/dev/null || true
  for ((i = 0; i < 100; i++)); do
    pid_of "$1" >/dev/null || break
    [ $i -ne 60 ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
  rm -f "$KUBE_STATE/run/$1.pid"
}
