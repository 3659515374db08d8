package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/stretchr/testify/require"
)

// run gives what is printed.
func run(in string, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = inject(args, strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

// fine gives what is printed where nothing is wrong.
func fine(t *testing.T, in string, args ...string) string {
	t.Helper()
	code, out, errs := run(in, args...)
	require.Zero(t, code, errs)
	require.Empty(t, errs)
	return out
}

func input(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(text)
}

// words cuts a command line at its spaces.
func words(line string) []string { return strings.Fields(line) }

const (
	ship     = "-helper log-shipper -loki http://loki.logging.svc:3100"
	shipElse = "-helper log-shipper -loki http://loki.other.svc:3100 -logs /srv/log"
	wait     = "-helper wait-for-tcp -upstream postgres.prod.svc:5432"
	tcp      = "-helper tcp -upstream postgres.prod.svc:5432 -name db -bundle db"
)

// Of each pipe, the output of its last program.
func TestPipes(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		pipe     []string
	}{
		{"deployment", "deployment.yaml", []string{ship}},
		{"deployment-refreshed", "deployment.yaml", []string{ship, shipElse}},
		{"deployment-two-bundles", "deployment.yaml", []string{wait, tcp}},
		{"deployment-plan", "deployment.yaml", []string{wait, shipElse + " -plan"}},
		{"deployment-plan-refresh", "deployment.yaml", []string{ship, shipElse + " -plan"}},
		{"rollout", "rollout.yaml", []string{ship}},
		{"list", "list.yaml", []string{wait}},
		{"list-plan", "list.yaml", []string{wait + " -plan"}},
		{"stream", "stream.yaml", []string{tcp}},
		{"json", "pod.json", []string{"-helper statsd -helper wait-for-tcp -upstream db:5432 -bundle both"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := input(t, tt.in)
			for _, line := range tt.pipe {
				text = fine(t, text, words(line)...)
			}
			golden.Equal(t, filepath.Join("testdata", tt.name+".out.yaml"), text)
		})
	}
}

// Whatever is added to whatever: what is there already isn't added again, and what is
// taken out leaves what was there before.
func TestLaws(t *testing.T) {
	for _, name := range []string{"deployment.yaml", "rollout.yaml", "list.yaml", "stream.yaml", "pod.json"} {
		for _, line := range []string{ship, wait, tcp, "-helper statsd", tcp + " -helper statsd"} {
			t.Run(name+" "+line, func(t *testing.T) {
				before := fine(t, input(t, name), "-remove", "-bundle", "none")
				once := fine(t, before, words(line)...)
				require.NotEqual(t, before, once)
				require.Equal(t, once, fine(t, once, words(line)...))
				require.Empty(t, fine(t, once, words(line+" -plan")...))
				require.Equal(t, before, fine(t, once, words(line+" -remove")...))
			})
		}
	}
}

// Bundles can come and go in any order.
func TestTwoBundles(t *testing.T) {
	before := fine(t, input(t, "list.yaml"), "-remove", "-bundle", "none")
	both := fine(t, fine(t, before, words(wait)...), words(tcp)...)
	require.Equal(t, both, fine(t, fine(t, before, words(tcp)...), words(wait)...))
	require.Equal(t, before, fine(t, fine(t, both, words("-remove -bundle wait-for-tcp")...), words("-remove -bundle db")...))
}

// What no type knows, and what needs more digits than a float64 has, is kept.
func TestNothingIsLost(t *testing.T) {
	out := fine(t, input(t, "deployment.yaml"), words(ship)...)
	for _, want := range []string{"managedFields:", `k:{"name":"shop"}:`, "status:", "availableReplicas: 2", "creationTimestamp: null", `"9007199254740993"`, `value: "yes"`} {
		require.Contains(t, out, want)
	}
	require.NotContains(t, out, "#", "comments are lost")
	out = fine(t, input(t, "rollout.yaml"), words(ship)...)
	for _, want := range []string{"huge: 9007199254740993", "deep: 9007199254740993", "none: null", "fraction: 0.1", "newField: []", `"a\Nb\uFEFFc\Ld"`, "canary:"} {
		require.Contains(t, out, want)
	}
}

// Of each refusal: the exit code, all that is printed on the standard error, and nothing
// on the standard output.
func TestRefusals(t *testing.T) {
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: a:1}, {name: db, image: a:1}]}\n"
	for _, tt := range []struct {
		name, in, line string
		code           int
		errs           string
	}{
		{"a container of the name", pod, tcp, exitFindings,
			`Pod/a: spec.initContainers[0].name: Duplicate value: "db": the pod has a container of this name`},
		{"in one of two, so the other isn't printed either", "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: [{name: b, image: a:1}]}\n---\n" + pod, tcp, exitFindings,
			`Pod/a: spec.initContainers[0].name: Duplicate value: "db": the pod has a container of this name`},
		{"a record that claims what is the app's", strings.Replace(pod, "{name: a}", `{name: a, annotations: {bundles.podpattern.dev/x: '["00000000 containers/db"]'}}`, 1), "-remove -bundle x", exitFindings,
			`Pod/a: metadata.annotations[bundles.podpattern.dev/x]: Invalid value: "containers/db": the record claims what bundle x did not write`},
		{"a server that is none", input(t, "deployment.yaml"), "-helper tcp -upstream postgres", exitFindings,
			`Deployment/prod/shop: `},
		{"a version that is none", input(t, "deployment.yaml"), wait + " -target latest", exitFindings,
			`Deployment/prod/shop: Invalid value: "latest": is no version of Kubernetes. Fix: such as "1.35"`},
		{"fields of a wrong type", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: web}\n", wait, exitFindings,
			"Pod/a: "},

		{"no object", "just text\n", wait, exitUnread, "stdin: "},
		{"no kind", "apiVersion: v1\n---\na: b\n", wait, exitUnread, "stdin: document 1: Object 'Kind' is missing"},
		{"no YAML", "a: b: c\n", wait, exitUnread, "stdin: "},
		{"an item that is no object", "apiVersion: v1\nkind: List\nitems: [1]\n", wait, exitUnread, "stdin: document 1: items[0] is no object"},

		{"no helper", "", "", exitUnread, "no -helper; -list names them all"},
		{"a helper that isn't there", "", "-helper x", exitUnread, `invalid value "x" for flag -helper: no such helper; -list names them all`},
		{"a flag that is missing", "", "-helper log-shipper", exitUnread, "-helper log-shipper needs -loki"},
		{"a flag of another helper", "", wait + " -loki a", exitUnread, "-loki is for another -helper; -list says for which"},
		{"nothing to remove", "", "-remove", exitUnread, "-remove needs -bundle"},
		{"a plan of a removal", "", "-remove -plan -bundle a", exitUnread, "-plan tells what would be added: not with -remove"},
		{"a file", "", wait + " deploy.yaml", exitUnread, `unexpected argument "deploy.yaml"; -h lists the flags`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errs := run(tt.in, words(tt.line)...)
			require.Equal(t, tt.code, code, errs)
			require.Empty(t, out)
			require.True(t, strings.HasPrefix(errs, tt.errs), errs)
			require.NotContains(t, errs, ".go:", "lines of this program tell its user nothing")
			if tt.code == exitFindings {
				require.Equal(t, 1, strings.Count(errs, "\n"), errs)
			}
		})
	}
}

// What isn't for a helper passes.
func TestObjectsWithoutAPodPass(t *testing.T) {
	service := "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n"
	require.Equal(t, service, fine(t, service, words(wait)...))
	require.Empty(t, fine(t, "", words(wait)...))
	require.Empty(t, fine(t, "# nothing\n---\n", words(wait)...))
}

func TestList(t *testing.T) {
	out := fine(t, "", "-list")
	for _, h := range helpers() {
		require.Contains(t, out, h.name)
		require.Contains(t, out, h.does)
	}
	code, _, errs := run("", "-h")
	require.Zero(t, code)
	require.Contains(t, errs, "Exit code 0")
}

// The pipe of the doc comment, without a cluster at its ends.
func TestGoRun(t *testing.T) {
	pipe := exec.Command("sh", "-c", "go run . "+ship+" < testdata/deployment.yaml | go run . -remove -bundle log-shipper")
	out, err := pipe.Output()
	require.NoError(t, err)
	require.Equal(t, fine(t, input(t, "deployment.yaml"), "-remove", "-bundle", "none"), string(out))
}
