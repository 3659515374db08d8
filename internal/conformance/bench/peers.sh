#!/usr/bin/env bash
# Installs the programs that the library is compared with into the folder that is the
# first argument, which must stand in PATH when the tests run. What is there already is
# left alone. It needs Go; npm, and valgrind for the counts of instructions, come from
# Debian where they are missing.
set -euo pipefail
cd "$(dirname "$0")"
bin=${1:?"usage: peers.sh FOLDER"}
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)

missing=()
for program in valgrind npm; do
  command -v "$program" >/dev/null || missing+=("$program")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

# installed installs a Go program, unless its very version is there. Each has modules of
# its own: in one go.mod they would change one another's.
installed() {
  local module=$1 name=$2
  [ "$(cat "$bin/.$name" 2>/dev/null)" = "$module" ] && return
  GOBIN=$bin GOFLAGS='' GOWORK=off CGO_ENABLED=0 go install "$module"
  echo "$module" >"$bin/.$name"
}
installed github.com/google/go-jsonnet/cmd/jsonnet@v0.22.0 jsonnet
installed sigs.k8s.io/kustomize/kustomize/v5@v5.8.2 kustomize
installed cuelang.org/go/cmd/cue@v0.17.1 cue
installed helm.sh/helm/v4/cmd/helm@v4.3.1 helm

# cdk8s is a library: cdk8s-node runs a program that is written with it.
lock=$(sha256sum <peers/cdk8s/package-lock.json)
if [ "$(cat "$bin/.cdk8s" 2>/dev/null)" != "$lock" ]; then
  mkdir -p "$bin/cdk8s"
  cp peers/cdk8s/package.json peers/cdk8s/package-lock.json peers/cdk8s/.npmrc "$bin/cdk8s"
  npm ci --prefix "$bin/cdk8s" --no-audit --no-fund --ignore-scripts
  printf '#!/bin/sh\nNODE_PATH=%q exec node "$@"\n' "$bin/cdk8s/node_modules" >"$bin/cdk8s-node"
  chmod +x "$bin/cdk8s-node"
  echo "$lock" >"$bin/.cdk8s"
fi
