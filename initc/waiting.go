package initc

import (
	"strconv"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// WaitOptions changes how a wait goes on; the zero value is the default.
type WaitOptions struct {
	// TimeoutSeconds is after how long the wait fails, give or take the last try and
	// the pause before it. Default: 120.
	TimeoutSeconds int
	// MaxIntervalSeconds bounds the pause between two tries, which begins at one
	// second and doubles. Default: 8.
	MaxIntervalSeconds int
}

// arguments gives the two as the arguments of a script.
func (o WaitOptions) arguments() []string {
	return []string{strconv.Itoa(opt.Or(o.TimeoutSeconds, 120)), strconv.Itoa(opt.Or(o.MaxIntervalSeconds, 8))}
}

// patient refuses what is no time to wait.
func patient(c pattern.InitContainer, o WaitOptions) pattern.InitContainer {
	if o.TimeoutSeconds < 0 {
		c = c.Reject("TimeoutSeconds", o.TimeoutSeconds, "want a positive number of seconds, such as 30")
	}
	if o.MaxIntervalSeconds < 0 {
		c = c.Reject("MaxIntervalSeconds", o.MaxIntervalSeconds, "want a positive number of seconds, such as 2")
	}
	return c.Requests("5m", "8Mi").Limits("", "16Mi")
}

// waiting is the script of every wait: it tries until try succeeds. The texts are
// ours and may name the arguments: the timeout is $3, the longest pause $4. The
// shell is PID 1, which ignores signals that it doesn't catch; and it catches one
// only between two commands, so it waits for a sleep that runs beside it.
func waiting(what, try, failure, success string) string {
	return `trap 'echo "stopped while waiting for ` + what + `"; exit 143' TERM INT
deadline=$(($(date +%s) + $3))
pause=1
until ` + try + `; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "gave up: ` + what + ` ` + failure + ` within $3 seconds"
    exit 1
  fi
  echo "waiting for ` + what + `"
  sleep "$pause" & wait $!
  pause=$((pause * 2 < $4 ? pause * 2 : $4))
done
echo "` + what + ` ` + success + `"
`
}
