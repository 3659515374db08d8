package initc

import (
	"net"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern"
)

// WaitOptions changes how a wait goes on; the zero value is the default.
type WaitOptions struct {
	// TimeoutSeconds is after how long the wait fails, give or take the last pause.
	// Default: 120.
	TimeoutSeconds int
	// MaxIntervalSeconds bounds the pause between two tries, which begins at one
	// second and doubles. Default: 8.
	MaxIntervalSeconds int
}

// WaitForTCP keeps the app from starting until a server accepts connections; addr
// is its host:port. At the timeout it fails and says so in the last line of its log:
// the kubelet starts it again, with growing pauses, and the pod shows it
// (Init:Error), where a wait without an end would hide in Init:0/1.
//
// An app that retries by itself needs no wait: each one holds a rollout up. And a
// Service whose pods have a proxy before them accepts before its server does.
//
// Options: the last of several wins as a whole.
//
// upstream: docker-library/busybox (nc with -e, as its default configuration and
// Debian's have; -z is missing in some).
func WaitForTCP(addr string, opts ...WaitOptions) pattern.InitContainer {
	o := WaitOptions{}
	if len(opts) > 0 {
		o = opts[len(opts)-1]
	}
	if o.TimeoutSeconds == 0 {
		o.TimeoutSeconds = 120
	}
	if o.MaxIntervalSeconds == 0 {
		o.MaxIntervalSeconds = 8
	}
	host, digits, err := net.SplitHostPort(addr)
	port, errPort := strconv.Atoi(digits)
	c := pattern.Init(waitName(host, digits), "docker.io/library/busybox:1.38.0").
		Command("sh", "-c", waitForTCP, "wait-for-tcp", host, digits, strconv.Itoa(o.TimeoutSeconds), strconv.Itoa(o.MaxIntervalSeconds)).
		Requests("5m", "8Mi").Limits("", "16Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true)
	if o.TimeoutSeconds < 1 {
		c = c.Reject("TimeoutSeconds", o.TimeoutSeconds, "want a positive number")
	}
	if o.MaxIntervalSeconds < 1 {
		c = c.Reject("MaxIntervalSeconds", o.MaxIntervalSeconds, "want a positive number")
	}
	switch {
	case err != nil || host == "":
		return c.Name("wait").Reject("addr", addr, "want host:port, such as db:5432")
	case errPort != nil || port < 1 || port > 65535 || strconv.Itoa(port) != digits:
		return c.Name("wait").Reject("addr", addr, "the port must be between 1 and 65535")
	}
	return c.Dials(host, port)
}

// waitName names the container after what it waits for: the first part of a name,
// or the whole of an address.
func waitName(host, port string) string {
	if net.ParseIP(host) == nil {
		host, _, _ = strings.Cut(host, ".")
	}
	host = strings.NewReplacer(".", "-", ":", "-", "_", "-").Replace(strings.ToLower(host))
	return names.Join(names.Label, "wait-for", strings.Trim(host, "-"), port)
}

// waitForTCP has the host, the port, the timeout and the longest pause as its
// arguments. The shell is PID 1, which ignores signals that it doesn't catch;
// and it catches one only between two commands, so it waits for a sleep that runs
// beside it.
const waitForTCP = `trap 'echo "stopped while waiting for $1:$2"; exit 143' TERM INT
deadline=$(($(date +%s) + $3))
pause=1
until timeout 3 nc -w 2 "$1" "$2" -e /bin/true >/dev/null 2>&1; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "gave up: $1:$2 accepted no connection within $3 seconds"
    exit 1
  fi
  echo "waiting for $1:$2"
  sleep "$pause" & wait $!
  pause=$((pause * 2 < $4 ? pause * 2 : $4))
done
echo "$1:$2 accepts connections"
`
