package conformance_test

import (
	"regexp"
	"strings"

	"github.com/podpattern/podpattern/internal/conformance/apiserver"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// said is an error as the two sides are compared by it.
type said struct {
	what   field.ErrorType
	path   string
	detail string
}

// verdict is what both sides say about a pod.
type verdict struct {
	theirs, ours       map[said]bool
	accepted           bool // by the API server
	missing, unfounded []said
	quirks             []int          // of the paths, -1 where there is none
	found              check.Findings // ours, with those of level E
}

// compare asks both sides.
func (c *carrier) compare(p *corev1.Pod) (*verdict, error) {
	errs, err := apiserver.Errors(c.object(p))
	if err != nil {
		return nil, err
	}
	v := &verdict{theirs: map[said]bool{}, ours: map[said]bool{}, accepted: len(errs) == 0}
	closed := len(p.Spec.EphemeralContainers) > 0
	for _, e := range errs {
		path, in := c.ofPod(e.Field)
		if strings.HasPrefix(path, "labels") || strings.HasPrefix(path, "annotations") {
			path = "metadata." + path // as the field is called
		}
		s, quirk := normal(said{e.Type, c.uncounted(path), e.Detail})
		if !in || !covered(s.path, closed) || c.saidByJob(s) {
			continue
		}
		v.theirs[s] = true
		v.quirks = append(v.quirks, quirk)
	}
	v.found = c.check(p, check.Target("1.36"), check.AtLeast(check.Broken))
	for _, f := range v.found {
		path := f.Path
		if c.kind != "PodTemplate" {
			path, _ = c.ofPod(path)
		}
		s, quirk := normal(said{f.Type, path, f.Detail})
		if c.prefix == "" && path != s.path && !stands(p, path) {
			v.unfounded = append(v.unfounded, said{f.Type, path, "there is no such path, says rule " + f.Rule})
		}
		if f.Level != check.Rejected || !covered(s.path, closed) {
			continue
		}
		v.ours[s] = true
		v.quirks = append(v.quirks, quirk)
		if !v.theirs[s] {
			v.unfounded = append(v.unfounded, s)
		}
	}
	for s := range v.theirs {
		if !v.ours[s] {
			v.missing = append(v.missing, s)
		}
	}
	return v, nil
}

func (v *verdict) agree() bool { return len(v.missing)+len(v.unfounded) == 0 }

// saidByJob says whether an error about an unknown restartPolicy is the one that names
// what pods may have: for a Job, a second error names what its pods may have, and we
// say only that.
func (c *carrier) saidByJob(s said) bool {
	return (c.kind == "Job" || c.kind == "CronJob") && s.path == "spec.restartPolicy" && strings.Contains(s.detail, `"Always"`)
}

// covered says whether errors about a field are compared. Of a pod with ephemeral
// containers only that is compared: all other rules look into them too.
func covered(path string, closed bool) bool {
	return !closed || path == "spec.ephemeralContainers"
}

var index = regexp.MustCompile(`\[\d+\]`)

func withoutIndexes(path string) string { return index.ReplaceAllString(path, "[*]") }
