package sidecar

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/lines"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/api/resource"
)

// LogRotateOptions changes what [LogRotate] does; the zero value is the default.
type LogRotateOptions struct {
	// Files is which files of the volume are rotated, as a glob. Names that end in
	// .1 to .99, .gz or .copy are left alone. Default: *.log.
	Files string
	// MaxSize is how large a file gets before it is rotated, in bytes or as a quantity.
	// Default: 10Mi.
	MaxSize string
	// Keep is how many old files there are of each, from 1 to 99. Default: 3.
	Keep int
	// PeriodSeconds is how often the sizes are looked at. Default: 10.
	PeriodSeconds int
	// Gzip compresses the old files, which are then called app.log.1.gz.
	Gzip bool
}

// LogRotate keeps the log files in a volume small: it copies one that is larger than
// MaxSize, keeps a few old copies, and empties the file. The last copy is file.1, the
// one before it file.2 and so on. The app need not know: it keeps its file open. uid
// is the user that the app runs as, since nobody else may empty its files.
//
// It adds: a container with a shell loop of busybox; it has no port and no probe, and
// ends at once when the pod stops. A file grows beyond MaxSize by what the app writes
// in that period; give the volume a SizeLimit of (Keep + 2) × MaxSize for each file,
// and some more.
//
// This is copytruncate of logrotate, with its two limits. What the app writes between
// the copy and the emptying is lost, and what a shipper has not read by then stays in
// file.1, which it doesn't read; with shippers that read at once that is a few lines at
// most. And the app must append to its file (O_APPEND, as >> of a shell, and loggers
// do): another goes on writing where it was, and the file is as large as before. An app
// that can rotate its logs itself should.
//
// Defaults: image busybox, 5m CPU, 8Mi memory, at most 32Mi.
//
// Options: the last of several wins as a whole.
//
// docs: logrotate(8), copytruncate.
func LogRotate(logs pattern.Volume, uid int64, opts ...LogRotateOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	files, keep, seconds := opt.Or(o.Files, "*.log"), opt.Or(o.Keep, 3), opt.Or(o.PeriodSeconds, 10)
	c := pattern.Sidecar("log-rotate", busyboxImage).
		Writes(logs, "/logs").
		Requests("5m", "8Mi").Limits("", "32Mi").
		Restricted().ReadOnlyRootFilesystem(true)
	if uid < 1 {
		return c.Reject("uid", uid, "want the uid that the app runs as, such as 10001; root's files are for an app that rotates them itself")
	}
	c = c.RunAsUser(uid).RunAsGroup(uid)
	if !lines.IsGlob(files) {
		c = c.Reject("Files", o.Files, "want a glob below the volume, such as *.log")
	}
	size, err := resource.ParseQuantity(opt.Or(o.MaxSize, "10Mi"))
	if err != nil || size.Value() < 1 {
		c = c.Reject("MaxSize", o.MaxSize, "want a size such as 10Mi")
	}
	if keep < 1 || keep > 99 {
		c = c.Reject("Keep", o.Keep, "want a number from 1 to 99")
	}
	if seconds < 1 {
		c = c.Reject("PeriodSeconds", o.PeriodSeconds, "want a positive number of seconds")
	}
	suffix := ""
	if o.Gzip {
		suffix = ".gz"
	}
	return c.Command("sh", "-c", rotateScript, "log-rotate").
		Args("/logs/"+files, fmt.Sprint(size.Value()), fmt.Sprint(keep), fmt.Sprint(seconds), suffix)
}

// rotateScript has the glob, the size, how many to keep, the interval and .gz or
// nothing as arguments. The copy is made under another name, so that there is never
// half of a file.1; a rotation that has begun is finished before the shell ends.
const rotateScript = `stop=
trap 'stop=1; kill $! 2>/dev/null' TERM INT
IFS=
keep=$3 gz=$5
rotate() {
  rm -f "$1.copy" "$1.copy.gz"
  if ! cp -p "$1" "$1.copy" || ! : >>"$1"; then
    echo "$1: can't copy it, or may not write it: LogRotate must run as the user of the app" >&2
    rm -f "$1.copy"
    return
  fi
  : >"$1"
  if [ -n "$gz" ] && ! gzip "$1.copy"; then
    mv -f "$1.copy" "$1.1"
    return
  fi
  i=$keep
  while [ "$i" -gt 1 ]; do
    [ ! -e "$1.$((i - 1))$gz" ] || mv -f "$1.$((i - 1))$gz" "$1.$i$gz"
    i=$((i - 1))
  done
  mv -f "$1.copy$gz" "$1.1$gz"
}
while [ -z "$stop" ]; do
  for file in $1; do
    case $file in *.[0-9] | *.[0-9][0-9] | *.gz | *.copy) continue ;; esac
    [ -z "$stop" ] && [ -f "$file" ] && [ ! -L "$file" ] && [ "$(stat -c %s "$file")" -gt "$2" ] && rotate "$file"
  done
  [ -n "$stop" ] || { sleep "$4" & wait $!; }
done
exit 0`
