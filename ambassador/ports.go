package ambassador

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern"
)

// openPort gives the container a port: one that is set doesn't move.
func openPort(c pattern.AmbassadorContainer, name string, set, byDefault int) pattern.AmbassadorContainer {
	if set != 0 {
		return c.Port(name, set)
	}
	return c.Port(name, byDefault).MovePorts(name)
}

// unprivileged gives the upstream's port or, because not every runtime lets a user
// other than root have one below 1024, another.
func unprivileged(port int) int {
	if port < 1024 {
		return port + 8000
	}
	return port
}

// portName cuts a port's name to the 15 characters that it can have.
func portName(name, suffix string) string {
	return strings.TrimRight(name[:min(len(name), names.Port-len(suffix))], "-") + suffix
}
