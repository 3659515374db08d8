package initc

import (
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// GateOptions says what a [Gate] runs; the zero value is what the image runs.
type GateOptions struct {
	// Command replaces the image's entrypoint and arguments. Default: they stay; Args
	// in the chain replaces the arguments alone.
	Command []string
	// TimeoutSeconds ends the command, and so fails, after that time. It needs a
	// Command, and sh and timeout in the image, as Debian and Alpine have them.
	// Default: none.
	TimeoutSeconds int
}

// Gate keeps the app from starting unless a program of any image succeeds: a check of
// the configuration, a scanner, a question to a service that allows it.
//
//	initc.Gate("check-config", "registry.example.com/web:1.4", initc.GateOptions{Command: []string{"nginx", "-t"}}).
//		Reads(config, "/etc/nginx")
//
// It adds a container of that name and image, as user 65534, with 256 MiB and a scratch
// /tmp; the image's other files can't be written. Where it fails, the pod's status
// has the last lines of its log, and the kubelet runs it again, with growing pauses
// up to five minutes: what it asks may change meanwhile. It says nothing of what
// happens once the app runs, and runs again only when the pod starts again.
//
// Defaults: uid 65534, 10m CPU, 16Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
func Gate(name, image string, opts ...GateOptions) pattern.InitContainer {
	o := opt.Last(opts)
	command := slices.Clone(o.Command)
	if o.TimeoutSeconds > 0 {
		command = slices.Concat([]string{"sh", "-c", gateInTime, "gate", strconv.Itoa(o.TimeoutSeconds)}, command)
	}
	c := tells(confined(pattern.Init(name, image), nobody)).
		Command(command...).
		Requests("10m", "16Mi").Limits("", "256Mi").
		Scratch("/tmp", "64Mi")
	if o.TimeoutSeconds < 0 {
		c = c.Reject("TimeoutSeconds", o.TimeoutSeconds, "want a positive number of seconds, such as 60")
	}
	if o.TimeoutSeconds > 0 && len(o.Command) == 0 {
		c = c.Reject("TimeoutSeconds", o.TimeoutSeconds, "needs a Command: what the image runs by itself isn't known here")
	}
	return c
}

// gateInTime has the time and the command as its arguments. It is a script because
// busybox' timeout becomes the program, and a signal doesn't end PID 1 that doesn't
// catch it. The program ends by 124 in GNU's, by 143 in busybox'.
const gateInTime = `trap 'exit 143' TERM INT
timeout "$@" & wait $!
code=$?
case $code in
  124 | 143) echo "gave up: $2 took more than $1 seconds" ;;
esac
exit "$code"
`
