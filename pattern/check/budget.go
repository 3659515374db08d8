package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var budgetRules = []Rule{
	{ID: "init-dominates", Level: Warning,
		Title: "an init container sets what the pod requests, far above what the running containers ask for",
		Why:   "the scheduler keeps the most that any phase requests for as long as the pod lives: most of it is idle once the init container has ended",
		Fix:   "lower the requests of the init container towards those of the running ones together, or do its work in a Job",
		Bad:   `{initContainers: [{name: migrate, resources: {requests: {cpu: "2"}, limits: {cpu: "2"}}}], containers: [{name: web}]}`,
		Good:  `{initContainers: [{name: migrate, resources: {requests: {cpu: 100m}, limits: {cpu: "2"}}}], containers: [{name: web}]}`,
		pod:   initDominates},
	{ID: "resources-missing", Level: Warning,
		Title: "a container doesn't say what it needs",
		Why:   "without requests the scheduler keeps nothing for it, and without a limit of memory it may take what its neighbours need, unless a LimitRange of the namespace fills them in",
		Fix:   "requests of cpu and memory, and a limit of memory; or resources of the pod as a whole",
		Bad:   `containers: [{name: web, resources: null}]`,
		Good:  `containers: [{name: web, resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 64Mi}}}]`,
		pod:   resourcesMissing},
}

// requested gives the request of a container as a pod has it: that of the limit
// where it isn't said.
func requested(c *corev1.Container, name corev1.ResourceName) (resource.Quantity, bool) {
	if q, said := c.Resources.Requests[name]; said {
		return q, true
	}
	q, said := c.Resources.Limits[name]
	return q, said
}

func initDominates(x *index, r *Rule) {
	if len(x.spec.InitContainers) == 0 || x.podResources() != nil {
		return
	}
	var peaks [len(qosResources)]peak
	found := false
	for i, name := range qosResources {
		peaks[i] = x.peak(name)
		found = found || peaks[i].idle()
	}
	if !found {
		return
	}
	for i := range x.spec.InitContainers {
		var own, running []string
		for k, name := range qosResources {
			if p := &peaks[k]; p.idle() && p.container == i {
				own = append(own, string(name)+" "+text(p.most))
				running = append(running, string(name)+" "+text(p.running))
			}
		}
		if own != nil {
			x.report(r, site{&x.spec.InitContainers[i], true, i}, ".resources.requests",
				invalid(nil, "the pod requests "+strings.Join(own, ", ")+" because of it; the running containers ask for "+strings.Join(running, ", "), ""))
		}
	}
}

// peak compares the phases of a pod by what they request of one resource.
type peak struct {
	name      corev1.ResourceName
	running   resource.Quantity // by all that runs in the end
	most      resource.Quantity // by the most of any plain init container and what has started before it
	container int               // which init container that is
	unsaid    bool              // a running container doesn't say what it needs
}

func (x *index) peak(name corev1.ResourceName) peak {
	p := peak{name: name}
	for k := range x.containers {
		c := x.containers[k]
		q, said := requested(c.Container, name)
		switch {
		case c.runsToItsEnd():
			sum := p.running.DeepCopy()
			sum.Add(q)
			if sum.Cmp(p.most) > 0 {
				p.most, p.container = sum, c.index
			}
		case !said:
			p.unsaid = true
		default:
			p.running.Add(q)
		}
	}
	return p
}

// idle says whether at least half of what an init container makes the scheduler
// keep is idle later, and that is no trifle. What isn't known isn't idle.
func (p *peak) idle() bool {
	most, running, trifle := p.most.Value(), p.running.Value(), int64(512<<20)
	if p.name == corev1.ResourceCPU {
		most, running, trifle = p.most.MilliValue(), p.running.MilliValue(), 500
	}
	return !p.unsaid && running > 0 && most/2 >= running && most-running >= trifle
}

// resourcesMissing leaves out what runs to its end: the pod keeps room for the
// running containers, and an init container may use it before they start.
func resourcesMissing(x *index, r *Rule) {
	if x.spec.Resources != nil && x.podResources() == nil {
		return // it says so, and is not heard: other rules say that
	}
	asked, broken := false, false // what unguaranteed says, which looks at all of the pod
	for _, c := range x.containers {
		if c.runsToItsEnd() {
			continue
		}
		cpu := x.unrequested(c, corev1.ResourceCPU)
		memory := x.unrequested(c, corev1.ResourceMemory)
		_, limited := c.Resources.Limits[corev1.ResourceMemory]
		if of := x.podResources(); of != nil && !limited {
			_, limited = of.Limits[corev1.ResourceMemory]
		}
		if !cpu && !memory && limited {
			continue
		}
		if !asked {
			bad, _ := x.unguaranteed()
			asked, broken = true, len(bad) > 0
		}
		if broken && !equalResources(c.Container) {
			continue // qos-broken says the same, and more
		}
		var missing []string
		for _, m := range [...]struct {
			missing bool
			what    string
		}{{cpu, "no request of cpu"}, {memory, "no request of memory"}, {!limited, "no limit of memory"}} {
			if m.missing {
				missing = append(missing, m.what)
			}
		}
		x.report(r, c, ".resources", required("container "+c.Name+" has "+strings.Join(missing, ", "), ""))
	}
}

// unrequested says whether neither c nor the pod as a whole requests a resource.
func (x *index) unrequested(c site, name corev1.ResourceName) bool {
	if _, said := requested(c.Container, name); said {
		return false
	}
	of := x.podResources()
	if of == nil {
		return true
	}
	_, requested := of.Requests[name]
	_, limited := of.Limits[name]
	return !requested && !limited
}
