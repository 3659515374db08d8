package examples

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// catalogueTable gives a table of the helpers: every exported function of the
// catalogue's packages that makes a container, or changes a pod.
func catalogueTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| helper | what it does | image | ports | restricted | native | read by, in a test | on a cluster, by |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	uses := catalogue.Uses()
	for _, pkg := range []string{"sidecar", "ambassador", "adapter", "initc"} {
		for _, f := range constructors(t, "../"+pkg) {
			helper := pkg + "." + f.Name
			of := usesOf(uses, helper)
			require.NotEmpty(t, of, "internal/catalogue has no use of %s", helper)
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", helper, synopsis(f), strings.Join(cells(t, of), " | "))
		}
	}
	return b.String()
}

// usesOf gives the uses of a helper.
func usesOf(uses []catalogue.Use, helper string) (of []catalogue.Use) {
	for _, u := range uses {
		if u.Helper == helper {
			of = append(of, u)
		}
	}
	return of
}

// cells are those of a row that are read off the pod of the helper's first use; what
// has read a configuration, and has run on a cluster, is that of all of them.
func cells(t *testing.T, of []catalogue.Use) []string {
	restricted, native := "yes", "yes"
	c, isNative := of[0].Container(t)
	var ports []string
	for _, p := range c.Ports {
		ports = append(ports, fmt.Sprint(p.ContainerPort))
	}
	switch {
	case c.Image == "":
		native = "the mesh decides"
	case !isNative:
		native = "init"
	}
	if of[0].Unrestricted != "" {
		restricted = "no: " + of[0].Unrestricted
	}
	var by []string
	for _, u := range of {
		require.NotEmpty(t, u.Verified.By, u.Helper)
		if !slices.Contains(by, u.Verified.By) {
			by = append(by, u.Verified.By)
		}
	}
	return []string{shortImage(c.Image), strings.Join(ports, ", "), restricted, native, strings.Join(by, "; "), catalogue.OnCluster()[of[0].Helper]}
}

// useCaseTable gives what tutorials show of the patterns, with the helper for it
// and the test that runs it. A case without a helper, and a helper without a test,
// fail.
func useCaseTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| pattern | use case | helper | test |\n| --- | --- | --- | --- |\n")
	uses, tests := catalogue.Uses(), testNames(t)
	for _, c := range catalogue.UseCases() {
		var helpers, by []string
		for _, helper := range c.Helpers {
			of := usesOf(uses, helper)
			require.NotEmpty(t, of, "%s: there is no %s", c.What, helper)
			require.Contains(t, tests, of[0].Verified.Test, "%s: the test of %s", c.What, helper)
			helpers, by = append(helpers, "`"+helper+"`"), append(by, "`"+of[0].Verified.Test+"`")
		}
		require.NotEmpty(t, helpers, c.What)
		slices.Sort(by)
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Pattern, c.What, strings.Join(helpers, ", "), strings.Join(slices.Compact(by), ", "))
	}
	return b.String()
}

// testNames are the test functions of the helpers' packages and of the conformance
// module.
func testNames(t *testing.T) []string {
	var names []string
	for _, dir := range []string{"sidecar", "ambassador", "adapter", "initc", "internal/conformance"} {
		files, err := filepath.Glob("../" + dir + "/*_test.go")
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`).FindAllStringSubmatch(string(text), -1) {
				names = append(names, m[1])
			}
		}
	}
	return names
}

// A reader of go doc sees what a helper sets: its comment has a sentence that is
// made of the container.
func TestEachHelperTellsItsDefaults(t *testing.T) {
	for _, u := range catalogue.One() {
		c, _ := u.Container(t)
		if c.Image == "" {
			continue // it only changes the pod
		}
		pkg, name, _ := strings.Cut(u.Helper, ".")
		comments := constructors(t, "../"+pkg)
		i := slices.IndexFunc(comments, func(f *doc.Func) bool { return f.Name == name })
		require.GreaterOrEqual(t, i, 0, u.Helper)
		text := strings.Join(strings.Fields(comments[i].Doc), " ")
		require.Contains(t, text, defaults(c), u.Helper)
	}
}

// defaults is the sentence: the image without its registry and tag, the user and the
// resources. What the caller gives isn't in it.
func defaults(c corev1.Container) string {
	var parts []string
	if image := shortImage(c.Image); image != "yours" {
		name, _, _ := strings.Cut(image, ":")
		parts = append(parts, "image "+name[strings.LastIndexByte(name, '/')+1:])
	}
	if uid := c.SecurityContext.RunAsUser; uid != nil && *uid != 10001 { // the app's, which LogRotate is given
		parts = append(parts, fmt.Sprintf("uid %d", *uid))
	}
	r := c.Resources
	return fmt.Sprintf("Defaults: %s, %s CPU, %s memory, at most %s.", strings.Join(parts, ", "), r.Requests.Cpu(), r.Requests.Memory(), r.Limits.Memory())
}

// shortImage is without what every image of Docker Hub has, and "yours" for one that
// the caller names.
func shortImage(image string) string {
	if strings.HasPrefix(image, "registry.example.com/") {
		return "yours"
	}
	return strings.TrimPrefix(strings.TrimPrefix(image, "docker.io/"), "library/")
}

// A helper that no use case names is one that nobody finds.
func TestEveryHelperHasAUseCase(t *testing.T) {
	var named []string
	for _, c := range catalogue.UseCases() {
		named = append(named, c.Helpers...)
	}
	for _, u := range catalogue.Uses() {
		require.Contains(t, named, u.Helper)
	}
}

// Every use of a helper names a test that there is.
func TestEveryHelperNamesItsTest(t *testing.T) {
	tests := testNames(t)
	for _, u := range catalogue.Uses() {
		require.Contains(t, tests, u.Verified.Test, u.Helper)
	}
}

// constructors gives the exported functions of a package that make a container, or
// a function that changes a pod.
func constructors(t *testing.T, dir string) []*doc.Func {
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
	out := slices.DeleteFunc(slices.Clone(pkg.Funcs), func(f *doc.Func) bool {
		return f.Decl.Type.Results == nil || !makesHelper(f.Decl.Type.Results.List[0].Type)
	})
	require.NotEmpty(t, out)
	return out
}

// makesHelper says whether a result is pattern.SidecarContainer and the like, or
// func(pattern.PodBuilder) pattern.PodBuilder.
func makesHelper(result ast.Expr) bool {
	switch r := result.(type) {
	case *ast.SelectorExpr:
		return strings.HasSuffix(r.Sel.Name, "Container")
	case *ast.FuncType:
		return true
	}
	return false
}

// synopsis is the first sentence of the comment, up to what it says of arguments,
// without the function's name and the marks of links.
func synopsis(f *doc.Func) string {
	s := strings.TrimPrefix(new(doc.Package).Synopsis(f.Doc), f.Name+" ")
	s, _, _ = strings.Cut(s, "; ")
	return strings.TrimRight(strings.NewReplacer("[", "", "]", "", "pattern.", "").Replace(s), ".:")
}
