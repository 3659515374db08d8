package envoy

import (
	"time"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Run lets a container run Envoy: with a status and an admin port, of those names,
// and a health check. A port that is 0 has a default and can move.
func Run[R pattern.Role](c pattern.Container[R], status, admin string, statusPort int) pattern.Container[R] {
	c = c.Args("-c", ConfigFile, "--concurrency", "2", "--disable-hot-restart", "--log-level", "warning").
		Requests("50m", "64Mi").Limits("", "256Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true)
	return opt.Port(opt.Port(c, status, statusPort, 9902), admin, 0, 9901).Health(pattern.HTTPGet("/ready", status))
}

// Positive refuses a time that is none, or shorter than Envoy can count.
func Positive[R pattern.Role](c pattern.Container[R], field string, d time.Duration) pattern.Container[R] {
	if d < time.Millisecond {
		return c.Reject(field, d.String(), "want a time, such as 5*time.Second")
	}
	return c
}
