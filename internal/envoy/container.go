package envoy

import "github.com/podpattern/podpattern/pattern"

// Run lets a container run Envoy: with a status and an admin port, of those names,
// and a health check. A port that is 0 has a default and can move.
func Run[R pattern.Role](c pattern.Container[R], status, admin string, statusPort int) pattern.Container[R] {
	c = c.Args("-c", ConfigFile, "--concurrency", "2", "--disable-hot-restart", "--log-level", "warning").
		Requests("50m", "64Mi").Limits("", "256Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true)
	return Port(Port(c, status, statusPort, 9902), admin, 0, 9901).Health(pattern.HTTPGet("/ready", status))
}

// Port gives a container a port: the number, or, where that is 0, a default that
// can move.
func Port[R pattern.Role](c pattern.Container[R], name string, number, byDefault int) pattern.Container[R] {
	if number != 0 {
		return c.Port(name, number)
	}
	return c.Port(name, byDefault).MovePorts(name)
}
