package pattern

import (
	"bytes"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
)

// debug gives the commands that show where a pod of the session stands: its state, what its
// containers print, in the order in which they start, and what is in the volumes that they
// share. It is a script that can be run as it is.
func (s *session) debug() []byte {
	return s.told(func(out *bytes.Buffer, b *built) {
		d := debugScript{out, b, "kubectl"}
		if ns := b.t.Namespace; ns != "" {
			d.kubectl += " -n " + ns
		}
		d.state()
		d.prints()
		d.volumes()
	})
}

// debugScript prints the commands for one pod.
type debugScript struct {
	out *bytes.Buffer
	*built
	kubectl string
}

// line prints a command, and what it is for where that is not said already.
func (d *debugScript) line(command, why string) {
	if why != "" {
		fmt.Fprintf(d.out, "# %s\n", why)
	}
	d.out.WriteString(command + "\n")
}

func (d *debugScript) state() {
	fmt.Fprintf(d.out, "# %s %s: in what state it is\n", d.kind.name, d.t.Name)
	switch kind := strings.ToLower(d.kind.name); kind {
	case "pod":
		d.line("pod=pod/"+d.t.Name, "")
	case "cronjob":
		d.line(d.kubectl+" describe cronjob "+d.t.Name, "")
		d.line("pod=$("+d.kubectl+" get pods -o name | grep '^pod/"+d.t.Name+"-' | tail -n 1)", "")
	default:
		selector := "batch.kubernetes.io/job-name=" + d.t.Name
		if d.kind.selects {
			selector = labels.Set(d.selectorLabels()).String()
		}
		d.line(d.kubectl+" get "+kind+" "+d.t.Name, "")
		d.line(d.kubectl+" get pods -l "+selector+" -o wide", "")
		d.line("pod=$("+d.kubectl+" get pods -l "+selector+" -o name | head -n 1)", "")
	}
	d.line(d.kubectl+" describe $pod", "its containers, why they wait or ended, and its events")
}

func (d *debugScript) prints() {
	for _, row := range d.startLines() {
		name, what := row[1], row[2]+", "+row[3]
		d.line(d.kubectl+" logs $pod -c "+name+" --tail=20", name+", "+what)
	}
	fmt.Fprintf(d.out, "# what one printed before it was restarted: %s logs $pod -c NAME --previous\n", d.kubectl)
}

func (d *debugScript) volumes() {
	first := true
	for _, c := range d.containers() {
		for _, m := range c.VolumeMounts {
			if d.privateOrGenerated(m.Name) {
				continue
			}
			if first {
				fmt.Fprintf(d.out, "# the volumes that are shared; where an image has no ls:\n# %s debug $pod -it --image=busybox:1.36 --target=NAME -- ls -la /proc/1/root/PATH\n", d.kubectl)
				first = false
			}
			d.line(fmt.Sprintf("%s exec $pod -c %s -- ls -la %s", d.kubectl, c.Name, quotedWord(m.MountPath)), m.Name+": "+c.Name+" "+d.verb(c.Name, m)+" it")
		}
	}
}

// privateOrGenerated says whether a volume is one container's own, or a configuration.
func (b *built) privateOrGenerated(volume string) bool {
	if b.readOnlyByNature(volume) {
		return true
	}
	n := 0
	for _, c := range b.containers() {
		for _, m := range c.VolumeMounts {
			if m.Name == volume {
				n++
			}
		}
	}
	return n < 2
}

// quotedWord gives a word that the shell takes as it is.
func quotedWord(word string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-", r)
	}
	if strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
