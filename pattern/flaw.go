package pattern

import (
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern/check"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// flaw is what a call found wrong with its own arguments. It is made when the
// call is, so that it knows the line, and reported by Build.
type flaw struct {
	prev   *flaw // values such as volumes collect their flaws in a list
	rule   string
	level  check.Level // "" is check.Rejected
	kind   field.ErrorType
	field  string // below the thing that has the flaw, with its dot: ".ports[0].name"
	value  any
	detail string
	fix    string
	at     stack
	others []party
}

// party is another container that a flaw is about, or another line of Go.
type party struct {
	d    *draft
	name string
	at   stack
}

func invalid(rule, field string, value any, detail, fix string) *flaw {
	return &flaw{rule: rule, field: field, value: value, detail: detail, fix: fix, at: here(ofFlaw)}
}

func missing(rule, name, fix string) *flaw {
	return &flaw{rule: rule, kind: field.ErrorTypeRequired, field: name, fix: fix, at: here(ofFlaw)}
}

// and gives a list of the flaws so far and one more.
func (f *flaw) and(more *flaw) *flaw {
	more.prev = f
	return more
}

// notLabel is the flaw of a name that is no DNS label.
func notLabel(field, name, fix string) *flaw {
	return invalid("name-label", field, name, "is no DNS label", fix)
}

// badEnvName is the flaw of a name that no variable can have; nil: it is one.
func badEnvName(field, name string) *flaw {
	if names.IsEnv(name) || name != "" && len(validation.IsRelaxedEnvVarName(name)) == 0 {
		return nil
	}
	return invalid("env-name", field, name, "is no name of a variable", "letters, digits and _")
}

// under gives a copy of the flaw whose field stands below prefix.
func (f *flaw) under(prefix string) flaw {
	out := *f
	out.prev = nil
	out.field = prefix + f.field
	return out
}

// finding turns a flaw of something that lives at path into a finding.
func (f *flaw) finding(path string) check.Finding {
	level := f.level
	if level == "" {
		level = check.Rejected
	}
	return check.Finding{Rule: f.rule, Level: level, Type: f.kind, Path: join(path, f.field), Value: f.value, Detail: f.detail, Fix: f.fix, At: f.at.String()}
}

// join puts a field below a path, either of which may be empty.
func join(path, field string) string {
	if path == "" && field != "" && field[0] == '.' {
		return field[1:]
	}
	return path + field
}
