package adapter

import (
	"strconv"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// ScriptOptions says what a [Script] reads, writes and serves; the zero value is
// nothing of it.
type ScriptOptions struct {
	// From is the volume that the script reads; it finds it at $IN.
	From pattern.Volume
	// To is the volume that the script writes; it finds it at $OUT.
	To pattern.Volume
	// Port is what the script listens on; it finds it in $PORT.
	Port int
	// MetricsPath is where the port serves metrics; with it the pod gets the
	// annotations that a Prometheus reads. Default: none.
	MetricsPath string
}

// Script runs a small shell script that converts what the app says: it reads one
// volume and writes another, or serves a port. The script is run by busybox, and
// again, with growing pauses, when it ends.
//
//	adapter.Script("metrics", `tail -n +1 -F "$IN/metrics.raw" | awk -F'|' '{ print $1, $2; fflush() }' >"$OUT/metrics.prom"`,
//		adapter.ScriptOptions{From: raw, To: metrics})
//
// It adds the mounts /in (read-only) and /out, and a scratch /tmp. When the pod
// stops, the script is ended at once, with all that it started. An empty script,
// and one that neither reads, writes nor serves, are errors.
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 32Mi.
//
// Options: the last of several wins as a whole.
func Script(name, script string, opts ...ScriptOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	c := pattern.Adapter(name, busyboxImage).
		Command("sh", "-c", runScript, name, expansion.Literal(script)).
		Scratch("/tmp", "16Mi").
		Requests("5m", "8Mi").Limits("", "32Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true)
	none := pattern.Volume{}
	if script == "" {
		c = c.Reject("script", script, "want a shell script")
	}
	if o.From == none && o.To == none && o.Port == 0 {
		c = c.Reject("options", "", "say what the script reads (From), writes (To) or serves (Port)")
	}
	if o.From != none {
		c = c.Reads(o.From, "/in").Env("IN", "/in")
	}
	if o.To != none {
		c = c.Writes(o.To, "/out").Env("OUT", "/out")
	}
	if o.Port != 0 {
		c = c.Port("script", o.Port).Env("PORT", strconv.Itoa(o.Port))
	}
	switch {
	case o.MetricsPath != "" && o.Port == 0:
		c = c.Reject("MetricsPath", o.MetricsPath, "needs a Port")
	case o.MetricsPath != "":
		c = c.Scrape("script", o.MetricsPath)
	}
	return c
}

// runScript has the script as its argument. A shell that is PID 1 ignores TERM
// unless it catches it, and catches it only while it waits; when it ends, all
// other processes of the container do.
const runScript = `trap 'kill $! 2>/dev/null; exit 0' TERM INT
sh -c "$1" "$0" & wait $!`
