package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// other is a webhook of somebody else, which changes pods as it likes.
func (c *cluster) other(t *testing.T, rank string, patch func(*corev1.Pod) []operation) {
	t.Helper()
	c.serveOther(t, rank, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in admissionv1.AdmissionReview
		var p corev1.Pod
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &in)
		}
		if err == nil {
			err = json.Unmarshal(in.Request.Object.Raw, &p)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		in.Response = &admissionv1.AdmissionResponse{UID: in.Request.UID, Allowed: true}
		if ops := patch(&p); len(ops) > 0 {
			in.Response.Patch, _ = json.Marshal(ops)
			in.Response.PatchType = new(admissionv1.PatchTypeJSONPatch)
		}
		in.Request = nil
		_ = json.NewEncoder(w).Encode(in)
	}))
}

// serveOther registers a handler as a webhook for all pods of the namespace.
func (c *cluster) serveOther(t *testing.T, rank string, h http.Handler) {
	t.Helper()
	v := &server{certificates: t.TempDir(), authority: newAuthority(t)}
	v.renew(t, 2)
	s := newServer(h, slog.New(slog.DiscardHandler))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = s.ServeTLS(l, v.certificates+"/tls.crt", v.certificates+"/tls.key") }()
	t.Cleanup(func() { _ = s.Close() })
	v.url = "https://" + l.Addr().String()
	hook := mutatingWebhook().Webhooks[0]
	hook.Name = rank + ".example.com"
	hook.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": c.namespace}}
	hook.FailurePolicy = new(admissionregistrationv1.Fail)
	hook.TimeoutSeconds = new(int32(30))
	c.configure(t, rank, v, hook)
}

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

func addLabel(p *corev1.Pod) []operation {
	if p.Labels["owner"] != "" {
		return nil
	}
	return []operation{{"add", "/metadata/labels/owner", "somebody"}}
}

// addEnv gives all containers a variable, in front of their own.
func addEnv(p *corev1.Pod) []operation {
	var out []operation
	each := func(path string, list []corev1.Container) {
		for i, c := range list {
			v := corev1.EnvVar{Name: "REGION", Value: "north"}
			switch at := fmt.Sprintf("%s/%d/env", path, i); {
			case slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return e.Name == v.Name }):
			case c.Env == nil:
				out = append(out, operation{"add", at, []corev1.EnvVar{v}})
			default:
				out = append(out, operation{"add", at + "/0", v})
			}
		}
	}
	each("/spec/initContainers", p.Spec.InitContainers)
	each("/spec/containers", p.Spec.Containers)
	return out
}

// addContainers puts a native sidecar before all, and a classic one behind.
func addContainers(p *corev1.Pod) []operation {
	if helpers(p, "mesh") > 0 {
		return nil
	}
	front := operation{"add", "/spec/initContainers/0", corev1.Container{Name: "mesh", Image: "registry.example.com/mesh:1", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)}}
	if p.Spec.InitContainers == nil {
		front = operation{"add", "/spec/initContainers", []any{front.Value}}
	}
	return []operation{front, {"add", "/spec/containers/-", corev1.Container{Name: "classic", Image: "registry.example.com/classic:1"}}}
}

// TestClusterWithOtherWebhooks has others change the pod before this one sees it, after
// it has, and both.
func TestClusterWithOtherWebhooks(t *testing.T) {
	const before, after = "a", "z"
	changes := map[string]func(*corev1.Pod) []operation{"a label": addLabel, "a variable": addEnv, "containers": addContainers}
	for what, change := range changes {
		for _, rank := range []string{before, after} {
			t.Run(what+" "+map[string]string{before: "before", after: "after"}[rank], func(t *testing.T) {
				t.Parallel()
				c, v := newCluster(t), start(t, nil)
				c.other(t, rank, change)
				c.register(t, v)
				p := c.create(t, plainPod("one"))
				requireInjected(t, p)
				want := []string{"injected", "unchanged"}
				if what == "containers" && rank == after {
					want[1] = "injected" // the new containers get their variables
				}
				require.Equal(t, want, v.outcomes("one"))
				requireSettled(t, p)
			})
		}
	}
	t.Run("all at once", func(t *testing.T) {
		t.Parallel()
		c, v := newCluster(t), start(t, nil)
		rank := 'a'
		for _, change := range changes {
			c.other(t, string(rank), change)
			c.other(t, string(rank+13), change)
			rank++
		}
		c.register(t, v)
		p := c.create(t, plainPod("one"))
		requireInjected(t, p)
		require.Len(t, v.outcomes("one"), 2)
		requireSettled(t, p)
	})
	t.Run("another bundle", func(t *testing.T) {
		for _, rank := range []string{before, after} {
			c, v := newCluster(t), start(t, nil)
			second := pattern.Bundle("proxy", pattern.Ambassador("proxy", "registry.example.com/proxy:1").Port("http", 3128).RunAsUser(1000).Requests("10m", "8Mi").Limits("", "64Mi"))
			c.serveOther(t, rank, webhook.Handler(second))
			c.register(t, v)
			p := c.create(t, plainPod("one"))
			requireInjected(t, p)
			require.Equal(t, []string{"proxy", "statsd", "prepare"}, []string{p.Spec.InitContainers[0].Name, p.Spec.InitContainers[1].Name, p.Spec.InitContainers[2].Name}, "the order of the bundles' names, whoever comes first")
			requireSettled(t, p)
			require.NoError(t, second.RemoveFromPod(p))
			requireOnlyTheBundle(t, c, p)
		}
	})
}

// TestClusterWithLimits has the API server's own plugins change the helper.
func TestClusterWithLimits(t *testing.T) {
	c, v := newCluster(t), start(t, nil)
	_, err := c.CoreV1().LimitRanges(c.namespace).Create(t.Context(), &corev1.LimitRange{
		ObjectMeta: metav1.ObjectMeta{Name: "limits"},
		Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{
			Type:           corev1.LimitTypeContainer,
			Default:        corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("2"), corev1.ResourceMemory: resource.MustParse("1Gi"), corev1.ResourceEphemeralStorage: resource.MustParse("1Gi")},
			DefaultRequest: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("7m"), corev1.ResourceEphemeralStorage: resource.MustParse("1Mi")},
		}}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	c.register(t, v)
	var p *corev1.Pod
	require.Eventually(t, func() bool { // the plugin learns of the LimitRange in its time
		limited := plainPod("")
		limited.GenerateName = "limited-"
		p = c.create(t, limited)
		return p.Spec.Containers[0].Resources.Limits != nil
	}, eventually, often)
	statsd := p.Spec.InitContainers[0]
	require.Equal(t, "statsd", statsd.Name)
	require.Equal(t, "1Gi", statsd.Resources.Limits.StorageEphemeral().String(), "the LimitRange was applied to the helper")
	require.Equal(t, "128Mi", statsd.Resources.Limits.Memory().String())
	require.Equal(t, "10m", statsd.Resources.Requests.Cpu().String())
	require.True(t, slices.ContainsFunc(statsd.VolumeMounts, func(m corev1.VolumeMount) bool { return tokenless(m.Name) == tokenVolume }), "the token was mounted")
	outcomes := v.outcomes("limited-")
	require.Equal(t, []string{"injected", "unchanged"}, outcomes[len(outcomes)-2:])
	requireSettled(t, p)
}

// requireInjected wants one helper, and its variables in all containers.
func requireInjected(t *testing.T, p *corev1.Pod) {
	t.Helper()
	require.Equal(t, 1, helpers(p, "statsd"))
	for _, app := range p.Spec.Containers {
		n := 0
		for _, e := range app.Env {
			if e.Name == "STATSD_HOST" {
				n++
			}
		}
		require.Equal(t, 1, n, app.Name)
	}
}

// requireSettled wants a stored pod to be what the bundle would make of it.
func requireSettled(t *testing.T, p *corev1.Pod) {
	t.Helper()
	again := p.DeepCopy()
	require.NoError(t, bundle().ApplyToPod(again))
	require.Empty(t, cmp.Diff(p, again))
}
