package conformance_test

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// mismatch is something that one side says and the other one doesn't.
type mismatch struct {
	carrier *carrier
	key     string
	count   int
	pod     *corev1.Pod
}

// onlyByUs is the mismatch of a pod that the API server rejects and we say nothing
// about.
const onlyByUs = "accepted only by us"

// note keeps the first pod that shows a mismatch.
func (s *tally) note(c *carrier, key string, p *corev1.Pod) {
	m := s.mismatch[key]
	if m == nil {
		m = &mismatch{carrier: c, key: key, pod: p}
		s.mismatch[key] = m
	}
	m.count++
}

var (
	number = regexp.MustCompile(`-?\d+[0-9a-zA-Z.]*`)
	quoted = regexp.MustCompile(`"[^"]*"`)
)

// group is what is the same in many errors: the field without indexes and the
// text without values.
func (e said) group() string {
	path := withoutIndexes(e.path)
	if i := strings.LastIndex(path, "["); i >= 0 && strings.HasSuffix(path, "]") && !strings.HasSuffix(path, "[*]") {
		path = path[:i] + "[key]"
	}
	detail := number.ReplaceAllString(quoted.ReplaceAllString(e.detail, `"…"`), "N")
	if len(detail) > 140 {
		detail = detail[:140] + "…"
	}
	return fmt.Sprintf("%s: %s: %s", path, e.what, detail)
}

// require fails for each mismatch, with the smallest pod that shows it.
func (s *tally) require(t *testing.T) {
	require.Empty(t, s.failures)
	for _, m := range slices.SortedFunc(maps.Values(s.mismatch), func(a, b *mismatch) int {
		return cmp.Or(cmp.Compare(a.key[strings.Index(a.key, ":")+1:], b.key[strings.Index(b.key, ":")+1:]), cmp.Compare(a.key, b.key))
	}) {
		small := shrink(m.pod, func(p *corev1.Pod) bool {
			v, err := m.carrier.compare(p)
			return err == nil && v.shows(m.key)
		})
		v, err := m.carrier.compare(small)
		require.NoError(t, err)
		t.Errorf("%d× %s (%s)\n%s", m.count, m.key, m.carrier.kind, v.text(small))
	}
}

// shows says whether a mismatch is among those of the verdict.
func (v *verdict) shows(key string) bool {
	if key == onlyByUs {
		return !v.accepted && len(v.ours) == 0
	}
	return slices.ContainsFunc(v.missing, func(e said) bool { return "missing: "+e.group() == key }) ||
		slices.ContainsFunc(v.unfounded, func(e said) bool { return "unfounded: "+e.group() == key })
}

// text gives a pod and what is said about it by one side only.
func (v *verdict) text(p *corev1.Pod) string {
	var b strings.Builder
	spec, _ := yaml.Marshal(p.Spec)
	b.WriteString(string(spec))
	if len(p.Labels)+len(p.Annotations) > 0 {
		fmt.Fprintf(&b, "labels: %.300q\nannotations: %.300q\n", p.Labels, p.Annotations)
	}
	for _, e := range v.missing {
		fmt.Fprintf(&b, "  they say: %s: %s: %s\n", e.path, e.what, e.detail)
	}
	for _, e := range v.unfounded {
		fmt.Fprintf(&b, "  we say:   %s: %s: %s\n", e.path, e.what, e.detail)
	}
	return b.String()
}
