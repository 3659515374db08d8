package sidecar

import (
	"strings"

	"github.com/podpattern/podpattern/internal/lines"
)

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

// PlainLines are lines of text: the record has the line in its field log, with
// Filebeat in message.
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
// next one. In RegexLines a dot then matches a newline too.
func (f LineFormat) Multiline(firstLine string) LineFormat {
	f.joined, f.firstLine = true, firstLine
	return f
}

// wrong says what is wrong with the format, or nothing.
func (f LineFormat) wrong() string {
	return lines.Format{
		Regex: f.regex(), ByRegex: f.kind == regexLines, Fields: f.kind == jsonLines || f.kind == logfmtLines,
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

// regex is the expression of RegexLines; a record of several lines has newlines in it,
// which a dot would stop at.
func (f LineFormat) regex() string {
	if f.joined {
		return "(?s)" + f.expr
	}
	return f.expr
}
