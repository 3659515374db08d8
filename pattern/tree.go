package pattern

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// tree draws the pods of the session: in what order their containers start, who
// writes and reads which volume, who listens where, who talks to whom and what the
// pod asks of its node.
func (s *session) tree() []byte {
	return s.told(func(out *bytes.Buffer, b *built) {
		fmt.Fprintf(out, "%s %s, for Kubernetes %s\n", b.kind.name, b.t.Name, b.resolver.target)
		sections := []section{
			{"starts, in this order", b.startLines()},
			{"volumes", b.volumeLines()},
			{"listens", b.listenLines()},
			{"talks to", b.talkLines()},
			{"asks of the node", b.resourceLines()},
		}
		sections = slices.DeleteFunc(sections, func(s section) bool { return len(s.lines) == 0 })
		for k, sec := range sections {
			sec.write(out, k == len(sections)-1)
		}
	})
}

// told tells of each pod of the session, with an empty line between.
func (s *session) told(tell func(*bytes.Buffer, *built)) []byte {
	var out bytes.Buffer
	for _, p := range s.pods {
		if p.readOnly {
			continue // a Service's, without what carries it
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		tell(&out, p.built)
	}
	return out.Bytes()
}

// section is a branch of the tree; each line is a row of cells.
type section struct {
	title string
	lines [][]string
}

func (s section) write(out *bytes.Buffer, last bool) {
	branch, stem := "├─ ", "│  "
	if last {
		branch, stem = "└─ ", "   "
	}
	out.WriteString(branch + s.title + "\n")
	var rows bytes.Buffer
	w := tabwriter.NewWriter(&rows, 0, 0, 2, ' ', 0)
	for _, cells := range s.lines {
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	_ = w.Flush() // a buffer takes everything
	for row := range strings.Lines(rows.String()) {
		out.WriteString(stem + "  " + strings.TrimRight(row, " \n") + "\n")
	}
}

// startLines gives the containers in start order; those that start together have
// the same number.
func (b *built) startLines() [][]string {
	var out [][]string
	for i := range b.t.Spec.InitContainers {
		c := &b.t.Spec.InitContainers[i]
		what := "runs to its end"
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			what = "stays"
			if c.StartupProbe != nil {
				what = "stays; the next waits for its startup probe"
			}
		}
		out = append(out, []string{fmt.Sprint(i+1, "."), c.Name, b.roleName(c.Name), what})
	}
	for i := range b.t.Spec.Containers {
		c := &b.t.Spec.Containers[i]
		what := "stays"
		if b.kind.ends {
			what = "runs to its end"
		}
		out = append(out, []string{fmt.Sprint(len(b.t.Spec.InitContainers)+1, "."), c.Name, b.roleName(c.Name), what})
	}
	return out
}

func (b *built) roleName(container string) string {
	for _, d := range b.drafts {
		if d.c.Name == container {
			if d.native(b.resolver.target) {
				return "native " + d.role.String()
			}
			return d.role.String()
		}
	}
	return "container"
}

// volumeLines gives each volume and what each container does with it.
func (b *built) volumeLines() [][]string {
	var out [][]string
	row := func(name, kind string) {
		var uses []string
		for _, c := range b.containers() {
			for _, m := range c.VolumeMounts {
				if m.Name == name {
					uses = append(uses, c.Name+" "+b.verb(c.Name, m)+" "+m.MountPath)
				}
			}
		}
		for i, use := range uses {
			if i == 0 {
				out = append(out, []string{name, kind, use})
			} else {
				out = append(out, []string{"", "", use})
			}
		}
	}
	for i := range b.t.Spec.Volumes {
		row(b.t.Spec.Volumes[i].Name, volumeKind(&b.t.Spec.Volumes[i]))
	}
	for _, c := range b.claims() {
		row(c.Name, "claim template")
	}
	return out
}

func (b *built) verb(container string, m corev1.VolumeMount) string {
	verb := "mounts"
	if m.ReadOnly || b.readOnlyByNature(m.Name) {
		verb = "reads"
	}
	for _, f := range b.flows {
		if f.Container == container && f.Volume == m.Name {
			verb = "reads"
			if f.Writes {
				return "writes"
			}
		}
	}
	return verb
}

// readOnlyByNature says whether the kubelet mounts the volume read-only whatever
// the mount says.
func (b *built) readOnlyByNature(volume string) bool {
	return slices.ContainsFunc(b.t.Spec.Volumes, func(v corev1.Volume) bool {
		return v.Name == volume && (v.ConfigMap != nil || v.Secret != nil || v.Projected != nil || v.DownwardAPI != nil || v.Image != nil)
	})
}

func volumeKind(v *corev1.Volume) string {
	switch s := v.VolumeSource; {
	case s.EmptyDir != nil && s.EmptyDir.Medium == corev1.StorageMediumMemory:
		return "memory"
	case s.EmptyDir != nil:
		return "emptyDir"
	case s.ConfigMap != nil:
		return "ConfigMap"
	case s.Secret != nil:
		return "Secret"
	case s.PersistentVolumeClaim != nil:
		return "claim " + s.PersistentVolumeClaim.ClaimName
	case s.Projected != nil:
		return "projected"
	case s.DownwardAPI != nil:
		return "downwardAPI"
	case s.HostPath != nil:
		return "hostPath " + s.HostPath.Path
	case s.Image != nil:
		return "image"
	}
	return "volume"
}

func (b *built) listenLines() [][]string {
	var out [][]string
	for _, c := range b.containers() {
		for _, p := range c.Ports {
			who := ""
			for _, d := range b.drafts {
				for _, e := range d.endpoints {
					if q := d.port(e.port); d.c.Name == c.Name && q != nil && *q == p {
						who = "for the apps, as " + e.name + " on 127.0.0.1"
					}
				}
			}
			if by, front := b.frontOf(&p); by != nil {
				who = fmt.Sprintf("behind %s :%d", by.c.Name, by.port(front).ContainerPort)
			}
			out = append(out, []string{c.Name, fmt.Sprintf(":%d%s", p.ContainerPort, suffix(p)), p.Name, who})
		}
	}
	return out
}

func suffix(p corev1.ContainerPort) string {
	if p.Protocol == "" || p.Protocol == corev1.ProtocolTCP {
		return ""
	}
	return "/" + strings.ToLower(string(p.Protocol))
}

// talkLines gives who dials whom: the apps their endpoints, the containers their
// upstreams.
func (b *built) talkLines() [][]string {
	var out [][]string
	for _, d := range b.drafts {
		for _, e := range d.endpoints {
			for _, o := range b.drafts {
				if d.isFor(o) {
					to := "-> " + d.c.Name
					if p := d.port(e.port); p != nil {
						to += fmt.Sprintf(" on 127.0.0.1:%d", p.ContainerPort)
					}
					out = append(out, []string{o.c.Name, to})
				}
			}
		}
		for _, u := range d.dials {
			out = append(out, []string{d.c.Name, "-> " + u.String()})
		}
		if d.api != nil {
			out = append(out, []string{d.c.Name, "-> the API server"})
		}
	}
	return out
}

// resourceLines gives the effective requests and limits; see [check.Resources].
func (b *built) resourceLines() [][]string {
	report := check.Resources(b.pod())
	if len(report.Requests)+len(report.Limits) == 0 {
		return nil
	}
	var out [][]string
	for line := range strings.Lines(report.String()) {
		out = append(out, []string{strings.TrimRight(line, "\n")})
	}
	return out
}
