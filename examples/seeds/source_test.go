package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// The reader of an example looks at lines, so lines are what is counted.
func TestGoIsNoLongerThanYAML(t *testing.T) {
	src := parse(t)
	var goTotal, yamlTotal int
	for _, s := range seeds() {
		f := src.function(t, s)
		y, err := pattern.YAML(s.objects...)
		require.NoError(t, err)
		goLines, yamlLines := src.line(f.End())-src.line(f.Pos())+1, bytes.Count(y, []byte("\n"))
		goTotal, yamlTotal = goTotal+goLines, yamlTotal+yamlLines
		t.Logf("%-24s %3d lines of Go, %3d of YAML", s.name, goLines, yamlLines)
		require.LessOrEqual(t, goLines, yamlLines, s.name)
	}
	t.Logf("%-24s %3d lines of Go, %3d of YAML", "total", goTotal, yamlTotal)
}

// What makes the count above an honest one.
func TestGoIsNotCrammed(t *testing.T) {
	src := parse(t)
	for file, text := range src.texts {
		formatted, err := format.Source(text)
		require.NoError(t, err)
		require.Equal(t, string(formatted), string(text), "gofmt %s", file)
		for i, line := range strings.Split(string(text), "\n") {
			require.LessOrEqual(t, len(strings.ReplaceAll(line, "\t", "    ")), 140, "%s:%d", file, i+1)
		}
	}
	for _, s := range seeds() {
		f := src.function(t, s)
		require.NotNil(t, f.Doc, "%s has a comment", f.Name)
		require.Len(t, f.Doc.List, 1, "comment of %s", f.Name)
		for c := range calls(f) {
			_, method := c.Fun.(*ast.SelectorExpr)
			require.True(t, method, "%s: a seed calls the library, and no helper of its own", src.fset.Position(c.Pos()))
		}
	}
}

func TestSeedsUseTheBuildersOnly(t *testing.T) {
	src := parse(t)
	for name, f := range src.files {
		for _, i := range f.Imports {
			require.Equal(t, `"github.com/podpattern/podpattern/pattern"`, i.Path.Value, "import in %s", name)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				require.NotContains(t, waysAround, n.Name, src.fset.Position(n.Pos()))
			case *ast.BasicLit:
				require.NotContains(t, n.Value, "apiVersion:", src.fset.Position(n.Pos()))
			}
			return true
		})
	}
	for _, s := range seeds() {
		var containers int
		for c := range calls(src.function(t, s)) {
			constructor, adds := constructors[method(c)]
			if !adds {
				continue
			}
			for _, arg := range c.Args {
				require.Equal(t, "pattern."+constructor, root(arg), src.fset.Position(arg.Pos()))
				containers++
			}
		}
		require.Equal(t, countContainers(generic(t, documents(s.read(t)))), containers, "containers of %s", s.name)
	}
}

// waysAround are the names of what would let a seed do without the builders.
var waysAround = []string{"From", "Edit", "RawVolume", "Raw", "Decode", "Unmarshal", "UnmarshalStrict"}

// constructors says by which constructor a container comes that a method adds.
var constructors = map[string]string{
	"WithApp":        "App",
	"WithSidecar":    "Sidecar",
	"WithAmbassador": "Ambassador",
	"WithAdapter":    "Adapter",
	"WithInit":       "Init",
}

// source is the Go of this example, without its tests.
type source struct {
	fset  *token.FileSet
	files map[string]*ast.File
	texts map[string][]byte
}

func parse(t *testing.T) source {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") })
	require.NotEmpty(t, names)
	src := source{token.NewFileSet(), make(map[string]*ast.File), make(map[string][]byte)}
	for _, name := range names {
		src.texts[name], err = os.ReadFile(name)
		require.NoError(t, err)
		src.files[name], err = parser.ParseFile(src.fset, name, src.texts[name], parser.ParseComments)
		require.NoError(t, err)
	}
	return src
}

func (src source) line(p token.Pos) int { return src.fset.Position(p).Line }

// function gives the function that the list of seeds calls for a seed.
func (src source) function(t *testing.T, s seed) *ast.FuncDecl {
	t.Helper()
	var called string
	ast.Inspect(src.declared(t, "seeds"), func(n ast.Node) bool {
		if entry, ok := n.(*ast.CompositeLit); ok && len(entry.Elts) == 2 {
			if name, ok := entry.Elts[0].(*ast.BasicLit); ok && name.Value == strconv.Quote(s.name) {
				for c := range calls(entry.Elts[1]) {
					called = c.Fun.(*ast.Ident).Name
				}
			}
		}
		return true
	})
	return src.declared(t, called)
}

func (src source) declared(t *testing.T, name string) *ast.FuncDecl {
	t.Helper()
	for _, f := range src.files {
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == name {
				return f
			}
		}
	}
	require.FailNow(t, "no function "+strconv.Quote(name))
	return nil
}

// calls gives the calls in a piece of source.
func calls(n ast.Node) iter.Seq[*ast.CallExpr] {
	return func(yield func(*ast.CallExpr) bool) {
		for n := range ast.Preorder(n) {
			if c, ok := n.(*ast.CallExpr); ok && !yield(c) {
				return
			}
		}
	}
}

// method gives the name of what is called as x.name().
func method(c *ast.CallExpr) string {
	if s, ok := c.Fun.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}

// root gives what a chain of calls starts with, such as pattern.App.
func root(e ast.Expr) string {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return ""
	}
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if x, ok := s.X.(*ast.Ident); ok {
		return x.Name + "." + s.Sel.Name
	}
	return root(s.X)
}

func countContainers(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			n += countContainers(x)
		}
	case map[string]any:
		for key, x := range v {
			if list, ok := x.([]any); ok && (key == "containers" || key == "initContainers") {
				n += len(list)
			}
			n += countContainers(x)
		}
	}
	return n
}
