package sidecar

import (
	"fmt"
	"path"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// LogTailOptions changes what [LogTail] does; the zero value is the default.
type LogTailOptions struct {
	// OnlyNew leaves out what the file has when the container starts. Default: the
	// whole file is printed, again when the container has been restarted.
	OnlyNew bool
}

// LogTail prints one log file of a volume on its standard output, as it grows: what
// kubectl logs -c name shows, and what the node's log collection finds.
//
// It adds: a container with tail -F of busybox, which waits for a file that isn't
// there yet, and goes on after a rotation by renaming or truncating. It looks at the
// file once a second: of a file that is truncated, as by [LogRotate], what was written
// since is lost. What tail itself says, such as that the file isn't there yet, stands in
// the same log, on standard error. It has no port and no probe. When the pod stops it prints for 2 more
// seconds, so that the app's last lines get out; a classic container is told to stop
// together with the app. It runs as uid 65534, which must be able to read the file.
// Each file needs a container of its own; bound the volume with SizeLimit, and let the
// file be rotated.
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 32Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: busybox coreutils/tail.c; docs:
// concepts/cluster-administration/logging, streaming sidecar container.
func LogTail(name string, logs pattern.Volume, file string, opts ...LogTailOptions) pattern.SidecarContainer {
	c := pattern.Sidecar(name, busyboxImage).
		Reads(logs, "/logs").
		Requests("5m", "8Mi").Limits("", "32Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true)
	switch {
	case file == "" || path.IsAbs(file) || strings.Contains(file, "..") || strings.ContainsAny(file, "\n\r"):
		c = c.Reject("file", file, "want a file below the volume, such as access.log")
	case strings.ContainsAny(file, "*?["):
		c = c.Reject("file", file, "want one file: its output would be mixed with that of others; add a LogTail for each, or use LogShipper")
	}
	lines := "+1"
	if opt.Last(opts).OnlyNew {
		lines = "0"
	}
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		rest := max(0, min(2, v.GracePeriodSeconds()-1))
		return c.Command("sh", "-c", tailScript, v.Name()).Args(lines, "/logs/"+file, fmt.Sprint(rest))
	})
}

// tailScript has the lines to begin with, the file and the seconds that it goes on
// after it was told to stop as arguments. tail looks once a second. A shell that is
// PID 1 ignores TERM unless it catches it, and catches it only while it waits.
const tailScript = `trap 'sleep "$3"; kill $! 2>/dev/null; exit 0' TERM INT
tail -n "$1" -F "$2" & wait $!`
