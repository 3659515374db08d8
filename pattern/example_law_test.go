package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/examplelaw"
)

// Every exported function and method has an example that go test runs.
func TestEveryVerbHasAnExample(t *testing.T) {
	examplelaw.Hold(t, "github.com/podpattern/podpattern/pattern", map[string]string{
		"Main": "it ends the process; its example is only compiled",
	})
}
