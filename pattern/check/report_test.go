package check_test

import (
	"encoding/json"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func reported() check.Findings {
	return check.Findings{{
		Rule: "port-clash-pod", Level: check.Broken, Type: field.ErrorTypeDuplicate, Object: "Pod/web", Path: "spec.containers[1].ports[0].containerPort", Value: 80,
		Detail: "taken", Fix: "take another", At: "a b/main.go:3",
		Parties: []check.Party{{Container: "b", Path: "spec.containers[1].ports[0].containerPort", At: "a b/main.go:3"}, {Container: "proxy", Path: "spec.containers[0]", At: "main.go:2"}},
	}, {Rule: "image-tag", Level: check.Warning, Path: "spec.containers[0].image"}}
}

func TestLong(t *testing.T) {
	require.Empty(t, check.Findings(nil).Long())
	require.Equal(t, `error none
  a b/main.go:3: Pod/web: spec.containers[1].ports[0].containerPort: Duplicate value: 80: taken
  container b      spec.containers[1].ports[0].containerPort  a b/main.go:3
  container proxy  spec.containers[0]                         main.go:2
  fix: take another

warning none-either
  spec.containers[0].image: Invalid value
`, renamed(reported()).Long())
	long := reported().Long()
	for _, r := range check.Rules() {
		if r.ID == "port-clash-pod" {
			require.Contains(t, long, "error port-clash-pod: "+r.Title+"\n")
			require.Contains(t, long, "\n  why: "+r.Why+"\n")
		}
	}
}

// renamed gives the findings to rules that there aren't, which have no texts.
func renamed(fs check.Findings) check.Findings {
	fs[0].Rule, fs[1].Rule = "none", "none-either"
	return fs
}

func TestSARIF(t *testing.T) {
	for _, fs := range []check.Findings{nil, reported()} {
		text, err := fs.SARIF()
		require.NoError(t, err)
		var log struct {
			Version string
			Runs    []struct {
				Tool struct {
					Driver struct{ Rules []struct{ ID string } }
				}
				Results []struct {
					RuleID, Level string
					Locations     []struct {
						PhysicalLocation struct {
							ArtifactLocation struct{ URI string }
							Region           struct{ StartLine int }
						}
						LogicalLocations []struct{ FullyQualifiedName string }
					}
					RelatedLocations []struct{ Message struct{ Text string } }
				}
			}
		}
		require.NoError(t, json.Unmarshal(text, &log))
		require.Equal(t, "2.1.0", log.Version)
		require.Len(t, log.Runs, 1)
		require.NotNil(t, log.Runs[0].Results, "an empty list, not null")
		require.Len(t, log.Runs[0].Results, len(fs))
		if fs == nil {
			continue
		}
		clash := log.Runs[0].Results[0]
		require.Equal(t, "port-clash-pod", clash.RuleID)
		require.Equal(t, "error", clash.Level)
		require.Equal(t, "a%20b/main.go", clash.Locations[0].PhysicalLocation.ArtifactLocation.URI)
		require.Equal(t, 3, clash.Locations[0].PhysicalLocation.Region.StartLine)
		require.Equal(t, "Pod/web/spec.containers[1].ports[0].containerPort", clash.Locations[0].LogicalLocations[0].FullyQualifiedName)
		require.Equal(t, "container proxy", clash.RelatedLocations[0].Message.Text)
		require.Equal(t, "warning", log.Runs[0].Results[1].Level)
		var rules []string
		for _, r := range log.Runs[0].Tool.Driver.Rules {
			rules = append(rules, r.ID)
		}
		require.Subset(t, rules, []string{"port-clash-pod"})
		require.NotContains(t, rules, "env-name", "only those that found something")
	}
}

func TestJSON(t *testing.T) {
	text, err := json.Marshal(reported())
	require.NoError(t, err)
	require.JSONEq(t, `[{"rule":"port-clash-pod","level":"E","object":"Pod/web","type":"FieldValueDuplicate","path":"spec.containers[1].ports[0].containerPort","value":80,
		"detail":"taken","fix":"take another","at":"a b/main.go:3","parties":[{"container":"b","path":"spec.containers[1].ports[0].containerPort","at":"a b/main.go:3"},{"container":"proxy","path":"spec.containers[0]","at":"main.go:2"}]},
		{"rule":"image-tag","level":"W","path":"spec.containers[0].image"}]`, string(text))
}
