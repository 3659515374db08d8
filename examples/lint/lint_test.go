package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/stretchr/testify/require"
)

// run lints the standard input and gives what is printed.
func run(in string, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = lint(append(args, "-"), strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

const (
	clash = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: web:1
        ports:
        - containerPort: 8080
      - name: proxy
        image: proxy:1
        ports:
        - name: http
          containerPort: 8080
`
	noImage = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: web\n"
	clashAt = ": Deployment/prod/web: spec.template.spec.containers[1].ports[0].containerPort: Duplicate value: 8080: "
)

// Of each manifest: the exit code, and what must be in the findings and in the
// errors. Everything below level E is left out.
func TestLint(t *testing.T) {
	for _, tt := range []struct {
		name, in  string
		code      int
		out, errs []string
	}{
		{"a finding with the lines of both containers", clash, exitFindings, []string{"stdin:18" + clashAt, "container web at stdin:13"}, nil},
		{"lines count from the start of the stream", "# one\n---\n# Source: chart/templates/web.yaml\n" + clash, exitFindings, []string{"stdin:21" + clashAt}, nil},
		{"a field that is missing has the line of what lacks it", noImage, exitFindings, []string{"stdin:6: Pod/a: spec.containers[0].image: Required value"}, nil},
		{"kinds that no check knows are named", strings.Repeat("apiVersion: v1\nkind: ReplicationController\n---\n", 3) + "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n---\napiVersion: batch/v1beta1\nkind: CronJob\n", exitFine, nil,
			[]string{"not checked: 3 ReplicationController, 1 Rollout, 1 batch/v1beta1 CronJob\n"}},
		{"a patch is left out", "# one\n---\n" + strings.Replace(clash, "  selector: {matchLabels: {app: web}}\n", "", 1), exitFine, nil,
			[]string{"stdin:3: Deployment/web has no selector: a patch? lint what kustomize build prints\n"}},
		{"an empty selector is none of a patch", strings.Replace(clash, "selector: {matchLabels: {app: web}}", "selector: {}", 1), exitFindings, []string{"stdin:5: Deployment/prod/web: spec.selector: Invalid value: "}, nil},
		{"nothing", "", exitFine, nil, nil},
		{"comments", "# a\n---\n---\n# b\n", exitFine, nil, nil},
		{"no YAML, and the next document is still read", "a: b\nc: d: e\n---\n" + noImage, exitUnread, []string{"stdin:9: Pod/a: "}, []string{"stdin:2: mapping values are not allowed"}},
		{"an unknown field", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    imaeg: b\n---\n" + noImage, exitUnread, []string{"stdin:13: Pod/a: "}, []string{`stdin:6: Pod: unknown field "imaeg"`}},
		{"a wrong type", "apiVersion: v1\nkind: Pod\nspec: {containers: web}\n", exitUnread, nil, []string{"stdin:1: Pod: "}},
		{"one key twice", "apiVersion: v1\nkind: Pod\nkind: Pod\n", exitUnread, nil, []string{"stdin:3: ", "already"}},
		{"no object", "just text\n", exitUnread, nil, []string{"stdin:1: is no object"}},
		{"no kind", "a: b\n", exitUnread, nil, []string{"stdin:1: has no kind and apiVersion"}},
		{"a List", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: {containers: [{name: web}]}\n", exitFindings, []string{"stdin:7: Pod/a: spec.containers[0].image: "}, nil},
		{"JSON values without separators", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"web","image":"web:1"}]}}` + "\n" +
			`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}`, exitFindings, []string{"stdin:2: Pod/b: spec.containers: Required value"}, nil},
		{"flow style is no JSON", "{apiVersion: v1, kind: Pod, metadata: {name: a}}", exitFindings, []string{"stdin:1: Pod/a: spec.containers: Required value"}, nil},
		{"an anchor and an alias", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers: &c\n  - {name: web, image: web:1}\n  containers: *c\n", exitFindings, []string{`stdin:6: Pod/a: spec.initContainers[0].name: Duplicate value: "web"`}, nil},
		{"two of one name", noImage + "---\n" + strings.ReplaceAll(noImage, "web", "shop"), exitFindings, []string{"stdin:6: ", "(container web)", "stdin:13: ", "(container shop)"}, nil},
		{"names that the API server makes", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\nspec: {containers: [{name: web}]}\n", exitFindings, []string{"stdin:4: Pod/a-*: "}, nil},
		{"a separator in a text", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    ---\n    b\n", exitFine, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errs := run(tt.in, "-level", "E")
			require.Equal(t, tt.code, code, "%s%s", out, errs)
			require.Equal(t, tt.out == nil, out == "", out)
			require.Equal(t, tt.errs == nil, errs == "", errs)
			for _, want := range tt.out {
				require.Contains(t, out, want)
			}
			for _, want := range tt.errs {
				require.Contains(t, errs, want)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")
	require.NoError(t, os.WriteFile(a, []byte(noImage), 0o600))
	require.NoError(t, os.WriteFile(b, []byte(clash), 0o600))
	var out, errs bytes.Buffer
	require.Equal(t, exitUnread, lint([]string{"-level", "E", a, filepath.Join(dir, "none.yaml"), b}, nil, &out, &errs))
	require.Contains(t, out.String(), a+":6: ")
	require.Contains(t, out.String(), b+":18: ")
	require.Contains(t, errs.String(), "none.yaml")
}

// A Service in one file is checked with the Deployment in another.
func TestFilesAreOneManifest(t *testing.T) {
	service := "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: prod}\nspec:\n  selector: {app: web}\n  ports:\n  - port: 80\n    targetPort: grpc\n"
	_, out, _ := run(clash + service)
	require.Contains(t, out, `stdin:27: Service/prod/web: spec.ports[0].targetPort: "grpc": no container of Deployment/prod/web has a TCP port of this name`)
	_, out, _ = run(clash + strings.ReplaceAll(service, "grpc", "http"))
	require.NotContains(t, out, "targetPort")
}

func TestFlags(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"help", []string{"-h"}, exitFine, "Exit code 0"},
		{"no file", nil, exitUnread, "no file"},
		{"an unknown flag", []string{"-x", "-"}, exitUnread, "-x"},
		{"an unknown format", []string{"-o", "xml", "-"}, exitUnread, "-o xml"},
		{"no version", []string{"-target", "latest", "-"}, exitUnread, "is no version of Kubernetes"},
		{"no level", []string{"-level", "X", "-"}, exitUnread, "not A, E or W"},
		{"no reason", []string{"-allow", "port-clash-pod", "-"}, exitUnread, "no reason"},
		{"no rule", []string{"-allow", "typo=because", "-"}, exitUnread, "is no rule"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			require.Equal(t, tt.code, lint(tt.args, strings.NewReader(""), &out, &errs))
			require.Contains(t, errs.String(), tt.want)
			require.Empty(t, out.String())
		})
	}
}

func TestAllowAndTarget(t *testing.T) {
	code, out, errs := run(clash, "-level", "E", "-allow", "port-clash-pod=they take turns")
	require.Zero(t, code, out+errs)
	native := "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers: [{name: b, image: b:1, restartPolicy: Always}]\n  containers: [{name: a, image: a:1}]\n"
	code, out, _ = run(native, "-level", "E", "-target", "1.28")
	require.Equal(t, exitFindings, code)
	require.Contains(t, out, "[E native-min-version]")
	code, _, _ = run(native, "-level", "E", "-target", "1.29")
	require.Zero(t, code)
}

func TestFormats(t *testing.T) {
	for format, extension := range map[string]string{"text": "txt", "long": "long.txt", "json": "json", "sarif": "sarif"} {
		_, out, errs := run(clash, "-level", "E", "-o", format)
		require.Empty(t, errs)
		golden.Equal(t, "testdata/clash."+extension, out)
		_, out, _ = run("", "-o", format)
		if extension == "json" || extension == "sarif" {
			require.True(t, json.Valid([]byte(out)), out)
		} else {
			require.Empty(t, out)
		}
	}
}
