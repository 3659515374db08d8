package initc

import (
	"maps"
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/header"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// WaitForHTTPOptions changes what [WaitForHTTP] asks and for how long; the zero
// value is the default.
type WaitForHTTPOptions struct {
	// TimeoutSeconds is after how long the wait fails, give or take the last try and
	// the pause before it. Default: 120.
	TimeoutSeconds int
	// MaxIntervalSeconds bounds the pause between two tries, which begins at one
	// second and doubles. Default: 8.
	MaxIntervalSeconds int
	// Status is the one status that is good, such as 401; redirects are then not
	// followed. Default: any from 200 to 299, after redirects; wget's are 200 to 204.
	Status int
	// Headers are sent with each request, such as Host. They are printed in clear: for
	// a server that wants a password, a Status of 401 says that it is there.
	Headers map[string]string
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the server's certificate. Default: those of the image.
	CA pattern.Volume
}

// WaitForHTTP keeps the app from starting until a server gives a good answer; url
// is an http or https URL, such as http://search.prod.svc:9200/_cluster/health. At the
// timeout it fails and says so in the last line of its log, which the pod's status
// has too; so does each try before it, with the server's answer.
//
// It adds a container wait-for-<host>-<port>, as user 65534: busybox, which asks with
// wget, with 16 MiB, or, where there are options for the request or the URL is
// https, whose certificates busybox doesn't verify, curl, with 32 MiB. A try may take
// 5 seconds. When the pod is deleted meanwhile it ends at once.
//
// An app that retries by itself needs no wait: each one holds a rollout up. To wait
// for a Service of this very pod is to wait forever: it has no endpoints before the
// pod is ready.
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 16Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: mirror/busybox networking/wget.c, curl/curl-container;
// docs: curl.se/docs/manpage.html.
func WaitForHTTP(url string, opts ...WaitForHTTPOptions) pattern.InitContainer {
	o := opt.Last(opts)
	wait := WaitOptions{TimeoutSeconds: o.TimeoutSeconds, MaxIntervalSeconds: o.MaxIntervalSeconds}
	u, port, err := endpoint.URL(url, 0, "http", "https")
	if err != nil {
		return pattern.Init("wait", busyboxImage).Reject("url", url, err.Error())
	}
	status, flags := "2xx", []string{"-L"}
	if o.Status != 0 {
		status, flags = strconv.Itoa(o.Status), nil
	}
	for _, name := range slices.Sorted(maps.Keys(o.Headers)) {
		flags = append(flags, "-H", expansion.Literal(name+": "+o.Headers[name]))
	}
	none := pattern.Volume{}
	if o.CA != none {
		flags = append(flags, "--cacert", "/ca/ca.crt")
	}
	image, memory, script := curlImage, "32Mi", waitForHTTPByCurl
	if u.Scheme == "http" && o.Status == 0 && len(o.Headers) == 0 && o.CA == none {
		image, memory, script, flags = busyboxImage, "16Mi", waitForHTTP, nil
	}
	c := tells(patient(confined(pattern.Init(waitName(u.Hostname(), strconv.Itoa(port)), image), nobody), wait)).
		Command(slices.Concat([]string{"sh", "-c", script, "wait-for-http", expansion.Literal(u.String()), status}, wait.arguments(), flags)...).
		Limits("", memory).
		Dials(u.Hostname(), port)
	if o.CA != none {
		c = c.Reads(o.CA, "/ca")
	}
	if o.Status != 0 && (o.Status < 100 || o.Status > 599) {
		c = c.Reject("Status", o.Status, "want the status of an answer, from 100 to 599, such as 204")
	}
	if o.CA != none && u.Scheme == "http" {
		c = c.Reject("CA", url, "http has no certificates: want an https URL")
	}
	for _, name := range slices.Sorted(maps.Keys(o.Headers)) {
		if !header.IsName(name) {
			c = c.Reject("Headers", name, "want the name of a header, such as Host")
		}
		if o.Headers[name] == "" || !header.IsValue(o.Headers[name]) {
			c = c.Reject("Headers", o.Headers[name], name+" wants a value of one line")
		}
	}
	return c
}

var waitForHTTP = waiting("$1", `timeout 5 wget -q -O /dev/null "$1" & wait $!`, gaveNoAnswer, givesAnswer)

// waitForHTTPByCurl has curl's own flags after the arguments of every wait.
var waitForHTTPByCurl = `asked() {
  url=$1 want=$2
  shift 4
  got=$(curl -gsS -o /dev/null -w '%{http_code}' --connect-timeout 2 --max-time 5 "$@" "$url") || return 1
  [ "$got" = "$want" ] || [ "${got%??}xx" = "$want" ] || { echo "$url answers $got"; return 1; }
}
` + waiting("$1", `asked "$@" & wait $!`, gaveNoAnswer, givesAnswer)

const (
	gaveNoAnswer = "gave no good answer"
	givesAnswer  = "gives a good answer"
)
