package webhook_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/examplelaw"
	"github.com/stretchr/testify/require"
)

// Every exported function and method has an example that go test runs.
func TestEveryVerbHasAnExample(t *testing.T) {
	require.Greater(t, examplelaw.Hold(t, "github.com/podpattern/podpattern/pattern/webhook", nil), 8)
}
