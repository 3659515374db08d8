package conformance_test

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/conformance/podgen"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// tally is what comes of many pods.
type tally struct {
	pods, templates, agreed, accepted, compared int // templates: with those of workloads

	rules    map[string]int // findings by rule, levels A and E
	fields   map[string]int // how often each field was set
	errors   map[string]int // what the API server said, without indexes
	quirks   map[int]int    // how often the API server had each
	failures []string
	mismatch map[string]*mismatch
}

func newTally() *tally {
	return &tally{rules: map[string]int{}, fields: map[string]int{}, errors: map[string]int{}, quirks: map[int]int{}, mismatch: map[string]*mismatch{}}
}

// pod compares what both sides say about one pod.
func (s *tally) pod(c *carrier, p *corev1.Pod) {
	v, err := c.compare(p)
	if err != nil {
		s.failures = append(s.failures, err.Error())
		return
	}
	if c.prefix == "" {
		s.pods++
		podgen.Count(p, s.fields)
	} else {
		s.templates++
	}
	s.count(v.found)
	for _, q := range v.quirks {
		s.quirks[q]++
	}
	for e := range v.theirs {
		s.compared++
		s.errors[e.group()]++
	}
	if v.accepted {
		s.accepted++
	}
	if !v.accepted && len(v.ours) == 0 && c.prefix == "" {
		s.note(c, onlyByUs, p)
	}
	if v.agree() {
		s.agreed++
		return
	}
	for _, e := range v.missing {
		s.note(c, "missing: "+e.group(), p)
	}
	for _, e := range v.unfounded {
		s.note(c, "unfounded: "+e.group(), p)
	}
}

// count counts findings by rule, once a pod.
func (s *tally) count(found check.Findings) {
	seen := map[string]bool{}
	for _, f := range found {
		if !seen[f.Rule] {
			seen[f.Rule] = true
			s.rules[f.Rule]++
		}
	}
}

// add takes in what came of other pods.
func (s *tally) add(o *tally) {
	s.pods, s.templates = s.pods+o.pods, s.templates+o.templates
	s.agreed, s.accepted, s.compared = s.agreed+o.agreed, s.accepted+o.accepted, s.compared+o.compared
	s.failures = append(s.failures, o.failures...)
	for to, from := range map[*map[string]int]map[string]int{&s.rules: o.rules, &s.fields: o.fields, &s.errors: o.errors} {
		for k, n := range from {
			(*to)[k] += n
		}
	}
	for q, n := range o.quirks {
		s.quirks[q] += n
	}
	for k, m := range o.mismatch {
		if have := s.mismatch[k]; have != nil {
			have.count += m.count
		} else {
			s.mismatch[k] = m
		}
	}
}

// String gives the figures of agreement.
func (s *tally) String() string {
	all := s.pods + s.templates
	return fmt.Sprintf("%d pods and %d templates: of %d (%.3f%%) both sides say the same; %d accepted, %d rejected for %d errors of %d kinds; %d kinds of mismatch",
		s.pods, s.templates, s.agreed, 100*float64(s.agreed)/float64(max(1, all)), s.accepted, all-s.accepted, s.compared, len(s.errors), len(s.mismatch))
}
