package check

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Level says what a finding does to the pod.
type Level string

const (
	// Rejected: the API server does not accept the object. It can't be allowed.
	Rejected Level = "A"
	// Broken: the API server accepts the object, and the pod then doesn't work.
	Broken Level = "E"
	// Warning: the pod works, and somebody will regret it.
	Warning Level = "W"
)

// word says it in a word: error or warning.
func (l Level) word() string {
	if l == Warning {
		return "warning"
	}
	return "error"
}

// rank orders the levels; of an unknown one it is 0.
func (l Level) rank() int { return slices.Index([]Level{Warning, Broken, Rejected}, l) + 1 }

// inputRule is the id of a finding about what a check was given beside the pods: an
// option, an item of a List.
const inputRule = "input"

// Finding is one thing that is wrong. It is an error, and errors.As finds the
// [field.Error] that the API server would print in it.
type Finding struct {
	// Rule is the id of the rule, such as "port-clash-pod"; [Rules] explains it.
	Rule  string `json:"rule"`
	Level Level  `json:"level"`
	// Object is what [Objects] calls the object: Deployment/web, or with its
	// namespace Deployment/prod/web.
	Object string `json:"object,omitempty"`
	// Index is the place of the object in the list that [Objects] was given.
	Index int `json:"-"`
	// Type, Path, Value and Detail are those of a [field.Error]; Path is
	// written as the API server writes it. Value is a text, a number, a
	// truth value or a list of texts; a nil one isn't printed.
	Type   field.ErrorType `json:"type,omitempty"`
	Path   string          `json:"path,omitempty"`
	Value  any             `json:"value,omitempty"`
	Detail string          `json:"detail,omitempty"`
	// Brought says that the pod had it before a builder changed it, see pattern.From.
	Brought bool `json:"brought,omitempty"`
	// Fix says what to write instead.
	Fix string `json:"fix,omitempty"`
	// At is the file:line of the Go call that caused it, if a builder knows it.
	At string `json:"at,omitempty"`
	// Parties are the containers involved, for a clash both of them.
	Parties []Party `json:"parties,omitempty"`
}

// Party is one of the containers that a finding is about.
type Party struct {
	Container string `json:"container,omitempty"` // its name
	Path      string `json:"path,omitempty"`      // the field on its side of the matter
	At        string `json:"at,omitempty"`        // file:line of the Go call that made the container, if known
}

// Error gives the finding in one line:
//
//	at: object: path: what: detail (containers, with their lines). Fix: what to write [level rule]
func (f Finding) Error() string {
	var b strings.Builder
	if f.At != "" {
		b.WriteString(f.At + ": ")
	}
	if f.Object != "" {
		b.WriteString(f.Object + ": ")
	}
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	b.WriteString(f.body())
	if p := f.parties(); p != "" {
		b.WriteString(" (" + p + ")")
	}
	if f.Fix != "" {
		b.WriteString(". Fix: " + f.Fix)
	}
	b.WriteString(f.suffix())
	return b.String()
}

// body says what is wrong. A warning doesn't speak as the API server does when it
// refuses: no "Invalid value" before it.
func (f Finding) body() string {
	e := f.fieldError()
	if f.Level == Warning && f.Detail != "" {
		return strings.TrimPrefix(e.ErrorBody(), e.Type.String()+": ")
	}
	return e.ErrorBody()
}

func (f Finding) suffix() string {
	if f.Brought {
		return " [" + string(f.Level) + " " + f.Rule + ", there before]"
	}
	return " [" + string(f.Level) + " " + f.Rule + "]"
}

func (f Finding) parties() string {
	var out []string
	for _, p := range f.Parties {
		if p.Container == "" {
			continue
		}
		s := "container " + p.Container
		if p.At != "" && p.At != f.At {
			s += " at " + p.At
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

// Unwrap gives the finding as a *[field.Error], with the rule as its origin.
func (f Finding) Unwrap() error { return f.fieldError() }

func (f Finding) fieldError() *field.Error {
	t := f.Type
	if t == "" {
		t = field.ErrorTypeInvalid
	}
	value := f.Value
	if value == nil {
		value = field.OmitValueType{}
	}
	return &field.Error{Type: t, Field: f.Path, BadValue: value, Detail: f.Detail, Origin: f.Rule}
}

// Findings are what a check returns, sorted by path.
type Findings []Finding

// Errors gives all findings but the warnings, as the API server's own type.
func (fs Findings) Errors() field.ErrorList {
	var out field.ErrorList
	for _, f := range fs {
		if f.Level != Warning {
			out = append(out, f.fieldError())
		}
	}
	return out
}

// Warnings gives the findings of level [Warning] as the API server prints its
// own: "path: text".
func (fs Findings) Warnings() []string {
	var out []string
	for _, f := range fs {
		if f.Level == Warning {
			out = append(out, f.Path+": "+cmp.Or(f.Detail, f.fieldError().ErrorBody()))
		}
	}
	return out
}

// Err joins all findings with [errors.Join], but the warnings and those that were
// Brought; without any it is nil.
func (fs Findings) Err() error {
	var errs []error
	for _, f := range fs {
		if f.Level != Warning && !f.Brought {
			errs = append(errs, f)
		}
	}
	return errors.Join(errs...)
}

// String gives one finding a line.
func (fs Findings) String() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}
