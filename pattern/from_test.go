package pattern_test

import (
	"bytes"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// theirs is a pod that somebody else wrote, with a volume, an init container, a native
// sidecar, and two mistakes: a reader without a writer, and no image tag.
func theirs(t *testing.T) *corev1.Pod {
	var pod corev1.Pod
	require.NoError(t, yaml.UnmarshalStrict([]byte(`
metadata: {name: shop, namespace: prod, labels: {app: shop}, annotations: {note: theirs}, generateName: shop-}
spec:
  serviceAccountName: shop
  initContainers:
  - {name: migrate, image: "migrate:1"}
  - {name: mesh, image: "mesh:1", restartPolicy: Always, ports: [{name: http, containerPort: 15001}]}
  containers:
  - name: shop
    image: shop
    ports: [{name: http, containerPort: 8080}]
    env: [{name: DB_HOST, value: db.example.com}]
    volumeMounts: [{name: cache, mountPath: /cache, readOnly: true}]
  - {name: metrics, image: "metrics:1"}
  volumes: [{name: cache, emptyDir: {}}]
status: {phase: Running}
`), &pod))
	return &pod
}

func TestFromGivesThePodBack(t *testing.T) {
	pod := theirs(t)
	before := pod.DeepCopy()
	got, err := pattern.From(pod).Build()
	require.NoError(t, err)
	require.Equal(t, before.ObjectMeta, got.ObjectMeta)
	require.Equal(t, before.Spec, got.Spec)
	require.Equal(t, before, pod, "the argument is as it was")

	template, err := pattern.From(&corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec}).Template()
	require.NoError(t, err)
	require.Equal(t, before.Spec, template.Spec)

	pod.Spec.Containers[0].Env[0].Value = "changed"
	got.Spec.Containers[0].Name = "changed too"
	again, err := pattern.From(before).Build()
	require.NoError(t, err)
	require.Equal(t, before.Spec, again.Spec)
}

// Nothing of what the caller does with the pod afterwards is seen.
func TestFromCopies(t *testing.T) {
	pod := theirs(t)
	b := pattern.From(pod)
	want, err := b.Build()
	require.NoError(t, err)
	pod.Spec.Containers[0].Env[0].Value = "changed"
	pod.Labels["app"] = "changed"
	got, err := b.Build()
	require.NoError(t, err)
	require.Equal(t, want, got)
	got.Spec.Volumes[0].Name = "changed"
	got, err = b.Build()
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// What was wrong already is told, and stops nobody; what the builder brings about does.
func TestFromFailsOnlyForWhatItBringsAbout(t *testing.T) {
	b := pattern.From(theirs(t))
	brought := func(b pattern.PodBuilder) (had, new []string) {
		for _, f := range b.Findings() {
			if f.Brought {
				had = append(had, f.Rule)
			} else {
				new = append(new, f.Rule)
			}
		}
		return had, new
	}
	had, new := brought(b)
	require.Contains(t, had, "reader-without-writer")
	require.Contains(t, had, "image-tag")
	require.Empty(t, new)
	require.Contains(t, b.Findings().String(), "[E reader-without-writer, there before]")

	// An init container before theirs moves their places, and changes nothing of that.
	tidy := func(c pattern.InitContainer) pattern.InitContainer {
		return c.Requests("1m", "1Mi").Limits("", "1Mi").Restricted().RunAsUser(1)
	}
	first := b.WithInit(tidy(setup("first")).First())
	again, new := brought(first)
	require.Equal(t, had, again)
	require.Empty(t, new)
	pod, err := first.Build()
	require.NoError(t, err)
	require.Equal(t, []string{"first", "migrate", "mesh"}, containerNames(pod.Spec.InitContainers))

	clash := b.WithSidecar(pattern.Sidecar("proxy", "proxy:1").Port("http", 8080))
	line := lineAbove(1)
	_, err = clash.Build()
	f := only(t, findingsOf(t, err), "port-clash-pod")
	require.False(t, f.Brought)
	require.Equal(t, line, f.At)
	require.NotContains(t, err.Error(), "reader-without-writer")
	_, err = clash.Deployment(1).Build()
	require.Error(t, err)
	_, err = b.Deployment(1).Build()
	require.NoError(t, err)

	// The same mistake once more is new.
	twice := b.WithSidecar(side("reader").Image("reader"))
	_, new = brought(twice)
	require.Contains(t, new, "image-tag")
}

// What helpers wire reaches the containers that were there: their own values win, and
// their volumes are the pod's.
func TestFromWiresTheContainersThatAreThere(t *testing.T) {
	cache := pattern.EmptyDir("cache")
	db := pattern.Ambassador("db", "db:1").Port("pg", 5432).Endpoint("db", "pg").AppEnv("DB_NAME", "shop").AppMount(pattern.EmptyDir("tmp"), "/tmp")
	pod, err := pattern.From(theirs(t)).WithAmbassador(db.For("metrics")).WithSidecar(side("fill").Writes(cache, "/out")).Label("tier", "web").Build()
	require.NoError(t, err)
	require.Equal(t, "shop", pod.Labels["app"])
	require.Equal(t, "web", pod.Labels["tier"])
	require.Len(t, pod.Spec.Volumes, 2)
	metrics := container(t, &pod.Spec, "metrics")
	require.Equal(t, []corev1.EnvVar{{Name: "DB_HOST", Value: "127.0.0.1"}, {Name: "DB_PORT", Value: "5432"}, {Name: "DB_NAME", Value: "shop"}}, metrics.Env)
	require.Len(t, metrics.VolumeMounts, 1)
	shop := container(t, &pod.Spec, "shop")
	require.Equal(t, []corev1.EnvVar{{Name: "DB_HOST", Value: "db.example.com"}}, shop.Env)
}

func TestFromOfNothing(t *testing.T) {
	only(t, pattern.From[corev1.Pod](nil).Findings(), "nil-argument")
	pod, err := pattern.From(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a"}}).Build()
	require.NoError(t, err, "an empty pod is somebody's too")
	require.Equal(t, "a", pod.Name)
}

// A generator that starts from somebody's pod prints what it brought, and goes on.
func TestRunGoesOnWithWhatWasThere(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, 0, pattern.Run([]string{"-strict"}, &out, &errs, pattern.From(theirs(t))))
	require.Contains(t, errs.String(), "there before]")
	require.Contains(t, out.String(), "kind: Pod")
	require.Equal(t, 1, pattern.Run(nil, &out, &errs, pattern.From(theirs(t)).WithSidecar(side("p").Port("x", 8080))))
}
