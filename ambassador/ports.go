package ambassador

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
)

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
