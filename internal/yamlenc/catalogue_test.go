package yamlenc_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/internal/yamlenc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// Every helper of the catalogue, in every workload, has the bytes of the long way.
func TestTheCatalogue(t *testing.T) {
	for _, u := range catalogue.Uses() {
		pod := catalogue.Pod(u)
		for _, o := range []pattern.Object{pod, pod.Deployment(2), pod.DaemonSet(), pod.StatefulSet(1), pod.Job(), pod.CronJob("0 3 * * *")} {
			objects, err := pattern.Objects(o)
			require.NoError(t, err, "%s %s", u.Helper, u.Why)
			for _, object := range objects {
				yamlenc.RequireSame(t, object)
			}
		}
	}
}

// So has every object in a file of this repository: the goldens, and what the examples
// print.
func TestTheFiles(t *testing.T) {
	types := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, networkingv1.AddToScheme, rbacv1.AddToScheme} {
		require.NoError(t, add(types))
	}
	n := 0
	require.NoError(t, filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, document := range bytes.Split(text, []byte("\n---\n")) {
			if object := decoded(types, document); object != nil {
				yamlenc.RequireSame(t, object)
				n++
			}
		}
		return nil
	}))
	require.Greater(t, n, 100)
	t.Logf("%d objects", n)
}

// decoded gives nil for what is no object of a known kind.
func decoded(types *runtime.Scheme, document []byte) runtime.Object {
	var of struct{ APIVersion, Kind string }
	if yaml.Unmarshal(document, &of) != nil {
		return nil
	}
	object, err := types.New(schema.FromAPIVersionAndKind(of.APIVersion, of.Kind))
	if err != nil || yaml.Unmarshal(document, object) != nil {
		return nil
	}
	return object
}
