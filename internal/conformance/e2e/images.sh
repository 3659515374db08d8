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

# end of the functions
[ $# -gt 0 ] || mapfile -t all < <(declare -F | awk '{ print $3 }' | grep -vx image)
for name in "${@:-${all[@]}}"; do "$name"; done
