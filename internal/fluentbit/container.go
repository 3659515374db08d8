package fluentbit

import (
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// ConfigFile is where Run looks for the configuration.
const ConfigFile = "/fluent-bit/config/fluent-bit.yaml"

// Run lets a container run fluent-bit, with health and metrics at its port http: the
// one that is wanted, or 2020, which can move.
func Run[R pattern.Role](c pattern.Container[R], port int) pattern.Container[R] {
	c = c.Args("-c", ConfigFile).
		Requests("50m", "64Mi").Limits("", "128Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/", "http")).WhenDown(pattern.KeepServing)
	return opt.Port(c, "http", port, 2020)
}
