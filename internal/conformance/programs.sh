#!/usr/bin/env bash
# Installs the programs that the tests of this folder run: packages of Debian, and
# Go programs into the folder that is the first argument, which must stand in PATH
# when the tests run. What is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")"
bin=${1:?"usage: programs.sh FOLDER"}
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)

# program and package
packages=(
  haproxy:haproxy
  busybox:busybox
  nginx:nginx-light
  pgbouncer:pgbouncer
  stunnel4:stunnel4
  redis-server:redis-server
  prometheus-redis-exporter:prometheus-redis-exporter
  mtail:mtail
  promtool:prometheus
  envsubst:gettext-base
  curl:curl
  shellcheck:shellcheck
  lua5.1:lua5.1
  ruby:ruby
  git:git
  gcc:gcc
  pg_ctlcluster:postgresql-15
  node:nodejs
  npm:npm
)
missing=()
for p in "${packages[@]}"; do
  PATH=$PATH:/usr/sbin command -v "${p%%:*}" >/dev/null || missing+=("${p##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -q
  # Nothing that comes with a package need run as a service here; libc6-dev is what
  # the race detector links with.
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" libc6-dev
  rm /usr/sbin/policy-rc.d
fi

# installed installs a Go program, unless its very version is there.
installed() {
  local module=$1 name=$2
  shift 2
  [ "$(cat "$bin/.$name" 2>/dev/null)" = "$module" ] && return
  GOBIN=$bin GOFLAGS= GOWORK=off go install "$@" "$module"
  echo "$module" >"$bin/.$name"
}
installed github.com/prometheus/statsd_exporter@v0.31.0 statsd_exporter
installed github.com/GoogleCloudPlatform/cloud-sql-proxy/v2@v2.27.0 cloud-sql-proxy
installed github.com/golang-migrate/migrate/v4/cmd/migrate@v4.20.1 migrate -tags=postgres,file,stub

# The OpenTelemetry collector is a module of its own, of the parts that the tests need.
GOFLAGS= GOWORK=off go -C otelcol build -o "$bin/otelcol" .

# vrl runs programs in Vector's language: it reads [{"program": …, "line": …}], and
# prints a record, or what is wrong with the program, for each.
verel=@bpinternal/verel@0.2.0
if [ "$(cat "$bin/.vrl" 2>/dev/null)" != "$verel" ]; then
  npm install --prefix "$bin" --no-save --no-audit --no-fund --ignore-scripts "$verel"
  cat >"$bin/vrl" <<'EOF'
#!/usr/bin/env node
const vrl = require('@bpinternal/verel')
const run = ({ program, line }) => {
  const { errors } = vrl.check(program)
  if (errors.length) return { error: vrl.formatDiagnostic(errors[0]) }
  return { record: vrl.execute(program, { message: line, file: '/logs/a.log' }).event }
}
console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(run)))
EOF
  chmod +x "$bin/vrl"
  echo "$verel" >"$bin/.vrl"
fi
