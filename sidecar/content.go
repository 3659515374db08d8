package sidecar

import (
	"path"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// ContentOptions changes what [Content] does; the zero value is the default.
type ContentOptions struct {
	// AppPath is where the apps find the files. Default: /content.
	AppPath string
	// PeriodSeconds is how long after a run of the script the next one begins.
	// Default: 60.
	PeriodSeconds int
	// TimeoutSeconds is how long one run may take; then it is ended, and has failed.
	// Default: 300.
	TimeoutSeconds int
	// KeepOld leaves files in place that the last run of the script didn't make.
	// Default: they are removed.
	KeepOld bool
}

// Content makes the files that the app serves: it runs a shell script in an image
// again and again, and puts what the script wrote into a volume.
//
//	sidecar.Content(pages, "docker.io/library/busybox:1.38.0", `date >index.html`,
//		sidecar.ContentOptions{AppPath: "/usr/share/nginx/html", PeriodSeconds: 5})
//
// The script begins in an empty folder, and what it leaves there is published when
// it ends without an error: each file takes the place of the one before by a rename,
// so that nobody reads half of one; files that are no longer made go last. A run that
// fails changes nothing and is said in the log; if it is the first, the container
// ends with the script's exit code, and the kubelet tries again.
//
// It adds: the volume, read-only at AppPath in the apps, which start when there are
// files; a scratch /tmp. A dead one leaves the pod serving what there is. When the
// pod stops, a running script is ended at once and publishes nothing. It runs as
// uid 65534 with a read-only root, in any image that has a shell and busybox' or
// GNU's find, mv and timeout. While a run goes on the volume holds its files twice.
// The script runs in the folder .new of the volume, which no other uid can read.
// What it downloads from is not known here: say it with Dials.
//
// Defaults: image busybox, uid 65534, 5m CPU, 16Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
func Content(to pattern.Volume, image, script string, opts ...ContentOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	o.AppPath, o.PeriodSeconds, o.TimeoutSeconds = opt.Or(o.AppPath, "/content"), opt.Or(o.PeriodSeconds, 60), opt.Or(o.TimeoutSeconds, 300)
	old := "remove"
	if o.KeepOld {
		old = "keep"
	}
	c := pattern.Sidecar("content", image).
		Command("sh", "-c", publishing, "content", expansion.Literal(script), strconv.Itoa(o.PeriodSeconds), strconv.Itoa(o.TimeoutSeconds), old).
		Writes(to, "/content").
		Scratch("/tmp", "16Mi").
		Requests("5m", "16Mi").Limits("", "64Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true).
		WhenDown(pattern.KeepServing)
	if strings.TrimSpace(script) == "" {
		c = c.Reject("script", script, "want a shell script that writes files, such as date >index.html")
	}
	if o.PeriodSeconds < 1 {
		c = c.Reject("PeriodSeconds", o.PeriodSeconds, "want a positive number of seconds")
	}
	if o.TimeoutSeconds < 1 {
		c = c.Reject("TimeoutSeconds", o.TimeoutSeconds, "want a positive number of seconds")
	}
	if !path.IsAbs(o.AppPath) || path.Clean(o.AppPath) != o.AppPath || o.AppPath == "/" {
		return c.Reject("AppPath", o.AppPath, "want the path of a folder, such as /usr/share/nginx/html")
	}
	return c.AppReads(to, o.AppPath).
		StartupProbe(pattern.Exec("test", "-e", "/tmp/published").PeriodSeconds(1).FailureThreshold(max(o.TimeoutSeconds, 0) + 30))
}

// publishing has the script, the seconds between its runs, those that one may take,
// and what becomes of old files as its arguments. A shell that is PID 1 ignores TERM
// unless it catches it, and catches it only while it waits; when it ends, all other
// processes of the container do. The script's folder is in the volume, as only there
// a rename is all that moves a file. What was published leaves an empty file in
// .new/made, by which an old one is told.
const publishing = `trap 'kill $! 2>/dev/null; exit 0' TERM INT
to=/content; new=$to/.new
run() {
  rm -rf "$new" && mkdir -m 700 "$new" && mkdir "$new/files" "$new/made" && cd "$new/files" || return
  timeout "$2" sh -c "$1" content & wait $!
}
publish() {
  cd "$new/files" &&
    find . -type d -exec sh -c 'for d; do [ -d "$0/$d" ] || rm -f "$0/$d"; mkdir -p "$0/$d" "$0/.new/made/$d" || exit; done' "$to" {} + &&
    find . ! -type d -exec sh -c 'for f; do
      [ -L "$0/$f" ] || [ ! -d "$0/$f" ] || rm -rf "$0/$f"
      mv -fT "$f" "$0/$f" && : >"$0/.new/made/$f" || exit; done' "$to" {} + || return
  [ "$1" = keep ] && return
  cd "$to" && find . -path ./.new -prune -o ! -type d -exec sh -c 'for f; do [ -e "$0/$f" ] || rm -f "$f"; done' "$new/made" {} + &&
    find . -depth -type d ! -path . ! -path './.new*' -exec sh -c 'for d; do [ -d "$0/$d" ] || rmdir "$d"; done' "$new/made" {} +
}
while :; do
  run "$1" "$3"; failed=$?
  if [ $failed = 0 ]; then publish "$4"; failed=$?; fi
  if [ $failed = 0 ]; then : >/tmp/published
  elif [ -e /tmp/published ]; then echo "content: exit code $failed: what was published stays" >&2
  else exit $failed; fi
  cd / && rm -rf "$new"
  sleep "$2" & wait $!
done`
