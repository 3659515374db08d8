package sidecar

import (
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// LogShipper reads the log files in a volume and sends each line to a destination,
// with the names of the source, the file, the pod and its namespace. It is
// [FluentBit] under the name log-shipper: take it if you don't care which program
// ships. The others send the same records, with the differences that they tell. A file
// that is there for less than a second when the pod stops, as that of a short Job, may
// be missed.
//
// It adds what [FluentBit] adds.
//
// Defaults: image fluent-bit, uid 65532, 50m CPU, 64Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
func LogShipper(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	return fluentBit(pattern.Sidecar("log-shipper", fluentBitImage), logs, to, opt.Last(opts))
}

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
	// record's field is called as the last part: nodeName, team. fluent-bit and
	// Filebeat can't take annotations.
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
	Tag    string // the field source of its records
	To     Destination
	Format LineFormat
}
