package sidecar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// ConfigReloaderOptions changes what [ConfigReloader] does; the zero value is the
// default.
type ConfigReloaderOptions struct {
	// Folder is the part of the volume that is watched, as a relative path, such as
	// current; it must be there at the start, so add who writes it first. Default: all
	// of it.
	Folder string
	// PeriodSeconds is how often the files are read to see whether they changed.
	// Default: 5 with ReloadBySignal; 60 with ReloadByPost, which hears of a change in
	// the folder itself at once, but not of one in a folder below it, nor of a Folder
	// that is a link, such as GitSync's current.
	PeriodSeconds int
	// Port serves health and metrics with ReloadByPost. Default: 9533, or the next
	// one that is free in the pod; a port that is set here does not move.
	Port int
}

// Reload is how [ConfigReloader] tells a program to read its configuration again.
type Reload struct {
	url, process, signal string
	uid                  int64
}

// ReloadByPost sends a POST to a URL, such as http://127.0.0.1:9090/-/reload; an
// answer other than 200 is an error, and it tries again every 5 seconds. The first
// one is sent within the interval after the start, whether a file changed or not. The
// certificate of an https server isn't verified.
func ReloadByPost(url string) Reload { return Reload{url: url} }

// ReloadBySignal sends a signal, such as HUP, to a process by the name of its
// program. Of several processes of that name those get it that no other has started:
// nginx' master, not its workers. uid is the user that the program runs as, since
// nobody else may signal it.
func ReloadBySignal(signal, process string, uid int64) Reload {
	return Reload{signal: signal, process: process, uid: uid}
}

// ConfigReloader tells a program of the pod to read its configuration again when the
// files in a volume change, such as those of a ConfigMap.
//
// It adds: with [ReloadByPost] prometheus-config-reloader, with port http for health
// and metrics; with [ReloadBySignal] a shell script in busybox, and
// shareProcessNamespace, so that all containers of the pod see each other's
// processes, and the uid of the program. A dead reloader leaves the pod serving.
//
// The kubelet brings a change of a ConfigMap or Secret into the pod after up to two
// minutes, and never where it is mounted by SubPath. What Container.Config brings
// never changes: its ConfigMap has another name then, and the pods roll.
//
// Defaults: image prometheus-config-reloader, uid 65534, 10m CPU, 32Mi memory, at
// most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: prometheus-operator/prometheus-operator cmd/prometheus-config-reloader,
// thanos-io/thanos pkg/reloader (whose own signals are for Prometheus only: before
// each it asks Prometheus' API).
func ConfigReloader(config pattern.Volume, how Reload, opts ...ConfigReloaderOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := pattern.Sidecar("config-reloader", configReloaderImage).
		Reads(config, "/config").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true)
	if strings.HasPrefix(o.Folder, "/") || strings.Contains(o.Folder, "..") || strings.Contains(o.Folder, "\n") {
		c = c.Reject("Folder", o.Folder, "want a path below the volume, such as current")
	}
	if o.PeriodSeconds < 0 {
		c = c.Reject("PeriodSeconds", o.PeriodSeconds, "want a positive number of seconds")
	}
	folder := strings.TrimRight("/config/"+o.Folder, "/")
	switch {
	case how.url != "":
		return reloadByPost(c, folder, how.url, o)
	case how.process != "" || how.signal != "":
		return reloadBySignal(c, folder, how, o)
	}
	return c.Reject("how", "", "make it with ReloadByPost or ReloadBySignal")
}

func reloadByPost(c pattern.SidecarContainer, folder, url string, o ConfigReloaderOptions) pattern.SidecarContainer {
	c = opt.Port(notifies(c, "url", url), "http", o.Port, 9533).
		Requests("10m", "32Mi").Limits("", "64Mi").
		Health(pattern.HTTPGet("/healthz", "http")).WhenDown(pattern.KeepServing)
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Args(
			"--watched-dir="+expansion.Literal(folder),
			"--reload-url="+expansion.Literal(url),
			fmt.Sprintf("--watch-interval=%ds", opt.Or(o.PeriodSeconds, 60)),
			fmt.Sprintf("--listen-address=:%d", v.Port("http")),
		)
	})
}

func reloadBySignal(c pattern.SidecarContainer, folder string, how Reload, o ConfigReloaderOptions) pattern.SidecarContainer {
	signal := strings.TrimPrefix(how.signal, "SIG")
	if !slices.Contains([]string{"HUP", "USR1", "USR2", "WINCH"}, signal) { // others end a program
		c = c.Reject("signal", how.signal, "want one of HUP, USR1, USR2, WINCH")
	}
	if how.process == "" || strings.ContainsAny(how.process, "/ \t\r\n") {
		c = c.Reject("process", how.process, "want the name of a program, such as nginx")
	}
	if o.Port != 0 {
		c = c.Reject("Port", o.Port, "ReloadBySignal serves nothing")
	}
	if how.uid < 1 {
		return c.Reject("uid", how.uid, "want the uid that the program runs as, such as 10001; one of root can't be signalled without rights that no helper should have")
	}
	return c.Image(busyboxImage).RunAsUser(how.uid).RunAsGroup(how.uid).
		Command("sh", "-c", reloadScript, "config-reloader", expansion.Literal(folder), expansion.Literal(how.process), signal,
			strconv.Itoa(opt.Or(o.PeriodSeconds, 5))).
		Requests("5m", "8Mi").Limits("", "16Mi").
		SharePID()
}

// reloadScript has the folder, the process, the signal and the seconds between two
// looks as its arguments. A change is only done with when the signal was sent.
const reloadScript = `trap 'exit 0' TERM INT
state() { find -L "$1" -type f -exec sha256sum {} + 2>/dev/null | sort | sha256sum; }
send() {
  sent=1
  for pid in $(pidof "$2"); do
    parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
    case " $(pidof "$2") " in *" $parent "*) continue ;; esac
    kill -s "$3" "$pid" && echo "sent SIG$3 to $2, process $pid" && sent=0
  done
  return $sent
}
last=$(state "$1")
while :; do
  sleep "$4" & wait $!
  now=$(state "$1")
  [ "$now" = "$last" ] && continue
  if send "$@"; then last=$now; else echo "the files changed, but no process $2 took SIG$3: trying again"; fi
done
`
