package e2e_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// broken is an object of which a check says that it doesn't work, and how that is seen.
// Both examples run side by side; in their texts NAME is the name of the object.
type broken struct {
	rule string
	// level is what the finding has where the case is milder than the rule says.
	level check.Level
	// saw says what was seen, in the past tense: RULES.md has it.
	saw string
	// bad and good are examples as a rule has them; "" is the rule's own one.
	bad, good string
	// intent is what the author of bad knows; nil is what the rule's own example says.
	intent *check.Intent
	// run are the scripts of the containers, by name. A container without a script or a
	// command of its own only waits to be stopped.
	run map[string]string
	// breaks waits for what the finding predicts.
	breaks func(s *space, name string)
	// works waits for the good one to do what the bad one doesn't; nil: it isn't run.
	works func(s *space, name string)
}

// brokens are all of them.
var brokens = slices.Concat(volumesBroken, mountsBroken, dataBroken, startsBroken, jobsBroken, probesBroken, portsBroken, settingsBroken, usersBroken, stopsBroken)

// unseenRules are the rules of level E that no cluster of today can show, each with the reason.
var unseenRules = map[string]string{
	"container-restart-version": "it needs a cluster older than 1.35",
	"native-min-version":        "it needs a cluster older than 1.29",
	"pod-level-version":         "it needs a cluster older than 1.34",
	"resource-claim-version":    "it needs a cluster older than 1.34",
	"sleep-min-version":         "it needs a cluster older than 1.30",
}

// Each rule that says of a pod that it will not work is seen to be right, or it says why
// it can't be.
func TestEachRuleOfBrokenPodsIsSeen(t *testing.T) {
	require.LessOrEqual(t, len(unseenRules), 5)
	seen := map[string]bool{}
	for _, b := range brokens {
		rule, ok := check.Lookup(b.rule)
		require.True(t, ok, b.rule)
		require.NotEqual(t, check.Rejected, cmp.Or(b.level, rule.Level), "%s: the API server shows that", b.rule)
		require.NotEmpty(t, b.saw, b.rule)
		seen[b.rule] = seen[b.rule] || b.level == "" || b.level == rule.Level
	}
	for id := range unseenRules {
		require.False(t, seen[id], "%s is seen", id)
	}
	for _, r := range check.Rules() {
		if r.Level == check.Broken {
			require.True(t, seen[r.ID] || unseenRules[r.ID] != "", "no test sees what %s predicts", r.ID)
		}
	}
}

// RULES.md says of each rule what was seen, from this file; -update writes it. A case
// that isn't seen any more fails its test below.
func TestTheListOfWhatIsSeenIsThatOfTheTests(t *testing.T) {
	var lines []string
	for _, b := range brokens {
		lines = append(lines, b.rule+": "+b.saw+"\n")
	}
	slices.SortStableFunc(lines, func(a, b string) int {
		return cmp.Compare(a[:strings.IndexByte(a, ':')], b[:strings.IndexByte(b, ':')])
	})
	golden.Equal(t, "../../../pattern/check/testdata/seen.txt", strings.Join(lines, ""))
}

// Each finding is true: what it says of an object happens to that object, and doesn't
// happen to the corrected one.
func TestFindingsAreTrue(t *testing.T) {
	cases := map[string]int{}
	for _, b := range brokens {
		cases[b.rule]++
		t.Run(fmt.Sprintf("%s/%d", b.rule, cases[b.rule]), func(t *testing.T) {
			rule, _ := check.Lookup(b.rule)
			s, start := newSpace(t), time.Now()
			intent := &rule.Intent
			if b.intent != nil {
				intent = b.intent
			}
			bad := objectsOf(t, cmp.Or(b.bad, rule.Bad), "bad", b.run)
			requireFound(t, s.check(bad, *intent), b.rule, cmp.Or(b.level, rule.Level))
			s.create(bad)
			if b.works != nil {
				good := objectsOf(t, cmp.Or(b.good, rule.Good), "good", b.run)
				found := s.check(good, *intent)
				require.NotContains(t, ruleIDs(found), b.rule, "%s", found)
				require.NoError(t, found.Err())
				s.create(good)
				b.works(s, "good")
			}
			b.breaks(s, "bad")
			s.observed(start, "%s (%s): %s", b.rule, cmp.Or(b.level, rule.Level), b.saw)
		})
	}
}

// check checks objects for this cluster.
func (s *space) check(objects []runtime.Object, intent check.Intent) check.Findings {
	v, err := s.Discovery().ServerVersion()
	require.NoError(s, err)
	return check.Objects(objects, check.Target(v.Major+"."+strings.Trim(v.Minor, "+")), check.Intended(intent))
}

// requireFound asks for a finding of a rule with its level. No other finding may say that
// the object breaks: what is seen would be of two causes.
func requireFound(t *testing.T, found check.Findings, rule string, level check.Level) {
	t.Helper()
	levels := []check.Level{}
	for _, f := range found {
		if f.Rule == rule {
			levels = append(levels, f.Level)
		} else {
			require.Equal(t, check.Warning, f.Level, "%s", f)
		}
	}
	require.Contains(t, levels, level, "%s", found)
}

func ruleIDs(found check.Findings) (out []string) {
	for _, f := range found {
		out = append(out, f.Rule)
	}
	return out
}

// create creates objects, as kubectl create does.
func (s *space) create(objects []runtime.Object) {
	s.Helper()
	for _, o := range objects {
		require.NoError(s, s.tryCreate(o))
	}
}

// tryCreate doesn't mind what both examples have.
func (s *space) tryCreate(o runtime.Object) error {
	raw, err := json.Marshal(o)
	require.NoError(s, err)
	u := &unstructured.Unstructured{}
	require.NoError(s, u.UnmarshalJSON(raw))
	unstructured.RemoveNestedField(u.Object, "status")
	kind := u.GroupVersionKind()
	mapping, err := s.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	require.NoError(s, err)
	_, err = s.dynamic.Resource(mapping.Resource).Namespace(s.name).Create(s.ctx, u, metav1.CreateOptions{})
	if kind.Kind != "Pod" && kind.Kind != "Job" {
		err = ignoreExisting(err)
	}
	return err
}
