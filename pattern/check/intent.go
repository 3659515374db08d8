package check

import "slices"

// Intent is what the author of a pod knows and the object doesn't say. What a
// rule can't know from it, it takes from the object where that is safe.
type Intent struct {
	// Flows are what containers do with volumes: a mount by itself says neither
	// who writes nor who reads, unless it is read-only.
	Flows []Flow
	// Helpers are the containers that serve others; all others are apps. Where it
	// is nil, nobody's role is known.
	Helpers []string
	// Dials are the servers that containers talk to.
	Dials []Dial
	// Waits are which containers need which others to start.
	Waits []Wait
	// Private are the volumes that one container has for itself, by name: nobody
	// else is meant to mount them.
	Private []string
	// SharesPID says that a container needs to see, or signal, the others' processes.
	SharesPID bool
}

// Flow says what a container does with a volume that it mounts.
type Flow struct {
	Container, Volume string
	Writes            bool // it puts data there; otherwise it only reads
}

// Dial says that a container is a client of a server.
type Dial struct {
	Container string
	Host      string // localhost or 127.0.0.1 for one in the same pod
	Port      int32
}

// Wait says that a container needs another one to be up before it starts.
type Wait struct{ Container, For string }

func (i Intent) clone() Intent {
	return Intent{slices.Clone(i.Flows), slices.Clone(i.Helpers), slices.Clone(i.Dials), slices.Clone(i.Waits), slices.Clone(i.Private), i.SharesPID}
}
