#!/usr/bin/env bash
# Loads the images that the tests use into the cluster of ../cluster, under the names that
# the manifests have: programs of Debian, of the Go module proxy, and stand-ins for those
# that can't be had.
#   images.sh            all
#   images.sh NAME...    some
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
image() { "$here/../cluster/image.sh" "$@"; }

# each function below loads one image, or a few that belong together

# what the library's shell helpers run, and the tests' own containers
busybox_images() {
  image docker.io/library/busybox:1.38.0 --tag docker.io/library/busybox:1.36 --busybox --cmd '["sh"]'
}

# debian runs image with the packages of another release of Debian than this one, for
# programs that must be nearly as new as those of the manifests.
debian() {
  local suite=$1 apt=${TMPDIR:-/tmp}/podpattern-apt-$1
  shift
  mkdir -p "$apt"/lists/partial "$apt"/cache/partial
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $suite main" >"$apt/sources.list"
  printf '%s\n' "Dir::Etc::sourcelist \"$apt/sources.list\";" 'Dir::Etc::sourceparts "/dev/null";' "Dir::State::lists \"$apt/lists\";" \
    "Dir::Cache \"$apt/cache\";" 'APT::Sandbox::User "root";' >"$apt/apt.conf"
  [ -n "$(find "$apt/updated" -mmin -600 2>/dev/null)" ] || { APT_CONFIG=$apt/apt.conf apt-get -qq update && touch "$apt/updated"; }
  APT_CONFIG=$apt/apt.conf image "$@"
}
# program gives the path of one that ../programs.sh has built, and builds it if need be.
program() {
  local bin=$HOME/.cache/podpattern/programs
  [ -x "$bin/$1" ] || "$here/../programs.sh" "$bin" >&2
  echo "$bin/$1"
}

# ambassadors and reverse proxies
haproxy_image() {
  debian forky docker.io/library/haproxy:3.4.3-alpine --deb haproxy --busybox --adduser haproxy:99 --user haproxy --stop-signal SIGUSR1 \
    --entrypoint '["haproxy","-W","-db"]' --cmd '["-f","/usr/local/etc/haproxy/haproxy.cfg"]'
}
nginx_image() {
  debian forky docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim --deb nginx-light --busybox --adduser nginx:101 --user 101 --stop-signal SIGQUIT \
    --entrypoint '["nginx","-g","daemon off;"]'
}
pgbouncer_image() {
  debian forky docker.io/edoburu/pgbouncer:v1.25.2-p0 --deb pgbouncer --deb netcat-openbsd --busybox --adduser postgres:70 --user 70 \
    --run '[ -e usr/bin/pgbouncer ] || ln -s ../sbin/pgbouncer usr/bin/; ln -sf nc.openbsd usr/bin/nc' --entrypoint '["/usr/bin/pgbouncer"]'
}
curl_image() {
  debian forky docker.io/curlimages/curl:8.21.0 --deb curl --deb ca-certificates --busybox --adduser curl_user:100 --user 100 --entrypoint '["curl"]' \
    --run 'mkdir -p etc/ssl/certs && find usr/share/ca-certificates -name "*.crt" -exec cat {} + >etc/ssl/certs/ca-certificates.crt'
}

# servers behind them; of the official image of PostgreSQL this has what the tests use
postgres_image() {
  image docker.io/library/postgres:15 --deb postgresql-15 --deb postgresql-client-15 --busybox --adduser postgres:999 --mkdir /var/lib/postgresql/data:999 \
    --env PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin:/usr/sbin:/sbin --env PGDATA=/var/lib/postgresql/data --stop-signal SIGINT \
    --entrypoint '["docker-entrypoint.sh"]' --cmd '["postgres"]' --run 'mkdir -p var/run/postgresql docker-entrypoint-initdb.d run/postgresql
      chmod 1777 run/postgresql
      cat >usr/bin/docker-entrypoint.sh <<"S"
#!/bin/sh
set -e
case $1 in -*) set -- postgres "$@" ;; esac
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" >/tmp/password
  initdb -U "${POSTGRES_USER:-postgres}" -A scram-sha-256 --pwfile /tmp/password --no-sync --no-instructions --locale=C.UTF-8 >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl -w -o "-c listen_addresses=" start >/dev/null
  for f in /docker-entrypoint-initdb.d/*.sql; do
    [ ! -e "$f" ] || PGPASSWORD=$POSTGRES_PASSWORD psql -X -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -f "$f"
  done
  pg_ctl -w -m fast stop >/dev/null
fi
[ "$1" != postgres ] || { shift && set -- postgres -c "listen_addresses=*" "$@"; }
exec "$@"
S
      chmod 755 usr/bin/docker-entrypoint.sh'
}
redis_image() {
  image docker.io/library/redis:7 --deb redis-server --deb redis-tools --busybox --adduser redis:999 --mkdir /data:999 --workdir /data --entrypoint '["redis-server"]' --cmd '["--protected-mode","no"]'
}

# metrics, traces, migrations
mtail_image() { debian trixie ghcr.io/google/mtail:3.0.9 --deb mtail --entrypoint '["/usr/bin/mtail"]'; }
statsd_exporter_image() { image quay.io/prometheus/statsd-exporter:v0.30.0 --bin "$(program statsd_exporter):/bin/statsd_exporter" --user 65534 --entrypoint '["/bin/statsd_exporter"]'; }
migrate_image() { image docker.io/migrate/migrate:v4.19.1 --bin "$(program migrate):/usr/local/bin/migrate" --entrypoint '["migrate"]'; }
otelcol_image() {
  image docker.io/otel/opentelemetry-collector:0.159.0 --tag docker.io/otel/opentelemetry-collector-contrib:0.159.0 --bin "$(program otelcol):/otelcol" --user 10001 \
    --entrypoint '["/otelcol"]' --cmd '["--config","/etc/otelcol/config.yaml"]'
}

# memcached has a name as its user, which is all that the tests ask of it
memcached() { image memcached:1.6.39 --busybox --user memcache --adduser memcache:11211; }

# the pods of tutorials (../../../examples/seeds); images that nobody publishes and programs
# that can't be had are stand-ins
# stand_in makes an image of busybox that runs a script; options after it are image's.
stand_in() {
  local name=$1 script=$2
  shift 2
  image "$name" --busybox --entrypoint "$(jq -cn --arg s "$script" '["sh","-c",$s]')" "$@"
}
seed_nginx_image() { TAGS=nginx:1.25-alpine "$here/../cluster/images.sh" nginx; }
seed_haproxy_image() { "$here/../cluster/images.sh" haproxy; }
# A server that curl trusts: the certificate of one is in the bundle of the other.
seed_config_server_image() {
  local keys
  keys=$(mktemp -d)
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=config-server \
    -addext subjectAltName=DNS:config-server -keyout "$keys/tls.key" -out "$keys/tls.crt" 2>/dev/null
  image curlimages/curl:latest --deb curl --busybox --adduser curl_user:100 --user 100 --entrypoint '["curl"]' "$keys/tls.crt:/etc/ssl/certs/ca-certificates.crt"
  image config-server:1 --deb nginx-light --busybox --adduser nginx:101 "$keys:/tls" --entrypoint '["nginx","-g","daemon off;"]' --run 'cat >etc/nginx/nginx.conf <<"C"
events {}
http {
  server {
    listen 443 ssl;
    ssl_certificate /tls/tls.crt;
    ssl_certificate_key /tls/tls.key;
    location = /app.conf { return 200 "mode=tutorial\n"; }
  }
}
C'
  rm -r "$keys"
}
# The repository of the tutorial is a server named git-server.
seed_git_images() {
  local config='printf "[url \"http://git-server/repo.git\"]\n  insteadOf = https://github.com/user/repo.git\n" >etc/gitconfig'
  image alpine/git:latest --deb git --busybox --workdir /git --mkdir /git --run "$config" --entrypoint '["git"]'
  image k8s.gcr.io/git-sync:v3.6.3 --deb git --busybox --adduser git-sync:65533 --user 65533 --run "$config" --env HOME=/tmp --entrypoint "$(jq -cn --arg s '
    cd /tmp/git
    while true; do
      if [ -d "$GIT_SYNC_DEST" ]; then git -C "$GIT_SYNC_DEST" pull; else git clone "$GIT_SYNC_REPO" "$GIT_SYNC_DEST"; fi
      sleep "$GIT_SYNC_WAIT"
    done' '["sh","-c",$s]')"
}
# The app of most tutorials: it serves what they ask of it, and finds its database.
seed_myapp_image() {
  image myapp:latest --tag myapp:1.0 --tag my-app:latest --tag my-web-app:latest --deb nginx-light --busybox --bin "$(psql_program):/usr/bin/psql" --adduser nginx:101 \
    --env PGUSER=postgres --env PGPASSWORD=tutorial --env PGCONNECT_TIMEOUT=3 --entrypoint /myapp --run 'cat >myapp <<"S"
#!/bin/sh
[ ! -f /etc/app/app.conf ] || sed "s/^/configured: /" /etc/app/app.conf
host=${DATABASE_HOST:-$DB_HOST} port=${DATABASE_PORT:-$DB_PORT}
[ -z "$host" ] || (until psql -h "$host" -p "$port" -tAc "select '\''database '\'' || '\''answers at $host:$port'\''"; do sleep 1; done) &
exec nginx -g "daemon off;"
S
chmod 755 myapp
cat >etc/nginx/nginx.conf <<"C"
error_log /dev/stderr notice;
pid /run/nginx.pid;
events {}
http {
  access_log /dev/stdout;
  server {
    listen 8080;
    location = /metrics { stub_status; }
    location = /stats { return 200 "requests|$connection_requests|GET\nconnections|$connections_active|ALL\n"; }
    location = /health { return 200 "healthy\n"; }
    location = /ready { return 200 "ready\n"; }
    location / { return 200 "myapp\n"; }
  }
}
C'
}
# psql_program gives the path of Debian's psql, and installs it if need be.
psql_program() {
  ls /usr/lib/postgresql/*/bin/psql >/dev/null 2>&1 || apt-get -qq install -y --no-install-recommends postgresql-client-15 >&2
  ls /usr/lib/postgresql/*/bin/psql | head -1
}
seed_exporter_images() {
  image nginx/nginx-prometheus-exporter:latest --tag prom/nginx-exporter:latest --deb prometheus-nginx-exporter --user 65534 --entrypoint /usr/bin/prometheus-nginx-exporter
  image prom/node-exporter --deb prometheus-node-exporter --user 65534 --entrypoint /usr/bin/prometheus-node-exporter
}
# The commands of these are in the manifests; the images have the programs that they call.
seed_test_logger_images() {
  image my-test-logger:latest --tag log-reader:latest --deb bash --deb coreutils --deb uuid-runtime
  image log-transformer:latest --busybox
}
seed_cloud_sql_proxy_image() { # -instances=NAME=tcp:PORT goes to the Service cloud-sql
  image gcr.io/cloudsql-docker/gce-proxy:latest --busybox --deb socat --user 65532 --run 'cat >cloud_sql_proxy <<"S"
#!/bin/sh
exec socat "TCP-LISTEN:${1##*tcp:},bind=127.0.0.1,fork,reuseaddr" TCP:cloud-sql:5432
S
chmod 755 cloud_sql_proxy'
}
seed_stand_in_images() {
  stand_in legacy-app:latest 'n=0; while true; do n=$((n + 1)); echo "$(date +%FT%T) INFO request-$n" >>/var/log/app/app.log; sleep 0.05; done'
  stand_in sidecar:latest 'trap exit TERM; while true; do sleep 3600 & wait $!; done'
  stand_in metrics-converter:latest 'mkdir -p /tmp/www; httpd -p 9090 -h /tmp/www
    while sleep 1; do
      wget -q -O- "$SOURCE_METRICS_URL" | awk -F"|" "{ printf \"app_%s{method=\\\"%s\\\"} %s\\n\", \$1, \$3, \$2 }" >/tmp/www/metrics.new && mv /tmp/www/metrics.new /tmp/www/metrics
    done'
  stand_in fluent/fluentd:v1.16 '[ -f "/fluentd/etc/$FLUENTD_CONF" ] && nc -ll -p 24224 -e /bin/cat & exec tail -n +1 -F /var/log/nginx/access.log' \
    --mkdir /fluentd/etc --run 'touch fluentd/etc/fluent.conf' --env FLUENTD_CONF=fluent.conf --user 100
  stand_in fluent/fluent-bit 'mkdir -p /tmp/www; echo "{}" >/tmp/www/index.html; exec httpd -f -p 2020 -h /tmp/www'
  stand_in jaegertracing/jaeger-agent 'mkdir -p /tmp/www; echo "{}" >/tmp/www/sampling; exec httpd -f -p 5778 -h /tmp/www'
  stand_in istio/proxyv2:1.20.0 'mkdir -p /tmp/www/healthz; echo ready >/tmp/www/healthz/ready; exec httpd -f -p 15021 -h /tmp/www' --user 1337
  stand_in envoyproxy/envoy:v1.28 'mkdir -p /tmp/www; echo LIVE >/tmp/www/ready
    admin=$(awk "/^admin:/ { a = 1 } a && /port_value/ { gsub(/[^0-9]/, \"\"); print; exit }" /etc/envoy/envoy.yaml) && exec httpd -f -p "${admin:?no admin}" -h /tmp/www'
}

# what ../../../examples/quickstart runs beside haproxy, busybox and the stand-in of Fluent Bit
quickstart_images() {
  debian forky docker.io/nginxinc/nginx-unprivileged:1.30.4 --deb nginx-light --busybox --adduser nginx:101 --user 101 --stop-signal SIGQUIT \
    --entrypoint '["nginx","-g","daemon off;"]' --run 'mkdir -p usr/share/nginx/html var/log/nginx && chown -R 101:101 var/log/nginx
      echo "<h1>Welcome to nginx!</h1>" >usr/share/nginx/html/index.html
      cat >etc/nginx/nginx.conf <<"C"
worker_processes 1;
error_log /var/log/nginx/error.log notice;
pid /tmp/nginx.pid;
events {}
http {
  include /etc/nginx/mime.types;
  access_log /var/log/nginx/access.log;
  client_body_temp_path /tmp/client_temp;
  proxy_temp_path /tmp/proxy_temp;
  fastcgi_temp_path /tmp/fastcgi_temp;
  uwsgi_temp_path /tmp/uwsgi_temp;
  scgi_temp_path /tmp/scgi_temp;
  server {
    listen 8080;
    location / { root /usr/share/nginx/html; index index.html; }
  }
}
C'
}
# end of the tutorials

# helpers that keep files up to date
config_reloader_image() {
  local bin=${TMPDIR:-/tmp}/podpattern-config-reloader
  CGO_ENABLED=0 GOWORK=off go -C "$here/configreloader" build -o "$bin" github.com/prometheus-operator/prometheus-operator/cmd/prometheus-config-reloader
  image quay.io/prometheus-operator/prometheus-config-reloader:v0.93.0 --user 65534 --entrypoint /bin/prometheus-config-reloader "$bin:/bin/prometheus-config-reloader"
}
# git-sync can't be had from the Go module proxy: this does with Git what it does by these
# flags. The image has a Git server's program too, for the tests.
git_sync_image() {
  image registry.k8s.io/git-sync/git-sync:v4.7.1 --deb git --deb openssh-client --deb ca-certificates --busybox --adduser git-sync:65533 --user 65533 \
    --env HOME=/tmp --entrypoint /git-sync --run 'cat >git-sync <<"S"
#!/bin/sh
echo "stand-in for git-sync: uid $(id -u), gid $(id -g)"
period=10s max_failures=0
for flag; do
  name=${flag%%=*} value=true
  case $flag in *=*) value=${flag#*=} ;; esac
  export "$(echo "${name#--}" | tr - _)=$value"
done
synced() {
  hash=$(timeout "$sync_timeout" git ls-remote --exit-code "$repo" "$ref") && hash=${hash%%[!0-9a-f]*} || return 1
  tree=${root#"${link%/*}"/}/$hash # other containers mount the volume elsewhere
  [ "$(readlink "$link")" != "$tree" ] || return 0
  git init -q "$root/$hash" && cd "$root/$hash" || return 1
  timeout "$sync_timeout" git fetch -q --depth "$depth" "$repo" "$hash" && git checkout -q FETCH_HEAD || return 1
  ln -sfn "$tree" "$link.new" && mv -T "$link.new" "$link"
}
mkdir -p "$root" && cd "$root" || exit 1
failures=0 listens=
while true; do
  if synced; then
    failures=0
    [ -z "$one_time" ] || exit 0
    if [ -n "$http_bind" ] && [ -z "$listens" ]; then
      mkdir -p /tmp/www && echo ok >/tmp/www/index.html && httpd -p "${http_bind#:}" -h /tmp/www && listens=yes
    fi
  else
    failures=$((failures + 1)) most=$max_failures
    [ -n "$listens" ] || most=${init_max_failures:-$most}
    echo "error syncing repo, failure $failures"
    [ "$most" -lt 0 ] || [ "$failures" -lt "$most" ] || exit 1
  fi
  wait=$period
  [ -n "$listens" ] || wait=${init_period:-$period}
  sleep "$wait"
done
S
chmod 755 git-sync'
}

# examples that run in a cluster, under the names that their manifests have
incluster_images() {
  local name folder out
  out=$(mktemp -d)
  for name in webhook controller; do
    folder=$here/../../../examples/$name
    CGO_ENABLED=0 go -C "$folder" build -trimpath -o "$out/$name" .
    image "$(sed -n 's/^ *image: //p' "$folder/manifests.yaml")" "$out/$name:/$name" --user 65532 --entrypoint "[\"/$name\"]"
  done
  rm -r "$out"
}
# the other helpers of the catalogue, for the pods of catalogue_test.go
exporter_images() {
  debian forky docker.io/nginx/nginx-prometheus-exporter:1.5.3 --deb prometheus-nginx-exporter --user 1001 --entrypoint '["/usr/bin/prometheus-nginx-exporter"]'
  debian forky docker.io/oliver006/redis_exporter:v1.88.0 --deb prometheus-redis-exporter --user 59000 --entrypoint '["/usr/bin/prometheus-redis-exporter"]'
  debian forky quay.io/prometheuscommunity/postgres-exporter:v0.20.1 --deb prometheus-postgres-exporter --user nobody --entrypoint '["/usr/bin/prometheus-postgres-exporter"]'
  debian forky quay.io/prometheus/mysqld-exporter:v0.20.0 --deb prometheus-mysqld-exporter --user nobody --entrypoint '["/usr/bin/prometheus-mysqld-exporter"]'
}
cloud_sql_proxy_image() { image gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.25.3 --bin "$(program cloud-sql-proxy):/cloud-sql-proxy" --user 65532 --entrypoint '["/cloud-sql-proxy"]'; }
# stand_ins makes images of ./standin, which is each program by the name it is called by.
# Those of programs with no shell have none either.
stand_ins() {
  local built
  built=$(mktemp -d)
  CGO_ENABLED=0 GOFLAGS='' GOWORK=off go -C "$here" build -trimpath -ldflags=-s -o "$built/standin" ./standin
  stood() { # NAME PATH option...
    local name=$1 path=$2
    shift 2
    image "$name" "$built/standin:$path" --entrypoint "[\"$path\"]" "$@"
  }
  mkdir -p "$built/certs" && cp /etc/ssl/certs/ca-certificates.crt "$built/certs/"
  stood docker.io/library/web:1.4 /web
  stood cr.fluentbit.io/fluent/fluent-bit:5.1.1 /fluent-bit/bin/fluent-bit
  stood docker.io/timberio/vector:0.57.0-distroless-static /usr/local/bin/vector
  stood docker.io/fluent/fluentd:v1.19.3-debian-1.0 /usr/bin/fluentd --busybox --adduser fluent:999 --user fluent
  stood docker.elastic.co/beats/filebeat:9.5.4 /usr/share/filebeat/filebeat --busybox --adduser filebeat:1000 --user filebeat --workdir /usr/share/filebeat
  stood docker.io/grafana/alloy:v1.18.1 /bin/alloy --busybox
  stood docker.io/envoyproxy/envoy:distroless-v1.39.1 /usr/local/bin/envoy --user 65532 "$built/certs:/etc/ssl/certs"
  stood quay.io/prometheuscommunity/json-exporter:v0.7.0 /bin/json_exporter --user nobody
  stood quay.io/oauth2-proxy/oauth2-proxy:v7.15.3 /bin/oauth2-proxy --user 65532
  stood quay.io/kiwigrid/k8s-sidecar:2.10.1 /usr/bin/k8s-sidecar --busybox --user 65534
  stood docker.io/hashicorp/vault:2.0.4 /bin/vault --busybox --adduser vault:100
  stood ghcr.io/spiffe/spiffe-helper:0.11.0 /spiffe-helper
  stood docker.io/hairyhenderson/gomplate:v5.2.0 /bin/gomplate
  stood docker.io/flyway/flyway:12.11.0-alpine /flyway/flyway --busybox
  stood docker.io/liquibase/liquibase:5.0.2 /liquibase/liquibase --busybox --adduser liquibase:1001 --user liquibase
  stood docker.io/stand-in/otelcol:0.159.0 /otelcol --user 10001
  rm -r "$built"
  unset -f stood
}
# what a team would bring itself
own_images() {
  image registry.example.com/agent:1.6.0 --busybox --run 'mkdir -p opt/agent/lib && echo agent >opt/agent/agent.so && echo more >opt/agent/lib/more'
  image registry.example.com/jmx-agent:1.6.0 --busybox --run 'echo jar >jmx_prometheus_javaagent-1.6.0.jar'
  image registry.example.com/check:1.4 --busybox --run 'printf "#!/bin/sh\necho \"checked \$*\"\n" >bin/check && chmod 755 bin/check'
}

# end of the functions
[ $# -gt 0 ] || mapfile -t all < <(declare -F | awk '{ print $3 }' | grep -vxE 'image|debian|program|stand_in|stood|psql_program')
for name in "${@:-${all[@]}}"; do "$name"; done
