package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var nameRules = []rule{
	{"no-app-container", Rejected, func(x *index, r rule) {
		if len(x.spec.Containers) == 0 {
			f := required("", "a pod needs a container: add one with WithApp")
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
		// The API server reads the regular containers first.
		var names firsts[string]
		for _, init := range [...]bool{false, true} {
			for i, c := range x.containers {
				if c.init != init {
					continue
				}
				if o, dup := names.at(c.Name, i); dup && c.Name != "" {
					x.report(r, c, ".name", duplicate(c.Name, "", "give one of the two another name"), x.party(x.containers[o], ".name"))
				}
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
		if x.template {
			r.level = Broken // the API server looks at it in pods only
		}
		for _, c := range x.containers {
			if strings.TrimSpace(c.Image) != c.Image {
				x.report(r, c, ".image", invalid(c.Image, "must not have leading or trailing whitespace", "remove the space"))
			}
		}
	}},
}

// badLabel says what is wrong with the name of a container or volume.
func badLabel(name string) (Finding, bool) {
	if names.IsLabel(name) {
		return Finding{}, false
	}
	if name == "" {
		return required("", "give it a name"), true
	}
	msgs := validation.IsDNS1123Label(name)
	return Finding{Type: field.ErrorTypeInvalid, Value: name, Detail: strings.Join(msgs, "; "),
		Fix: "at most 63 of a-z, 0-9 and -, with a letter or digit at both ends"}, len(msgs) > 0
}
