package consumer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// program is a whole program of the README, and the YAML that the README says it
// prints: the next block.
type program struct{ source, want string }

func readme(t *testing.T) []program {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	var found []program
	for _, b := range blocks(string(text)) {
		switch {
		case b.language == "go" && strings.Contains(b.text, "package main\n"):
			found = append(found, program{source: b.text})
		case b.language == "yaml" && len(found) > 0 && found[len(found)-1].want == "":
			found[len(found)-1].want = b.text
		}
	}
	return found
}

// block is what stands between two fences of a Markdown text.
type block struct{ language, text string }

func blocks(text string) []block {
	const fence = "```"
	var found []block
	inside := false
	for line := range strings.Lines(text) {
		language, isFence := strings.CutPrefix(line, fence)
		switch {
		case isFence && !inside:
			found = append(found, block{language: strings.TrimSpace(language)})
			inside = true
		case isFence:
			inside = false
		case inside:
			found[len(found)-1].text += line
		}
	}
	return found
}

func TestBlocks(t *testing.T) {
	text := "# a\n```go\npackage main\n\nfunc main() {}\n```\nprose\n```yaml\na: b\n```\n"
	require.Equal(t, []block{{"go", "package main\n\nfunc main() {}\n"}, {"yaml", "a: b\n"}}, blocks(text))
}
