package main

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

func TestClusterInjects(t *testing.T) {
	c, v := newCluster(t), start(t, nil)
	c.register(t, v)

	t.Run("a pod", func(t *testing.T) {
		p := c.create(t, plainPod("plain"))
		require.Equal(t, []string{"injected", "unchanged"}, v.outcomes("plain"), "the API server mounts the token in the helper, and asks again")
		require.Equal(t, "statsd", p.Spec.InitContainers[0].Name)
		require.Equal(t, "prepare", p.Spec.InitContainers[1].Name)
		for _, app := range p.Spec.Containers {
			require.Equal(t, "STATSD_HOST", app.Env[0].Name)
		}
		requireOnlyTheBundle(t, c, p)
	})
	t.Run("a pod without a token", func(t *testing.T) {
		p := plainPod("tokenless")
		p.Spec.AutomountServiceAccountToken = new(false)
		require.Equal(t, 1, helpers(c.create(t, p), "statsd"))
		require.Equal(t, []string{"injected"}, v.outcomes("tokenless"), "nobody changed it after, so nobody is asked again")
	})
	t.Run("a pod with a generated name", func(t *testing.T) {
		named := plainPod("")
		named.GenerateName = "generated-"
		requireOnlyTheBundle(t, c, c.create(t, named))
	})
	t.Run("the pods of a Deployment", func(t *testing.T) {
		for _, p := range c.deploy(t, "web", plainPod("").Spec, nil) {
			require.Equal(t, 1, helpers(&p, "statsd"))
			requireOnlyTheBundle(t, c, &p)
		}
		rs, err := c.AppsV1().ReplicaSets(c.namespace).List(t.Context(), metav1.ListOptions{})
		require.NoError(t, err)
		require.Len(t, rs.Items, 1, "the Deployment sees no change of its template")
		require.Len(t, rs.Items[0].Spec.Template.Spec.InitContainers, 1)
	})
	t.Run("the pod of a Job", func(t *testing.T) {
		spec := plainPod("").Spec
		spec.RestartPolicy = corev1.RestartPolicyNever
		_, err := c.BatchV1().Jobs(c.namespace).Create(t.Context(), &batchv1.Job{
			ObjectMeta: metav1.ObjectMeta{Name: "once"}, Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: spec}},
		}, metav1.CreateOptions{})
		require.NoError(t, err)
		p := c.podsOf(t, "job-name=once", 1)[0]
		require.Equal(t, 1, helpers(&p, "statsd"))
		require.Equal(t, corev1.ContainerRestartPolicyAlways, *p.Spec.InitContainers[0].RestartPolicy, "it must not keep the Job from its end")
	})
	t.Run("not who opted out by a label", func(t *testing.T) {
		p := c.create(t, optedOut(plainPod("label")))
		require.Zero(t, helpers(p, "statsd"))
		require.Empty(t, v.outcomes("label"), "the API server didn't ask")
	})
	t.Run("not who opted out by the annotation", func(t *testing.T) {
		p := plainPod("annotation")
		p.Annotations["podpattern.dev/inject"] = "false"
		require.Zero(t, helpers(c.create(t, p), "statsd"))
		require.Equal(t, []string{"left_out"}, v.outcomes("annotation"))
	})
	t.Run("not in another namespace", func(t *testing.T) {
		other := &cluster{Clientset: c.Clientset, config: c.config, namespace: c.newNamespace(t)}
		require.Zero(t, helpers(other.create(t, plainPod("elsewhere")), "statsd"))
		require.Empty(t, v.outcomes("elsewhere"))
	})
	t.Run("not for a dry run", func(t *testing.T) {
		p, err := c.tryCreate(t, plainPod("dry"), metav1.DryRunAll)
		require.NoError(t, err)
		require.Equal(t, 1, helpers(p, "statsd"), "the answer is the same")
		require.Equal(t, []string{"injected", "unchanged"}, v.outcomes("dry"))
		require.Contains(t, v.log.String(), `"dryRun":true`)
		_, err = c.CoreV1().Pods(c.namespace).Get(t.Context(), "dry", metav1.GetOptions{})
		require.Error(t, err)
	})
}

// A pod whose template was given the bundle before, of an older version, has the new one.
func TestClusterRefreshes(t *testing.T) {
	older := map[string]pattern.Injection{
		"the same":         bundle(),
		"other settings":   pattern.Bundle("statsd", adapter.StatsD(nil, adapter.StatsDOptions{TCP: true, Buckets: []float64{1, 2}})),
		"a helper more":    pattern.Bundle("statsd", adapter.StatsD(nil), pattern.Sidecar("gone", "registry.example.com/gone:1").RunAsUser(1000)),
		"another helper":   pattern.Bundle("statsd", pattern.Sidecar("gone", "registry.example.com/gone:1").RunAsUser(1000).Requests("10m", "8Mi")),
		"another endpoint": pattern.Bundle("statsd", adapter.StatsD(nil, adapter.StatsDOptions{Endpoint: "metrics"})),
	}
	c, v := newCluster(t), start(t, nil)
	c.register(t, v)
	fresh := c.create(t, plainPod("fresh"))
	want := inCommon(t, withoutToken(fresh))
	for what, old := range older {
		t.Run(what, func(t *testing.T) {
			p := plainPod("")
			p.GenerateName = "stale-"
			require.NoError(t, old.ApplyToPod(p))
			stored := c.create(t, p)
			require.Empty(t, cmp.Diff(want, inCommon(t, withoutToken(stored))))
			require.Equal(t, fresh.Annotations, stored.Annotations)
		})
	}
	// While the webhook itself is rolled out, one version may be asked first, and the
	// other again.
	for what, old := range older {
		t.Run(what+", and both versions answer in turn", func(t *testing.T) {
			c := newCluster(t)
			first, second := webhook.Handler(old), webhook.Handler(bundle())
			var calls atomic.Int32
			c.serveOther(t, "m", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if calls.Add(1)%2 == 1 {
					first.ServeHTTP(w, r)
				} else {
					second.ServeHTTP(w, r)
				}
			}))
			require.Eventually(t, func() bool {
				_, err := c.tryCreate(t, plainPod("is-it-called"), metav1.DryRunAll)
				return err != nil || calls.Load() > 0
			}, eventually, often)
			calls.Store(0)
			require.Empty(t, cmp.Diff(want, inCommon(t, withoutToken(c.create(t, plainPod("one"))))))
			require.EqualValues(t, 2, calls.Load())
		})
	}
	t.Run("of a Deployment", func(t *testing.T) {
		template := corev1.PodTemplateSpec{Spec: plainPod("").Spec}
		require.NoError(t, older["other settings"].ApplyTo(&template))
		for _, p := range c.deploy(t, "stale", template.Spec, template.Annotations) {
			require.Empty(t, cmp.Diff(want, inCommon(t, withoutToken(&p))))
		}
	})
}

// requireOnlyTheBundle holds a pod, without what the bundle says that it added, to one
// that the webhook never saw.
func requireOnlyTheBundle(t *testing.T, c *cluster, p *corev1.Pod) {
	t.Helper()
	twin := optedOut(plainPod(""))
	twin.GenerateName = "twin-"
	bare := p.DeepCopy()
	require.NoError(t, bundle().RemoveFromPod(bare))
	require.Empty(t, cmp.Diff(inCommon(t, c.create(t, twin)), inCommon(t, bare)))
	for key := range bare.Annotations {
		require.NotContains(t, key, "podpattern")
	}
}

// inCommon is what two pods have in common that differ in nothing that matters: the
// volume of the token has a random name, and may come before or after the others.
func inCommon(t *testing.T, p *corev1.Pod) string {
	t.Helper()
	s := p.Spec.DeepCopy()
	for i := range s.Volumes {
		s.Volumes[i].Name = tokenless(s.Volumes[i].Name)
	}
	slices.SortFunc(s.Volumes, func(a, b corev1.Volume) int { return strings.Compare(a.Name, b.Name) })
	for _, list := range [][]corev1.Container{s.InitContainers, s.Containers} {
		for i := range list {
			for k := range list[i].VolumeMounts {
				list[i].VolumeMounts[k].Name = tokenless(list[i].VolumeMounts[k].Name)
			}
		}
	}
	text, err := yaml.Marshal(s)
	require.NoError(t, err)
	return string(text)
}

const tokenVolume = "kube-api-access-"

// withoutToken takes the token from the helper, which has the mount of it before its own
// or after.
func withoutToken(p *corev1.Pod) *corev1.Pod {
	for i := range p.Spec.InitContainers {
		if c := &p.Spec.InitContainers[i]; c.Name == "statsd" {
			c.VolumeMounts = slices.DeleteFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return strings.HasPrefix(m.Name, tokenVolume) })
		}
	}
	return p
}

// tokenless takes the random part off the name of the volume with the token.
func tokenless(name string) string {
	const prefix = tokenVolume
	if strings.HasPrefix(name, prefix) {
		return prefix
	}
	return name
}

// deploy gives the two pods that the controllers make of a Deployment.
func (c *cluster) deploy(t *testing.T, name string, spec corev1.PodSpec, annotations map[string]string) []corev1.Pod {
	t.Helper()
	labels := map[string]string{"app": name}
	_, err := c.AppsV1().Deployments(c.namespace).Create(t.Context(), &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.DeploymentSpec{
			Replicas: new(int32(2)), Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: annotations}, Spec: spec},
		},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	return c.podsOf(t, "app="+name, 2)
}

// podsOf waits until a selector has n pods.
func (c *cluster) podsOf(t *testing.T, selector string, n int) []corev1.Pod {
	t.Helper()
	var pods []corev1.Pod
	require.Eventually(t, func() bool {
		list, err := c.CoreV1().Pods(c.namespace).List(t.Context(), metav1.ListOptions{LabelSelector: selector})
		if err == nil {
			pods = list.Items
		}
		return len(pods) == n
	}, eventually, often)
	return pods
}
