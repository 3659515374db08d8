package conformance_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// use is a helper of the catalogue with typical arguments.
type use struct {
	constructor string
	why         string
	in          pattern.PodBuilder
}

// uses has every constructor of the catalogue, in a small pod with an app that does
// what Pod Security restricted asks; so it is the helper that decides.
func uses() []use {
	logs, raw, metrics := pattern.EmptyDir("logs"), pattern.EmptyDir("raw"), pattern.EmptyDir("metrics")
	pod := pattern.Pod("web").
		WithApp(pattern.App("web", "web:1").Restricted().Port("http", 8080).Writes(logs, "/var/log/web").Writes(raw, "/var/lib/web"))
	reader := pattern.App("reader", "reader:1").Restricted().Reads(metrics, "/metrics")
	return []use{
		{"sidecar.LogShipper", "Loki", pod.WithSidecar(sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100")))},
		{"sidecar.LogShipper", "Elasticsearch with a password", pod.WithSidecar(sidecar.LogShipper(logs, sidecar.Elasticsearch("https://es:9200").BasicAuth(pattern.Secret("es"))))},
		{"sidecar.LogShipper", "HTTP", pod.WithSidecar(sidecar.LogShipper(logs, sidecar.HTTP("https://logs.example.com/ingest")))},
		{"sidecar.LogShipper", "standard output", pod.WithSidecar(sidecar.LogShipper(logs, sidecar.Stdout()))},
		{"ambassador.TCP", "a name", pod.WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432"))},
		{"ambassador.TCP", "an address", pod.WithAmbassador(ambassador.TCP("db", "[2001:db8::1]:5432", ambassador.TCPOptions{GateOnUpstream: true}))},
		{"ambassador.TCP", "twice", pod.WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432"), ambassador.TCP("cache", "redis.prod.svc:6379"))},
		{"adapter.Script", "a file into another", pod.WithApp(reader).WithAdapter(adapter.Script("convert", `tail -F "$IN/raw" >"$OUT/metrics"`, adapter.ScriptOptions{From: raw, To: metrics}))},
		{"adapter.Script", "served", pod.WithAdapter(adapter.Script("serve", `exec httpd -f -p "$PORT" -h "$IN"`, adapter.ScriptOptions{From: raw, Port: 9100, MetricsPath: "/metrics"}))},
		{"initc.WaitForTCP", "a name", pod.WithInit(initc.WaitForTCP("postgres.prod.svc:5432"))},
	}
}

// Every helper keeps what its package promises: the API server takes it without a
// word, and it may run where Pod Security restricted is enforced, whatever carries
// the pod.
func TestCatalogue(t *testing.T) {
	for _, u := range uses() {
		t.Run(u.constructor+"/"+u.why, func(t *testing.T) {
			for _, pod := range []pattern.PodBuilder{u.in, u.in.Hardened(), u.in.InlineConfig()} {
				requireRestricted(t, print(t, pod))
				requireRestricted(t, print(t, pod.Deployment(2), pod.Service(), pod.NetworkPolicy()))
				requireRestricted(t, print(t, pod.Job()))
			}
		})
	}
}

// No helper of the catalogue is left out above.
func TestCatalogueIsWhole(t *testing.T) {
	used := make(map[string]bool)
	for _, u := range uses() {
		used[u.constructor] = true
	}
	for _, name := range []string{"sidecar", "ambassador", "adapter", "initc"} {
		constructors := constructors(t, name)
		require.NotEmpty(t, constructors, name)
		for _, c := range constructors {
			require.True(t, used[c], "%s is not among the uses", c)
			delete(used, c)
		}
	}
	require.Empty(t, used, "uses of what isn't there")
}

// constructors gives the exported functions of a package that make a container.
func constructors(t *testing.T, name string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, name, "*.go"))
	require.NoError(t, err)
	var found []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() && makesContainer(f.Type) {
				found = append(found, name+"."+f.Name.Name)
			}
		}
	}
	return found
}

// makesContainer says whether a result is one of the container types, such as
// pattern.SidecarContainer.
func makesContainer(f *ast.FuncType) bool {
	return f.Results != nil && slices.ContainsFunc(f.Results.List, func(r *ast.Field) bool {
		s, ok := r.Type.(*ast.SelectorExpr)
		return ok && strings.HasSuffix(s.Sel.Name, "Container")
	})
}
