package expansion_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/stretchr/testify/require"
)

func TestLiteral(t *testing.T) {
	tests := map[string]string{
		"":                 "",
		"plain":            "plain",
		"a regex's end $":  "a regex's end $",
		"^/a$|^/b$":        "^/a$|^/b$",
		"$(HOME)":          "$$(HOME)",
		"$$(HOME)":         "$$$$(HOME)",
		"$$":               "$$$",
		"$$$":              "$$$$$",
		"^/(a|b)$(?:x)":    "^/(a|b)$$(?:x)",
		"münchen $(größe)": "münchen $$(größe)",
	}
	for text, want := range tests {
		require.Equal(t, want, expansion.Literal(text))
		require.Equal(t, text, kubelet(want), "what the kubelet makes of it")
	}
}

// kubelet expands as the kubelet does where HOME is set.
// upstream: kubernetes/kubernetes third_party/forked/golang/expansion.
func kubelet(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '$' && strings.HasPrefix(text[i+1:], "$"):
			b.WriteByte('$')
			i++
		case text[i] == '$' && strings.HasPrefix(text[i+1:], "(HOME)"):
			b.WriteString("/root")
			i += len("(HOME)")
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}
