package webhook_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every exported function and method has an example that go test runs.
func TestEveryVerbHasAnExample(t *testing.T) {
	verbs := showVerbs(t)
	require.Greater(t, len(verbs), 8)
	for verb, examples := range verbs {
		runs := false
		for _, e := range examples {
			runs = runs || e.Output != ""
		}
		switch {
		case len(examples) == 0:
			t.Errorf("%s has no example: write func Example%s", verb, verb)
		case !runs:
			t.Errorf("the example of %s has no Output", verb)
		}
	}
}

// showVerbs gives the examples of each exported function and method of the
// package, as its documentation shows them.
func showVerbs(t *testing.T) map[string][]*doc.Example {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	fset, files := token.NewFileSet(), []*ast.File(nil)
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, f)
	}
	pkg, err := doc.NewFromFiles(fset, files, "github.com/podpattern/podpattern/pattern/webhook")
	require.NoError(t, err)
	verbs := make(map[string][]*doc.Example)
	for _, f := range pkg.Funcs {
		verbs[f.Name] = f.Examples
	}
	for _, typ := range pkg.Types {
		for _, f := range typ.Funcs { // constructors
			verbs[f.Name] = f.Examples
		}
		for _, m := range typ.Methods {
			verbs[typ.Name+"_"+m.Name] = m.Examples
		}
	}
	return verbs
}
