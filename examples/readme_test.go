package examples

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
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
		"face":      func(t *testing.T) string { return fenced("go", withoutDoc(t, "quickstart/main.go")) },
		"yaml":      func(t *testing.T) string { return fenced("yaml", goRun(t, "quickstart")) },
		"tree":      func(t *testing.T) string { return fenced("text", goRun(t, "quickstart", "-o", "tree")) },
		"mistake":   func(t *testing.T) string { return fenced("go", body(t, "testdata/mistake/main.go")) },
		"finding":   func(t *testing.T) string { return fenced("text", goRun(t, "testdata/mistake")) },
		"catalogue": catalogue,
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
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), "\npackage main\n")
	require.True(t, ok)
	return "package main\n" + rest
}

// body gives the lines of a program's main function.
func body(t *testing.T, file string) string {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), "func main() {\n")
	require.True(t, ok)
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

// catalogue gives a table of the helpers: every exported function of the
// catalogue's packages that makes a container.
func catalogue(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| pattern | helper | what it does | example |\n| --- | --- | --- | --- |\n")
	for _, p := range []struct{ pkg, role, pattern, example string }{
		{"sidecar", "SidecarContainer", "sidecar, log aggregation", "sidecar, log-aggregation, native-sidecar"},
		{"ambassador", "AmbassadorContainer", "ambassador", "ambassador"},
		{"adapter", "AdapterContainer", "adapter", "adapter"},
		{"initc", "InitContainer", "init container", "init"},
	} {
		for _, f := range constructors(t, "../"+p.pkg, p.role) {
			var links []string
			for _, e := range strings.Split(p.example, ", ") {
				require.FileExists(t, e+"/main.go")
				links = append(links, fmt.Sprintf("[%s](examples/%[1]s)", e))
			}
			fmt.Fprintf(&b, "| %s | `%s.%s` | %s | %s |\n", p.pattern, p.pkg, f.Name, synopsis(f), strings.Join(links, ", "))
		}
	}
	return b.String()
}

func constructors(t *testing.T, dir, role string) []*doc.Func {
	sources, err := filepath.Glob(dir + "/*.go")
	require.NoError(t, err)
	fset := token.NewFileSet()
	var files []*ast.File
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, source, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, dir)
	require.NoError(t, err)
	var out []*doc.Func
	for _, f := range functions(pkg) {
		if r, ok := f.Decl.Type.Results.List[0].Type.(*ast.SelectorExpr); ok && r.Sel.Name == role {
			out = append(out, f)
		}
	}
	require.NotEmpty(t, out)
	return out
}

func functions(pkg *doc.Package) []*doc.Func {
	return slices.DeleteFunc(slices.Clone(pkg.Funcs), func(f *doc.Func) bool { return f.Decl.Type.Results == nil })
}

// synopsis is the first sentence of the comment, without the function's name.
func synopsis(f *doc.Func) string {
	s := strings.TrimPrefix(new(doc.Package).Synopsis(f.Doc), f.Name+" ")
	return strings.TrimSuffix(s, ".")
}
