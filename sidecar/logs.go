package sidecar

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/lines"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/api/resource"
)

// LogShipperOptions changes what a log shipper does: [LogShipper], [FluentBit],
// [Vector], [Fluentd], [Filebeat] or [Alloy]. The zero value is the default. What a
// program can't do is an error that names those that can.
type LogShipperOptions struct {
	// Files is which files of the volume are read, as a glob. Default: *.log.
	Files string
	// Tag names the source: it is the field source of each record. Default: app.
	Tag string
	// Format is how a line is read. Default: as it stands.
	Format LineFormat
	// Redact are regular expressions, in the syntax of Go's regexp: what one matches
	// in a line, or in lines that Multiline joined, becomes *** before anything else
	// reads it.
	Redact []string
	// Fields are fields of the pod that each record gets beside pod and namespace,
	// as the downward API writes them: spec.nodeName, metadata.labels['team']. The
	// record's field is called as the last part: nodeName, team.
	Fields []string
	// Sources are more files, each with a tag and, if it differs, a destination.
	Sources []LogSource
	// Port serves health and metrics. Default: the program's own, or the next one
	// that is free in the pod; a port that is set here does not move.
	Port int
	// Buffer bounds what waits on disk for each destination while it is down.
	// Default: 64Mi; of Vector 260Mi; Alloy has none.
	Buffer string
	// BufferVolume is where the buffer and the position in each file are kept, such
	// as a claim. Default: a scratch volume, which ends with the pod. Two shippers
	// of one pod need two, or two SubPaths of one.
	BufferVolume pattern.Volume
	// MaxRetries is how often a batch is sent again before it is dropped. Default: 0,
	// which is without end.
	MaxRetries int
}

// LogSource is more of what a log shipper reads. A field that isn't set is as the
// shipper's own, but for Tag, which must be set and differ.
type LogSource struct {
	Volume pattern.Volume
	Files  string
	Tag    string
	To     Destination
	Format LineFormat
}

// LineFormat is how a log shipper reads a line; by default as [PlainLines].
type LineFormat struct {
	kind      lineKind
	expr      string // of regexLines, as the caller wrote it
	timed     bool   // whether Time was called
	timeField string
	timeForm  string // strftime
	joined    bool   // whether Multiline was called
	firstLine string // as the caller wrote it
}

type lineKind string

const (
	plainLines  lineKind = ""
	saidPlain   lineKind = "plain" // in a LogSource, where nothing said is as the shipper's own
	jsonLines   lineKind = "json"
	logfmtLines lineKind = "logfmt"
	regexLines  lineKind = "regex"
)

// PlainLines are lines of text: the record has the line in one field, with fluent-bit
// the field log.
func PlainLines() LineFormat { return LineFormat{kind: saidPlain} }

// JSONLines are lines that are an object of JSON each, whose fields are the record's.
func JSONLines() LineFormat { return LineFormat{kind: jsonLines} }

// LogfmtLines are lines such as level=info msg="it is up".
func LogfmtLines() LineFormat { return LineFormat{kind: logfmtLines} }

// RegexLines are lines that a regular expression, in the syntax of Go's regexp,
// takes apart: each named group, (?<name>…) or (?P<name>…), is a field of the
// record. A line that doesn't match is a record of PlainLines.
func RegexLines(expr string) LineFormat { return LineFormat{kind: regexLines, expr: expr} }

// Time says which field has the time of the record, and its layout as in strftime:
// %Y-%m-%dT%H:%M:%S.%L%z, where %L is the fraction of the second and %s the seconds
// since 1970. Without it the time is that of the reading. PlainLines have no fields.
func (f LineFormat) Time(field, layout string) LineFormat {
	f.timed, f.timeField, f.timeForm = true, field, layout
	return f
}

// Multiline joins lines, as those of a stack trace: a record starts with a line
// that the regular expression matches, such as ^\d{4}-, and has all lines up to the
// next one.
func (f LineFormat) Multiline(firstLine string) LineFormat {
	f.joined, f.firstLine = true, firstLine
	return f
}

// wrong says what is wrong with the format, or nothing.
func (f LineFormat) wrong() string {
	return lines.Format{
		Regex: f.expr, ByRegex: f.kind == regexLines, Fields: f.kind == jsonLines || f.kind == logfmtLines,
		Timed: f.timed, TimeField: f.timeField, TimeLayout: f.timeForm, Joined: f.joined, FirstLine: f.firstLine,
	}.Wrong()
}

// written is the format as an error shows it.
func (f LineFormat) written() string {
	switch {
	case f.timed:
		return strings.TrimSpace(f.expr + " " + f.timeField + " " + f.timeForm)
	case f.joined:
		return strings.TrimSpace(f.expr + " " + f.firstLine)
	}
	return f.expr
}

var (
	tagName  = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$`)
	podField = regexp.MustCompile(`^(?:metadata\.(?:labels|annotations)\['([A-Za-z0-9][A-Za-z0-9_./-]*)'\]|` +
		`metadata\.(name|namespace|uid)|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$`)
)

// shipping is what a shipper's options come to: what all programs have in common.
type shipping struct {
	sources      []shippedFiles // the shipper's own first
	destinations []Destination  // those of the sources, each once
	redact       []string
	fields       []shippedField // pod and namespace first
	buffer       int64          // in bytes, for each destination
	maxRetries   int            // 0: without end
}

// shippedFiles is a source.
type shippedFiles struct {
	path   string // a glob, such as /logs/*.log
	tag    string
	format LineFormat
	to     int // an index of destinations
}

// shippedField is a field that each record gets, from a variable of the container.
type shippedField struct{ name, env string }

// credentials gives the variables with the user and the password of a destination.
func credentials(destination int) (user, password string) {
	if destination == 0 {
		return "LOG_USER", "LOG_PASSWORD"
	}
	return fmt.Sprintf("LOG_USER_%d", destination+1), fmt.Sprintf("LOG_PASSWORD_%d", destination+1)
}

// ships gives a shipper what it has whatever the program: the volumes that it reads,
// below /logs, the volume at state, for its buffers and positions, the variables with
// the pod's fields and the passwords. It rejects what no program can do.
func ships(c pattern.SidecarContainer, state string, logs pattern.Volume, to Destination, o LogShipperOptions) (pattern.SidecarContainer, shipping) {
	s := shipping{redact: slices.Clone(o.Redact), maxRetries: o.MaxRetries}
	c, s.destinations = destinations(c, to, o.Sources)
	c, s.sources = sources(c, logs, o)
	c, s.fields = fields(c, o.Fields)
	for _, expr := range o.Redact {
		switch re, err := regexp.Compile(expr); {
		case err != nil:
			c = c.Reject("Redact", expr, "want a regular expression in Go's syntax: "+err.Error())
		case re.MatchString(""):
			c = c.Reject("Redact", expr, "matches nothing at all too, so *** would be everywhere: want what is to be hidden, such as password=\\S+")
		}
	}
	if o.MaxRetries < 0 {
		c = c.Reject("MaxRetries", o.MaxRetries, "want how often a batch is sent again, such as 10; 0 is without end")
	}
	buffer, err := resource.ParseQuantity(opt.Or(o.Buffer, "64Mi"))
	if err != nil || buffer.Sign() <= 0 {
		c = c.Reject("Buffer", o.Buffer, "want a size such as 64Mi")
		return c, s
	}
	s.buffer = buffer.Value()
	if o.BufferVolume != (pattern.Volume{}) {
		return c.Mount(o.BufferVolume, state), s
	}
	// Beside the buffers there is a small database with the positions.
	size := resource.NewQuantity(int64(len(s.destinations))*s.buffer+16<<20, resource.BinarySI)
	return c.Scratch(state, size.String()), s
}

// destinations gives to and those that sources have of their own, in order.
func destinations(c pattern.SidecarContainer, to Destination, more []LogSource) (pattern.SidecarContainer, []Destination) {
	all := []Destination{to}
	for _, s := range more {
		if s.To != (Destination{}) {
			all = append(all, s.To)
		}
	}
	for i, d := range all {
		if d.kind == "" {
			d.why = "make it with Loki, Elasticsearch, HTTP or Stdout"
		}
		if d.why != "" {
			c = c.Reject("destination", d.from, d.why)
			continue
		}
		if d.host != "" {
			c = c.Dials(d.host, d.port)
		}
		if d.secret != nil {
			user, password := credentials(i)
			c = c.EnvSecret(user, *d.secret, "username").EnvSecret(password, *d.secret, "password")
		}
	}
	return c, all
}

// sources gives the shipper's own files and those of Sources, and mounts each volume
// once.
func sources(c pattern.SidecarContainer, logs pattern.Volume, o LogShipperOptions) (pattern.SidecarContainer, []shippedFiles) {
	all := append([]LogSource{{Volume: logs, Files: o.Files, Tag: opt.Or(o.Tag, "app"), Format: o.Format}}, o.Sources...)
	mounted, tags := map[pattern.Volume]string{}, []string{}
	files, destination := []shippedFiles{}, 0
	for i, s := range all {
		field := ""
		if i > 0 {
			field = fmt.Sprintf("Sources[%d].", i-1)
		}
		s.Volume = opt.Or(s.Volume, logs)
		s.Files = opt.Or(s.Files, opt.Or(o.Files, "*.log"))
		s.Format = opt.Or(s.Format, o.Format)
		if mounted[s.Volume] == "" {
			mounted[s.Volume] = "/logs"
			if i > 0 {
				mounted[s.Volume] = fmt.Sprintf("/logs-%d", i+1)
			}
			c = c.Reads(s.Volume, mounted[s.Volume])
		}
		c = checkSource(c, field, s)
		if slices.Contains(tags, s.Tag) {
			c = c.Reject(field+"Tag", s.Tag, "another source has it: give each its own")
		}
		tags = append(tags, s.Tag)
		f := shippedFiles{path: path.Join(mounted[s.Volume], s.Files), tag: s.Tag, format: s.Format}
		if f.format.kind == saidPlain {
			f.format.kind = plainLines
		}
		if i > 0 && s.To != (Destination{}) {
			destination++
			f.to = destination
		}
		for _, other := range files {
			if other.path == f.path && other.to == f.to {
				c = c.Reject(field+"Files", s.Files, "the source "+other.tag+" sends the same files: give other Files, another Volume or another destination")
			}
		}
		files = append(files, f)
	}
	return c, files
}

// checkSource rejects what is wrong with a source by itself.
func checkSource(c pattern.SidecarContainer, field string, s LogSource) pattern.SidecarContainer {
	if !lines.IsGlob(s.Files) {
		c = c.Reject(field+"Files", s.Files, "want a glob below the volume, such as *.log")
	}
	if !tagName.MatchString(s.Tag) {
		c = c.Reject(field+"Tag", s.Tag, "want the name of a source: letters, digits, _ and -, such as audit")
	}
	if why := s.Format.wrong(); why != "" {
		c = c.Reject(field+"Format", s.Format.written(), why)
	}
	return c
}

// fields gives the container a variable for each field of the pod.
func fields(c pattern.SidecarContainer, paths []string) (pattern.SidecarContainer, []shippedField) {
	c = c.EnvField("POD_NAME", "metadata.name").EnvField("POD_NAMESPACE", "metadata.namespace")
	all := []shippedField{{"pod", "POD_NAME"}, {"namespace", "POD_NAMESPACE"}}
	taken := []string{"pod", "namespace", "source", "file", "log"}
	for i, p := range paths {
		match := podField.FindStringSubmatch(p)
		if match == nil {
			c = c.Reject("Fields", p, "want a field that the downward API has, such as spec.nodeName or metadata.labels['team']")
			continue
		}
		name := strings.Join(match[1:], "") // one of them isn't empty
		if slices.Contains(taken, name) {
			c = c.Reject("Fields", p, "each record has a field "+name+" already")
			continue
		}
		taken = append(taken, name)
		env := fmt.Sprintf("POD_FIELD_%d", i+1)
		c = c.EnvField(env, p)
		all = append(all, shippedField{name, env})
	}
	return c, all
}
