package examples

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/stretchr/testify/require"
)

const readme = "../README.md"

// What README.md shows is made by the programs that it speaks of. A part between
// <!-- name --> and <!-- end --> is the output of the part of that name; -update
// writes it.
func TestReadmeShowsWhatTheProgramsPrint(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	parts := map[string]func(*testing.T) string{
		"face": func(t *testing.T) string { return fenced("go", withoutDoc(t, "quickstart/main.go")) },
		"yaml": func(t *testing.T) string { return fenced("yaml", goRun(t, "quickstart")) },
		"tree": func(t *testing.T) string { return fenced("text", goRun(t, "quickstart", "-o", "tree")) },
		"up": func(t *testing.T) string {
			return fenced("text", after(t, "../internal/conformance/e2e/testdata/quickstart.txt", ""))
		},
		"debug":     func(t *testing.T) string { return fenced("sh", goRun(t, "quickstart", "-o", "debug")) },
		"mistake":   func(t *testing.T) string { return fenced("go", body(t, "testdata/mistake/main.go")) },
		"finding":   func(t *testing.T) string { return fenced("text", goRun(t, "testdata/mistake")) },
		"catalogue": catalogueTable,
		"speed": func(t *testing.T) string {
			table, _, _ := strings.Cut(after(t, "../internal/conformance/bench/README.md", "<!-- table -->\n"), "<!-- end -->")
			return table
		},
		"usecases": useCaseTable,
		"helper": func(t *testing.T) string {
			return fenced("go", after(t, "own-helper/memcached.go", "package main\n\n"))
		},
		"reconcile": func(t *testing.T) string {
			text, _, _ := strings.Cut(after(t, "../pattern/example_reconcile_test.go", "// reconciler keeps"), "\n// A controller adds")
			return fenced("go", "// reconciler keeps"+text)
		},
		"helpertest": func(t *testing.T) string {
			return fenced("go", after(t, "own-helper/memcached_test.go", "files\")\n\n"))
		},
	}
	seen := 0
	got := regexp.MustCompile(`(?s)<!-- (\w+) -->\n.*?<!-- end -->`).ReplaceAllStringFunc(string(text), func(part string) string {
		name := strings.Fields(part)[1]
		require.Contains(t, parts, name)
		seen++
		return "<!-- " + name + " -->\n" + parts[name](t) + "<!-- end -->"
	})
	require.Equal(t, len(parts), seen, "each part once")
	golden.Equal(t, readme, got)
}

func fenced(language, text string) string { return "```" + language + "\n" + text + "```\n" }

// withoutDoc gives a program without the comment above its package clause.
func withoutDoc(t *testing.T, file string) string {
	return "package main\n" + after(t, file, "\npackage main\n")
}

// after gives a file from behind a text on.
func after(t *testing.T, file, what string) string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), what)
	require.True(t, ok)
	return rest
}

// body gives the lines of a program's main function.
func body(t *testing.T, file string) string {
	rest := after(t, file, "func main() {\n")
	return strings.ReplaceAll(strings.TrimPrefix(strings.TrimSuffix(rest, "}\n"), "\t"), "\n\t", "\n")
}

// goRun gives what the program in a folder prints there, on standard output and
// standard error.
func goRun(t *testing.T, dir string, args ...string) string {
	bin := filepath.Join(t.TempDir(), "program")
	out, err := exec.Command("go", "build", "-o", bin, "./"+dir).CombinedOutput()
	require.NoError(t, err, string(out))
	var text bytes.Buffer
	cmd := exec.Command(bin, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &text, &text
	_ = cmd.Run() // one of them is there to fail
	return text.String()
}

// Every guarantee in README.md names the test that holds it.
func TestReadmeNamesTestsThatExist(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	names := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, names)
	var code bytes.Buffer
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			source, err := os.ReadFile(path)
			code.Write(source)
			return err
		}
		return err
	}))
	for _, n := range names {
		require.True(t, strings.Contains(code.String(), "func "+n[1]+"(t *testing.T)"), "README.md names %s, which is no test", n[1])
	}
}
