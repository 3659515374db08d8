package webhook

import (
	"errors"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
)

// flawsOf says what is wrong with a bundle in whatever pod it is; "": nothing. It is what
// Objects, which knows no pod, refuses too.
func flawsOf(b pattern.Injection) (text string) {
	defer func() {
		if recover() != nil { // as it will again with each request, which then tells
			text = ""
		}
	}()
	_, err := b.Objects("default")
	if err == nil {
		return ""
	}
	_, found := b.Review([]byte(`{"kind":"Pod","metadata":{"name":"app"},"spec":{"containers":[{"name":"app","image":"app"}]}}`))
	var lines []string
	for _, f := range found {
		if hasRule(err, f.Rule) {
			lines = append(lines, f.Error())
		}
	}
	if lines == nil {
		return ""
	}
	return "the webhook's bundle is wrong: " + strings.Join(lines, "; ")
}

// hasRule says whether one of joined errors is a finding of a rule.
func hasRule(err error, rule string) bool {
	joined, ok := err.(interface{ Unwrap() []error })
	return ok && slices.ContainsFunc(joined.Unwrap(), func(e error) bool {
		var f check.Finding
		return errors.As(e, &f) && f.Rule == rule
	})
}
