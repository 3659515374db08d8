package check_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// RULES.md is made from the rules; -update writes it.
func TestTheRulesAreDocumented(t *testing.T) {
	rules := check.Rules()
	var b strings.Builder
	seen := seenRules(t)
	count := map[check.Level]int{}
	for _, r := range rules {
		count[r.Level]++
	}
	fmt.Fprintf(&b, `# Rules

What [check](doc.go) looks for in a pod, a workload or a manifest: %d rules.

| level | what happens | rules |
|---|---|---|
| A | the API server rejects the object | %d |
| E | the API server accepts it, and the pod then doesn't work | %d |
| W | the pod works, and somebody will regret it | %d |

E and W can be allowed, with a reason; A can't. A rule may find less than its level where the case is milder; the finding says which level it has.

Of %d rules the prediction was seen: [internal/conformance/e2e](../../internal/conformance/e2e) runs on a real kubelet what breaks the rule, and mostly the corrected pod beside it. The section of the rule says what happened. Of level A the API server itself has its say, in [internal/conformance](../../internal/conformance).

| rule | level | seen | what is wrong |
|---|---|---|---|
`, len(rules), count[check.Rejected], count[check.Broken], count[check.Warning], len(seen))
	for _, r := range rules {
		mark := ""
		if seen[r.ID] != nil {
			mark = "yes"
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", r.ID, r.ID, r.Level, mark, strings.ReplaceAll(r.Title, "|", `\|`))
	}
	fmt.Fprintf(&b, "\nThe examples below are fragments. What they leave out is that of this spec:\n\n```yaml\n%s```\n\nand of this container, whose probe asks its first port; an init container has none:\n\n```yaml\n%s```\n",
		block(t, wellWritten), block(t, wellWrittenContainer))
	for _, r := range rules {
		fmt.Fprintf(&b, "\n## %s\n\n%s · %s\n\n%s\n\nFix: %s\n", r.ID, r.Level, r.Title, sentence(r.Why), sentence(r.Fix))
		for i, what := range seen[r.ID] {
			if i == 0 {
				b.WriteString("\nSeen on a kubelet:\n\n")
			}
			fmt.Fprintf(&b, "- %s\n", sentence(what))
		}
		fmt.Fprintf(&b, "\nBad%s:\n\n```yaml\n%s```\n", given(r), block(t, r.Bad))
		fmt.Fprintf(&b, "\nGood:\n\n```yaml\n%s```\n", block(t, r.Good))
	}
	golden.Equal(t, "RULES.md", b.String())
}

// seenRules gives what was seen of each rule on a real kubelet. The tests of
// internal/conformance/e2e hold the file against what they see.
func seenRules(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/seen.txt")
	require.NoError(t, err)
	out := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		id, what, ok := strings.Cut(strings.TrimSpace(line), ": ")
		require.True(t, ok, line)
		_, known := check.Lookup(id)
		require.True(t, known, id)
		out[id] = append(out[id], what)
	}
	return out
}

// given says what the options of the check say in a bad example.
func given(r check.Rule) string {
	var out []string
	if r.Target != "" {
		out = append(out, "the target is Kubernetes "+r.Target)
	}
	for _, f := range r.Intent.Flows {
		verb := " reads "
		if f.Writes {
			verb = " writes "
		}
		out = append(out, f.Container+verb+f.Volume)
	}
	if len(r.Intent.Helpers) > 0 {
		out = append(out, "the helpers are "+strings.Join(r.Intent.Helpers, ", "))
	}
	for _, d := range r.Intent.Dials {
		out = append(out, fmt.Sprintf("%s dials %s:%d", d.Container, d.Host, d.Port))
	}
	for _, w := range r.Intent.Waits {
		out = append(out, w.Container+" needs "+w.For)
	}
	if out == nil {
		return ""
	}
	return ", where " + strings.Join(out, ", ")
}

// sentence makes a sentence of half a one. Names of fields and programs keep their
// first letter.
func sentence(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if first == "exec" || first == "kubectl" || strings.ToLower(first) != first {
		return s + "."
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// block gives an example in block style.
func block(t *testing.T, example string) string {
	var out []string
	for _, document := range strings.Split(example, "\n---\n") {
		var v any
		require.NoError(t, yaml.Unmarshal([]byte(document), &v), document)
		text, err := yaml.Marshal(v)
		require.NoError(t, err)
		out = append(out, string(text))
	}
	return strings.Join(out, "---\n")
}
