package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// asked is a finding about what has no line of its own, so that it names the line
// that asked for it.
type asked struct {
	name, rule string
	err        error
	line       string
}

func asking(name, rule string, err error) asked { return asked{name, rule, err, lineOf(2, 0)} }

func errorOf[T any](_ T, err error) error { return err }

func TestWhatIsFoundByAskingNamesTheLineThatAsked(t *testing.T) {
	for _, tt := range []asked{
		asking("nil object", "nil-argument", errorOf(pattern.Objects(nil))),
		asking("nil pointer to a builder", "nil-argument", errorOf(pattern.Objects((*pattern.PodBuilder)(nil)))),
		asking("nil object to print", "nil-argument", errorOf(pattern.YAML(nil))),
		asking("zero pod", "zero-builder", errorOf(pattern.PodBuilder{}.Build())),
		asking("zero pod as a template", "zero-builder", errorOf(pattern.PodBuilder{}.Template())),
		asking("zero Deployment", "zero-builder", errorOf(pattern.DeploymentBuilder{}.Build())),
		asking("zero Service that was changed", "zero-builder", errorOf(pattern.ServiceBuilder{}.Headless().Build())),
		asking("zero CronJob", "zero-builder", errorOf(pattern.CronJobBuilder{}.Objects())),
		asking("zero ConfigMap", "zero-builder", errorOf(pattern.YAML(pattern.ConfigMapBuilder{}))),
		asking("zero Secret with data", "zero-builder", errorOf(pattern.YAML(pattern.SecretBuilder{}.Data("k", "v")))),
		asking("ConfigMap without data", "no-data", errorOf(pattern.YAML(pattern.ConfigMap("c")))),
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.line, only(t, findingsOf(t, tt.err), tt.rule).At)
		})
	}
}
