#!/usr/bin/env bash
# Real programs from Debian as images, under the names that manifests use:
#   images.sh RECIPE...     (no argument: lists them; "all" makes all)
# The version is Debian's, whatever the tag says. Add a tag to a recipe with
# image.sh's --tag, by TAGS="name:tag ..." images.sh RECIPE.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
extra=()
for t in ${TAGS:-}; do extra+=(--tag "$t"); done
make() { "$here/image.sh" "$@" ${extra[@]+"${extra[@]}"}; }

nginx() {
  make nginx:1.25 --tag nginx:latest --tag nginx:alpine --deb nginx-light --busybox --adduser nginx:101 --port 80 \
    --mkdir /var/cache/nginx --mkdir /etc/nginx/conf.d \
    --run "mkdir -p usr/share/nginx/html etc/nginx/conf.d var/lib/nginx var/log/nginx docker-entrypoint.d
      ln -sf /dev/stdout var/log/nginx/access.log; ln -sf /dev/stderr var/log/nginx/error.log
      cat >usr/share/nginx/html/index.html <<H
<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body></html>
H
      cat >etc/nginx/nginx.conf <<'C'
user nginx;
worker_processes 1;
error_log /var/log/nginx/error.log notice;
pid /var/run/nginx.pid;
events { worker_connections 512; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /var/log/nginx/access.log;
  sendfile on;
  include /etc/nginx/conf.d/*.conf;
}
C
      cat >etc/nginx/conf.d/default.conf <<'C'
server {
  listen 80;
  server_name localhost;
  location / { root /usr/share/nginx/html; index index.html; }
}
C" --entrypoint '["nginx","-g","daemon off;"]'
}
haproxy() {
  make haproxy:2.8 --tag haproxy:latest --deb haproxy --busybox --adduser haproxy:99 --mkdir /var/lib/haproxy:99 \
    --mkdir /usr/local/etc/haproxy --user haproxy --entrypoint '["haproxy"]' --cmd '["-W","-db","-f","/usr/local/etc/haproxy/haproxy.cfg"]'
}
pgbouncer() {
  make pgbouncer:1.18 --tag pgbouncer:latest --tag bitnami/pgbouncer:latest --tag edoburu/pgbouncer:latest --deb pgbouncer --busybox \
    --adduser postgres:70 --user 70 --port 5432 --entrypoint '["pgbouncer"]' --cmd '["/etc/pgbouncer/pgbouncer.ini"]'
}
stunnel() {
  make stunnel:5 --tag stunnel:latest --deb stunnel4 --busybox --deb openssl \
    --entrypoint '["stunnel4"]' --cmd '["/etc/stunnel/stunnel.conf"]'
}
redis() {
  make redis:7 --tag redis:latest --tag redis:7-alpine --deb redis-server --deb redis-tools --busybox --adduser redis:999 --mkdir /data:999 --workdir /data \
    --port 6379 --entrypoint '["redis-server"]' --cmd '["--protected-mode","no"]'
}
curl() {
  make curlimages/curl:latest --tag curlimages/curl:8.5.0 --deb curl --deb ca-certificates --busybox --adduser curl_user:100 --user 100 --entrypoint '["curl"]'
}
git() {
  make alpine/git:latest --deb git --busybox --workdir /git --mkdir /git --entrypoint '["git"]'
}
socat() {
  make alpine/socat:latest --tag socat:latest --deb socat --busybox --entrypoint '["socat"]'
}
python() {
  make python:3.11 --tag python:3 --tag python:3.11-slim --tag python:3-slim --tag python:3.11-alpine --deb python3 --busybox \
    --run "ln -sf python3 usr/bin/python" --cmd '["python3"]'
}
recipes=(nginx haproxy pgbouncer stunnel redis curl git socat python)
[ $# -gt 0 ] || { echo "recipes: ${recipes[*]}"; exit 0; }
[ "$*" != all ] || set -- "${recipes[@]}"
for r in "$@"; do
  case " ${recipes[*]} " in *" $r "*) "$r" ;; *) echo "images: no recipe $r (there are: ${recipes[*]})" >&2; exit 1 ;; esac
done
