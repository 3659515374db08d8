package pattern

import (
	"github.com/podpattern/podpattern/pattern/check"
)

// intent gives what the builder knows of the pod and the object doesn't say.
func (b *built) intent() check.Intent {
	out := check.Intent{Flows: b.flows, Helpers: make([]string, 0, len(b.drafts))}
	for _, d := range b.drafts {
		if d.role.helper() {
			out.Helpers = append(out.Helpers, d.c.Name)
		}
		for _, u := range d.dials {
			out.Dials = append(out.Dials, check.Dial{Container: d.c.Name, Host: u.host, Port: int32(u.port)})
		}
		for _, name := range d.after {
			out.Waits = append(out.Waits, check.Wait{Container: d.c.Name, For: name})
		}
		for _, name := range d.before {
			out.Waits = append(out.Waits, check.Wait{Container: name, For: d.c.Name})
		}
		out.SharesPID = out.SharesPID || d.sharePID
		b.endpointClients(d, &out)
	}
	out.Helpers = append(out.Helpers, b.otherHelpers...)
	if b.from != nil && b.bundle == "" { // nobody knows what its containers are
		out.Helpers = nil
	}
	for _, v := range b.plan.volumes {
		if v.volume.private {
			out.Private = append(out.Private, v.volume.name)
		}
	}
	return out
}

// endpointClients adds the containers that an endpoint of d is for: they dial it,
// and need it when they start.
func (b *built) endpointClients(d *draft, out *check.Intent) {
	if len(d.endpoints) == 0 {
		return
	}
	for _, o := range b.drafts {
		if o == d || !d.isFor(o) {
			continue
		}
		out.Waits = append(out.Waits, check.Wait{Container: o.c.Name, For: d.c.Name})
		for _, e := range d.endpoints {
			if p := d.port(e.port); p != nil {
				out.Dials = append(out.Dials, check.Dial{Container: o.c.Name, Host: "127.0.0.1", Port: p.ContainerPort})
			}
		}
	}
}
