package initc

import (
	"net"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// WaitForDNS keeps the app from starting until a name has an address, such as that
// of a headless Service, which has one as soon as a pod behind it is ready. The
// search domains of the pod are tried as well as the name itself, unless it ends in
// a dot. At the timeout it fails and says so in the last line of its log, which the
// pod's status has too.
//
// It adds a busybox container wait-for-<name>-dns, as user 65534 and with 16 MiB.
// When the pod is deleted meanwhile it ends at once.
//
// A name with an address says nothing of the server behind it, and each Service with
// a cluster IP has one from the start: [WaitForTCP] asks more. The names of
// /etc/hosts are not looked at. A name server that doesn't answer is waited for 5
// seconds, for each search domain again. To wait for a headless Service of this very pod is to
// wait forever, unless it publishes addresses that are not ready.
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 16Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: mirror/busybox networking/nslookup.c: it tries no search domain where
// the name has a dot, its exit code differs by version where one of A and AAAA is
// missing, but only an answer has a line that begins with Name.
func WaitForDNS(name string, opts ...WaitOptions) pattern.InitContainer {
	o := opt.Last(opts)
	bare, absolute := strings.CutSuffix(name, ".")
	how := "search"
	if absolute {
		how = "absolute"
	}
	c := tells(patient(confined(pattern.Init(waitName(bare, "dns"), busyboxImage), nobody), o)).
		Command(slices.Concat([]string{"sh", "-c", waitForDNS, "wait-for-dns", bare, how}, o.arguments())...)
	if !endpoint.IsHost(bare) || bare[0] == '-' || net.ParseIP(bare) != nil {
		return c.Name("wait").Reject("name", name, "want a name, such as postgres.prod.svc")
	}
	return c
}

var waitForDNS = `found() {
  nslookup "$1."
  [ "$2" = absolute ] && return
  while read -r keyword domains; do
    [ "$keyword" = search ] || continue
    for domain in $domains; do
      nslookup "$1.${domain%.}."
    done
  done </etc/resolv.conf
}
` + waiting("$1", `found "$@" 2>&1 | grep -q '^Name:' & wait $!`, "had no address", "has an address")
