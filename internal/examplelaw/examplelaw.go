// Package examplelaw holds a package to its examples: go test runs one for every exported
// function and method, and go doc's readers find it.
package examplelaw

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Hold looks at the package in the folder of the test, of that import path. unrun are the
// verbs whose example is only compiled, with the reason. It gives how many verbs there are.
func Hold(t *testing.T, importPath string, unrun map[string]string) int {
	t.Helper()
	verbs := verbs(t, importPath)
	left := len(unrun)
	for verb, examples := range verbs {
		runs := false
		for _, e := range examples {
			runs = runs || e.Output != ""
		}
		switch {
		case len(examples) == 0:
			t.Errorf("%s has no example: write func Example%s", verb, verb)
		case unrun[verb] != "":
			require.False(t, runs, "%s has an example that runs: strike it off the list", verb)
		case !runs:
			t.Errorf("the example of %s has no Output", verb)
		}
		if unrun[verb] != "" {
			left--
		}
	}
	require.Zero(t, left, "some of these are no verbs: %v", unrun)
	return len(verbs)
}

// verbs gives the examples of each exported function and method of the package, as its
// documentation shows them. Methods that several types embed count once.
func verbs(t *testing.T, importPath string) map[string][]*doc.Example {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	fset, files := token.NewFileSet(), []*ast.File(nil)
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, f)
	}
	pkg, err := doc.NewFromFiles(fset, files, importPath)
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
