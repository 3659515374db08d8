package check

import "strings"

// Long gives the findings in full, a paragraph each: what is wrong and where, each
// container with its field and its line of Go, what happens then and what to write
// instead.
//
//	error port-clash-pod: two containers that run at the same time listen on one port
//	  spec.containers[1].ports[0].containerPort: Duplicate value: 8080: container web listens on …
//	  container proxy  spec.containers[1].ports[0].containerPort  main.go:9
//	  container web    spec.containers[0].ports[0].containerPort  main.go:7
//	  why: a pod has one network …
//	  fix: give one of the two another port
func (fs Findings) Long() string {
	var b strings.Builder
	for i, f := range fs {
		if i > 0 {
			b.WriteByte('\n')
		}
		f.long(&b)
	}
	return b.String()
}

func (f Finding) long(b *strings.Builder) {
	title, why := "", ""
	if r, known := Lookup(f.Rule); known {
		title, why = ": "+r.Title, r.Why
	}
	b.WriteString(f.Level.word() + " " + f.Rule + title + "\n")
	short := f
	short.Fix, short.Parties = "", nil
	text, _ := strings.CutSuffix(short.Error(), short.suffix())
	b.WriteString("  " + text + "\n")
	width, path := 0, 0
	for _, p := range f.Parties {
		width, path = max(width, len(p.Container)), max(path, len(p.Path))
	}
	for _, p := range f.Parties {
		line := "  container " + pad(p.Container, width) + "  " + pad(p.Path, path) + "  " + p.At
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if why != "" {
		b.WriteString("  why: " + why + "\n")
	}
	if f.Fix != "" {
		b.WriteString("  fix: " + f.Fix + "\n")
	}
}

func pad(s string, width int) string { return s + strings.Repeat(" ", max(0, width-len(s))) }
