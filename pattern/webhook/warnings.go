package webhook

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/podpattern/podpattern/pattern/check"
)

// The API server cuts warnings of more than 256 characters once all of a request have
// more than 4096, and then leaves the rest out; the last of ours says what we left out.
// upstream: kubernetes/apiserver pkg/endpoints/filters/warning.go
const (
	maxWarning  = 256 // bytes
	maxWarnings = 15
)

// recordAnnotation is before the name of a bundle in the annotation of a pod that has it.
const recordAnnotation = "bundles.podpattern.dev/"

// fitWarnings tells what will be regretted of the bundle.
func (h *handler) fitWarnings(found check.Findings) []string {
	out := found.Warnings()
	for i := range out {
		out[i] = "bundle " + h.bundle.Name() + ": " + out[i]
	}
	return out
}

// unfitWarnings tells why an object was admitted without the bundle.
func (h *handler) unfitWarnings(found check.Findings) []string {
	var out []string
	for _, f := range found {
		if f.Level != check.Warning {
			out = append(out, "bundle "+h.bundle.Name()+" was not added: "+forUsers(f).Error())
		}
	}
	return out
}

// optOutWarnings tells who may have wanted to opt out and didn't.
func (h *handler) optOutWarnings(o *object) []string {
	var out []string
	for _, annotations := range [...]map[string]string{o.Metadata.Annotations, o.pod().Annotations} {
		if v, there := annotations[h.optOut]; there && v != "true" {
			out = append(out, fmt.Sprintf("metadata.annotations[%s]: %q does not opt out: only \"false\" does", h.optOut, v))
		}
	}
	return out
}

// keptWarnings tells who opted out that the bundle is in the pod from before.
func (h *handler) keptWarnings(o *object) []string {
	pod := o.pod()
	if pod == nil || !h.optedOut(o) {
		return nil
	}
	record := recordAnnotation + h.bundle.Name()
	if _, there := pod.Annotations[record]; !there {
		return nil
	}
	return []string{fmt.Sprintf("metadata.annotations[%s]: the pod has bundle %s from before, and %s leaves it as it is", record, h.bundle.Name(), h.optOut)}
}

// bounded keeps warnings within what the API server passes on.
func bounded(warnings []string) []string {
	var out []string
	for _, w := range warnings {
		if w = cut(printable(w), maxWarning); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	if more := len(out) - maxWarnings; more > 0 {
		out = append(out[:maxWarnings], fmt.Sprintf("and %d warnings more", more))
	}
	return out
}

// printable replaces what can't stand in the header Warning, for which the API server
// would leave the whole text out.
// upstream: kubernetes/apimachinery pkg/util/net/http.go NewWarningHeader
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// cut shortens a text to at most limit bytes of whole characters.
func cut(text string, limit int) string {
	const mark = "…"
	if len(text) <= limit {
		return text
	}
	end := limit - len(mark)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + mark
}
