package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// The tests whose names begin with TestCluster show pods to a real API server. Its
// controllers make some of them, and none has to run.

// cluster is the one that KUBECONFIG names, with a namespace of the test's own.
type cluster struct {
	*kubernetes.Clientset
	config    *rest.Config
	namespace string

	mu       sync.Mutex
	warnings []string
}

// HandleWarningHeader gets the warnings of the API server.
func (c *cluster) HandleWarningHeader(_ int, _ string, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.warnings = append(c.warnings, text)
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	file := os.Getenv("KUBECONFIG")
	if file == "" {
		const how = "KUBECONFIG is not set: start a cluster with KUBE_PARTS=control-plane internal/conformance/cluster/up.sh, and set it as that says"
		if os.Getenv("CI") != "" {
			require.Fail(t, how)
		}
		t.Skip(how)
	}
	config, err := clientcmd.BuildConfigFromFlags("", file)
	require.NoError(t, err)
	config.QPS = -1
	c := &cluster{config: config}
	config.WarningHandler = c
	c.Clientset, err = kubernetes.NewForConfig(config)
	require.NoError(t, err)
	c.namespace = c.newNamespace(t)
	return c
}

// newNamespace makes a namespace and waits until pods can be made in it.
func (c *cluster) newNamespace(t *testing.T) string {
	t.Helper()
	n, err := c.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "webhook-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.CoreV1().Namespaces().Delete(context.Background(), n.Name, metav1.DeleteOptions{}) })
	require.Eventually(t, func() bool {
		_, err := c.CoreV1().ServiceAccounts(n.Name).Get(t.Context(), "default", metav1.GetOptions{})
		return err == nil
	}, eventually, often)
	return n.Name
}

// register tells the API server of a webhook: that of the manifests, for the namespace of
// the test and at the address of the server, and changed by others.
func (c *cluster) register(t *testing.T, v *server, change ...func(*admissionregistrationv1.MutatingWebhook)) {
	t.Helper()
	m := mutatingWebhook()
	hook := &m.Webhooks[0]
	hook.NamespaceSelector.MatchExpressions = append(hook.NamespaceSelector.MatchExpressions, metav1.LabelSelectorRequirement{
		Key: "kubernetes.io/metadata.name", Operator: metav1.LabelSelectorOpIn, Values: []string{c.namespace},
	})
	for _, f := range change {
		f(hook)
	}
	c.configure(t, "m", v, *hook)
	// It takes a moment until the API server calls.
	require.Eventually(t, func() bool {
		_, err := c.tryCreate(t, plainPod("is-it-called"), metav1.DryRunAll)
		return err == nil && len(v.outcomes("is-it-called")) > 0
	}, eventually, often)
}

// configure makes a configuration. Webhooks are called in the order of the names of their
// configurations, and rank is before the rest of the name.
func (c *cluster) configure(t *testing.T, rank string, v *server, hook admissionregistrationv1.MutatingWebhook) {
	t.Helper()
	hook.ClientConfig = admissionregistrationv1.WebhookClientConfig{URL: &v.url, CABundle: v.authority.PEM()}
	m := &admissionregistrationv1.MutatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: rank + "-" + c.namespace}, Webhooks: []admissionregistrationv1.MutatingWebhook{hook}}
	_, err := c.AdmissionregistrationV1().MutatingWebhookConfigurations().Create(t.Context(), m, metav1.CreateOptions{})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, c.AdmissionregistrationV1().MutatingWebhookConfigurations().Delete(context.Background(), m.Name, metav1.DeleteOptions{}))
	})
}

// create makes a pod and gives it as it is stored.
func (c *cluster) create(t *testing.T, p *corev1.Pod) *corev1.Pod {
	t.Helper()
	stored, err := c.tryCreate(t, p)
	require.NoError(t, err)
	return stored
}

func (c *cluster) tryCreate(t *testing.T, p *corev1.Pod, dryRun ...string) (*corev1.Pod, error) {
	return c.CoreV1().Pods(c.namespace).Create(t.Context(), p, metav1.CreateOptions{DryRun: dryRun})
}

// plainPod is what somebody has. Nobody schedules it.
func plainPod(name string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": "somebodys"}, Annotations: map[string]string{"somebody": "else"}},
		Spec: corev1.PodSpec{
			SchedulerName:  "nobody",
			InitContainers: []corev1.Container{{Name: "prepare", Image: "registry.example.com/prepare:1"}},
			Containers: []corev1.Container{
				{Name: "app", Image: "registry.example.com/app:1", Env: []corev1.EnvVar{{Name: "MODE", Value: "fast"}}, Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}}},
				{Name: "second", Image: "registry.example.com/second:1"},
			},
		},
	}
}

// optedOut is the pod that the webhook leaves alone.
func optedOut(p *corev1.Pod) *corev1.Pod {
	p.Labels["podpattern.dev/inject"] = "false"
	return p
}

// outcomes are what became of the requests about an object.
func (v *server) outcomes(object string) []string {
	var out []string
	for line := range bytes.Lines([]byte(v.log.String())) {
		var e struct{ Msg, Outcome, Name string }
		if json.Unmarshal(line, &e) == nil && e.Msg == "request" && e.Name == object {
			out = append(out, e.Outcome)
		}
	}
	return out
}

// helpers counts the containers that are called so.
func helpers(p *corev1.Pod, name string) int {
	n := 0
	for _, c := range slices.Concat(p.Spec.InitContainers, p.Spec.Containers) {
		if c.Name == name {
			n++
		}
	}
	return n
}

// The time that the API server's caches have to learn of an object, and how often it is
// looked at.
const (
	eventually = 20 * time.Second
	often      = 20 * time.Millisecond
)
