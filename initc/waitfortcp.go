package initc

import (
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// WaitForTCP keeps the app from starting until a server accepts connections; addr
// is its host:port. At the timeout it fails and says so in the last line of its log,
// which the pod's status has too: the kubelet starts it again, with growing pauses,
// and the pod shows it (Init:Error), where a wait without an end would hide in
// Init:0/1.
//
// It adds a busybox container wait-for-<host>-<port>, as user 65534 and with 16 MiB.
// When the pod is deleted meanwhile it ends at once.
//
// An app that retries by itself needs no wait: each one holds a rollout up. And a
// Service whose pods have a proxy before them accepts before its server does. To
// wait for a Service of this very pod is to wait forever: it has no endpoints
// before the pod is ready.
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 16Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: docker-library/busybox (nc with -e, as its default configuration and
// Debian's have; -z is missing in some).
func WaitForTCP(addr string, opts ...WaitOptions) pattern.InitContainer {
	o := opt.Last(opts)
	host, port, err := endpoint.HostPort(addr)
	digits := strconv.Itoa(port)
	c := tells(patient(confined(pattern.Init(waitName(host, digits), busyboxImage), nobody), o)).
		Command(slices.Concat([]string{"sh", "-c", waitForTCP, "wait-for-tcp", host, digits}, o.arguments())...)
	if err != nil {
		return c.Name("wait").Reject("addr", addr, err.Error())
	}
	return c.Dials(host, port)
}

var waitForTCP = waiting("$1:$2", `timeout 3 nc -w 2 "$1" "$2" -e /bin/true >/dev/null 2>&1`,
	"accepted no connection", "accepts connections")
