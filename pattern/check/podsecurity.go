package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/release"
)

// The versions from which on Pod Security asks something else. What it asked of
// releases before 1.25 isn't known here.
// upstream: kubernetes/pod-security-admission policy
const (
	reservedPortsSafe  release.Minor = 27 // net.ipv4.ip_local_reserved_ports
	keepaliveSafe      release.Minor = 29 // the times of TCP
	engineTypeSafe     release.Minor = 31 // container_engine_t
	buffersSafe        release.Minor = 32 // the buffers of TCP
	ownUsersAreRelaxed release.Minor = 35 // a pod with hostUsers: false may be root inside
)

var podSecurityRules = []Rule{
	{ID: "pss-baseline", Level: Warning,
		Title: "Pod Security Standard baseline forbids the pod",
		Why:   "a namespace that enforces baseline refuses the pod, because with this field a container can take over its node",
		Fix:   "drop the field, or run the pod in a namespace that allows privileged pods",
		Bad:   `containers: [{name: web, securityContext: {privileged: true, allowPrivilegeEscalation: null}}]`,
		Good:  `containers: [{name: web}]`,
		pod: func(x *index, r *Rule) {
			x.baselineOfPod().report(holder{x: x}, r, "Pod Security baseline forbids ")
			for _, c := range x.containers {
				x.baselineOf(c).report(holder{x, c}, r, "Pod Security baseline forbids ")
			}
		}},
}

// faults are what Pod Security finds in a pod or a container.
type faults struct {
	texts   []string
	outside bool // of the security context
}

func (f *faults) inContext(text string) { f.texts = append(f.texts, text) }

func (f *faults) besides(text string) { f.texts, f.outside = append(f.texts, text), true }

// report makes one finding of all faults.
func (f faults) report(p holder, r *Rule, verdict string) {
	if len(f.texts) == 0 {
		return
	}
	found := forbidden(verdict+enumerated(f.texts), "")
	switch {
	case !f.outside:
		p.report(r, "", found)
	case p.c.Container != nil:
		p.x.report(r, p.c, "", found)
	default:
		p.x.reportPod(r, "spec", found)
	}
}

// enumerated gives "a, b and c", each text once.
func enumerated(texts []string) string {
	var once []string
	var seen firsts[string]
	for i, t := range texts {
		if _, again := seen.at(t, i); !again {
			once = append(once, t)
		}
	}
	last := len(once) - 1
	if last == 0 {
		return once[0]
	}
	return strings.Join(once[:last], ", ") + " and " + once[last]
}

// mayBeRoot says whether Pod Security lets the pod have root and an open /proc,
// since its root is nobody on the node.
func (x *index) mayBeRoot() bool { return x.ownUsers() && x.target.Has(ownUsersAreRelaxed) }
