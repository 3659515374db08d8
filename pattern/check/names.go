package check

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var nameRules = []rule{
	{"no-app-container", Rejected, func(x *index, r rule) {
		if len(x.spec.Containers) == 0 {
			f := required("a pod needs a container", "add one with WithApp")
			f.Path = x.under + "spec.containers"
			x.add(r, f)
		}
	}},
	{"name-label", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			if f, bad := badLabel(c.Name); bad {
				x.report(r, c, ".name", f)
			}
		}
	}},
	{"container-name-dup", Rejected, func(x *index, r rule) {
		first := make(map[string]site, len(x.containers))
		for _, c := range regularFirst(x.containers) {
			o, dup := first[c.Name]
			if !dup {
				first[c.Name] = c
			} else if c.Name != "" {
				x.report(r, c, ".name", duplicate(c.Name, "", "give one of the two another name"), x.party(o, ".name"))
			}
		}
	}},
	{"image-missing", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			if c.Image == "" {
				x.report(r, c, ".image", required("", "name the image, with its tag"))
			}
		}
	}},
	{"image-whitespace", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			if strings.TrimSpace(c.Image) != c.Image {
				x.report(r, c, ".image", invalid(c.Image, "must not have leading or trailing whitespace", "remove the space"))
			}
		}
	}},
}

// regularFirst puts the regular containers first, as the API server does when
// it looks for duplicates.
func regularFirst(cs []site) []site {
	out := make([]site, 0, len(cs))
	for _, init := range [...]bool{false, true} {
		for _, c := range cs {
			if c.init == init {
				out = append(out, c)
			}
		}
	}
	return out
}

// badLabel says what is wrong with the name of a container or volume.
func badLabel(name string) (Finding, bool) {
	if plainLabel(name) {
		return Finding{}, false
	}
	if name == "" {
		return required("", "give it a name"), true
	}
	msgs := validation.IsDNS1123Label(name)
	return Finding{Type: field.ErrorTypeInvalid, Value: name, Detail: strings.Join(msgs, "; "),
		Fix: "at most 63 of a-z, 0-9 and -, with a letter or digit at both ends"}, len(msgs) > 0
}

// plainLabel accepts the usual names without the cost of a regular expression.
func plainLabel(s string) bool {
	if s == "" || len(s) > validation.DNS1123LabelMaxLength || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < 'a' || c > 'z') && !digit(c) {
			return false
		}
	}
	return true
}
