package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

func TestEveryFileIsASeed(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	require.Len(t, files, 26)
	var names []string
	for _, s := range seeds() {
		names = append(names, s.file())
	}
	require.Equal(t, files, names)
}

func TestSeedsAreEqual(t *testing.T) {
	for _, s := range seeds() {
		t.Run(s.name, func(t *testing.T) {
			want := documents(s.read(t))

			built, err := pattern.Objects(s.objects...)
			require.NoError(t, err)
			require.Equal(t, typed(t, want), built, "typed")

			printed, err := pattern.YAML(s.objects...)
			require.NoError(t, err)
			maps := canonical(generic(t, want))
			require.Equal(t, maps, generic(t, documents(printed)), "as maps")
			typed(t, documents(printed)) // knows no field that the API doesn't know
		})
	}
}

func TestSeedsStream(t *testing.T) {
	var out, findings bytes.Buffer
	code := pattern.Run([]string{}, &out, &findings, all()...)
	require.Zero(t, code, findings.String())
	require.NotRegexp(t, `\[[AE] [a-z-]+\]`, findings.String())
	golden.Equal(t, "testdata/findings.txt", findings.String()) // what the tutorials leave to be desired

	var each []string
	for _, s := range seeds() {
		y, err := pattern.YAML(s.objects...)
		require.NoError(t, err)
		each = append(each, string(y))
	}
	require.Equal(t, strings.Join(each, "---\n"), out.String(), "one seed after the other")

	golden.Equal(t, "seeds.yaml", out.String())
}

func (s seed) file() string { return "testdata/" + s.name + ".yaml" }

func (s seed) read(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(s.file())
	require.NoError(t, err)
	return text
}

// documents splits a stream. The line break before a separator is the document's:
// the last line of a text in it may need it.
func documents(stream []byte) [][]byte {
	out := bytes.Split(stream, []byte("\n---\n"))
	for i := range len(out) - 1 {
		out[i] = append(out[i], '\n')
	}
	return out
}

// generic decodes documents without knowing what they are.
func generic(t *testing.T, documents [][]byte) []any {
	t.Helper()
	out := make([]any, len(documents))
	for i, d := range documents {
		require.NoError(t, yaml.Unmarshal(d, &out[i]))
	}
	return out
}

// typed decodes documents as what they are, and knows no unknown field.
func typed(t *testing.T, documents [][]byte) []runtime.Object {
	t.Helper()
	out := make([]runtime.Object, len(documents))
	for i, d := range documents {
		var head struct{ APIVersion, Kind string }
		require.NoError(t, yaml.Unmarshal(d, &head))
		switch head.APIVersion + " " + head.Kind {
		case "v1 Pod":
			out[i] = &corev1.Pod{}
		case "v1 Namespace":
			out[i] = &corev1.Namespace{}
		case "v1 ConfigMap":
			out[i] = &corev1.ConfigMap{}
		case "v1 Service":
			out[i] = &corev1.Service{}
		case "apps/v1 Deployment":
			out[i] = &appsv1.Deployment{}
		default:
			require.Failf(t, "unknown kind", "%+v", head)
		}
		require.NoError(t, yaml.UnmarshalStrict(d, out[i]))
	}
	return out
}

// canonical writes requests and limits as Kubernetes itself does, which turns
// 1000m into 1: two spellings of one value, of which the API's types print one.
func canonical[T any](v T) T {
	switch v := any(v).(type) {
	case []any:
		for _, x := range v {
			canonical(x)
		}
	case map[string]any:
		for key, x := range v {
			canonical(x)
			amounts, ok := x.(map[string]any)
			if !ok || key != "requests" && key != "limits" {
				continue
			}
			for name, q := range amounts {
				parsed := resource.MustParse(q.(string))
				amounts[name] = parsed.String()
			}
		}
	}
	return v
}
