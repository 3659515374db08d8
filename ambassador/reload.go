package ambassador

import (
	"path"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/pattern"
)

// The folders of certificates.
const (
	certFolder = "/certs"
	caFolder   = "/ca"
)

// reloading is a program that reads its files again at a signal.
type reloading struct {
	program []string
	reload  string   // the signal
	stop    string   // the signal that lets it end with its connections
	seconds int64    // that these have then
	folders []string // of the files, which the kubelet updates within about a minute
}

// command runs the program, and tells it when a file has changed.
func (r reloading) command(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	args := []string{"sh", "-c", runReloading, path.Base(r.program[0]), r.reload, r.stop, strconv.FormatInt(r.seconds, 10), "30", strings.Join(r.folders, " ")}
	return c.Command(append(args, r.program...)...)
}

// runReloading has as its arguments the signals for a reload and for a stop, the
// seconds after a stop, those between two looks at the files, their folders, and the
// program. The shell is PID 1: it ignores signals that it doesn't catch, and when it
// ends all else does.
const runReloading = `reload=$1 stop=$2 seconds=$3 pause=$4 folders=$5
shift 5
sums() { for folder in $folders; do cat "$folder"/*; done 2>/dev/null | sha256sum; }
main='' asked=''
ask() {
  asked=1
  [ -n "$main" ] || return
  kill -s "$stop" $main
  (sleep "$seconds"; kill $main) &
}
trap ask USR1 TERM INT
"$@" & main=$!
[ -z "$asked" ] || ask # before it was known whom
(
  old=$(sums)
  while sleep "$pause"; do
    new=$(sums)
    if [ "$new" != "$old" ]; then
      echo "files in $folders have changed"
      kill -s "$reload" $main
      old=$new
    fi
  done
) &
wait $main
code=$?
while kill -0 $main 2>/dev/null; do
  wait $main
  code=$?
done
exit $code`
