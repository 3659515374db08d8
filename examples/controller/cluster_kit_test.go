package main

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

func TestMain(m *testing.M) {
	ctrl.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// namespace is one of a real cluster, for one test.
type namespace struct {
	*testing.T
	client.Client
	config *rest.Config
	name   string
}

// inNamespace makes one in the cluster that KUBECONFIG names.
func inNamespace(t *testing.T) *namespace {
	t.Helper()
	t.Parallel()
	file := os.Getenv("KUBECONFIG")
	if file == "" {
		require.NotEqual(t, "true", os.Getenv("CI"), "KUBECONFIG must name a cluster")
		t.Skip("needs a cluster: start one with internal/conformance/cluster/up.sh, and set KUBECONFIG")
	}
	config, err := clientcmd.BuildConfigFromFlags("", file)
	require.NoError(t, err)
	config.QPS = -1 // no limit
	c, err := client.New(config, client.Options{})
	require.NoError(t, err)
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "controller-"}}
	require.NoError(t, c.Create(t.Context(), ns))
	t.Cleanup(func() { require.NoError(t, c.Delete(context.Background(), ns)) })
	return &namespace{t, c, config, ns.Name}
}

// start runs a controller with the rights of its manifests, to which everything in the
// namespace comes again each second. It stops at the end of the test, or by the function.
func (n *namespace) start(b pattern.Injection, edits ...func(*ctrl.Options)) (stop func()) {
	n.Helper()
	o := ctrl.Options{Controller: config.Controller{SkipNameValidation: new(true)}}
	o.Metrics.BindAddress = "0"
	o.Cache.SyncPeriod = new(time.Second)
	o.Cache.DefaultNamespaces = map[string]cache.Config{n.name: {}}
	for _, edit := range edits {
		edit(&o)
	}
	mgr, err := newManager(n.allowed(b), b, o)
	require.NoError(n, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- mgr.Start(ctx) }()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(n, <-ended)
		}
	}
	n.Cleanup(stop)
	return stop
}

// allowed gives access with the rights of the manifests alone, for this namespace.
func (n *namespace) allowed(b pattern.Injection) *rest.Config {
	n.Helper()
	account := b.Name() + "-controller"
	objects, err := pattern.Objects(manifests(b)...)
	require.NoError(n, err)
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: account, Namespace: n.name}}
	for _, o := range objects {
		switch o := o.(type) {
		case *rbacv1.ClusterRole:
			role.Rules = append(role.Rules, o.Rules...)
		case *rbacv1.Role:
			role.Rules = append(role.Rules, o.Rules...)
		}
	}
	require.NoError(n, client.IgnoreAlreadyExists(n.Create(n.Context(), role)))
	require.NoError(n, client.IgnoreAlreadyExists(n.Create(n.Context(), &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: account, Namespace: n.name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: account},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: account, Namespace: n.name}},
	})))
	c := rest.CopyConfig(n.config)
	c.Impersonate.UserName = "system:serviceaccount:" + n.name + ":" + account
	c.Impersonate.Groups = []string{"system:authenticated"}
	return c
}

// await waits for a condition.
func (n *namespace) await(what string, is func() bool) {
	n.Helper()
	require.Eventually(n, is, 20*time.Second, 50*time.Millisecond, "%s", what)
}

// get gives a Deployment as the API server has it.
func (n *namespace) get(name string) *unstructured.Unstructured {
	n.Helper()
	d := deployment()
	require.NoError(n, n.Client.Get(n.Context(), client.ObjectKey{Namespace: n.name, Name: name}, d))
	return d
}

// spec gives the specification of a Deployment as the API server has it.
func (n *namespace) spec(name string) string {
	n.Helper()
	return text(n, n.get(name).Object["spec"])
}

func text(t require.TestingT, v any) string {
	raw, err := json.MarshalIndent(v, "", "  ")
	require.NoError(t, err)
	return string(raw)
}

// has says whether a Deployment is as a bundle would leave it.
func (n *namespace) has(name string, b pattern.Injection) bool {
	n.Helper()
	d := n.get(name)
	plan, err := b.Plan(d)
	return err == nil && plan == "" && n.helpers(d) > 0
}

// helpers counts the init containers, which are all helpers.
func (n *namespace) helpers(d *unstructured.Unstructured) int {
	all, _, err := unstructured.NestedSlice(d.Object, "spec", "template", "spec", "initContainers")
	require.NoError(n, err)
	return len(all)
}

// patch changes a Deployment as kubectl patch does.
func (n *namespace) patch(name string, patch client.Patch) {
	n.Helper()
	d := n.get(name)
	require.NoError(n, n.Patch(n.Context(), d, patch, client.FieldOwner("kubectl-patch")))
}

// setLabel asks for a bundle, or doesn't any more.
func (n *namespace) setLabel(name string, b pattern.Injection, on bool) {
	n.Helper()
	d := n.get(name)
	was := d.DeepCopy()
	labels := d.GetLabels()
	for key, value := range label(b) {
		if labels[key] = value; !on {
			delete(labels, key)
		}
	}
	d.SetLabels(labels)
	require.NoError(n, n.Patch(n.Context(), d, client.MergeFrom(was)))
}

// reconciles counts what the controllers of a bundle have done since the program started.
func reconciles(t require.TestingT, b pattern.Injection) int {
	return counted(t, "controller_runtime_reconcile_total", b)
}

func counted(t require.TestingT, name string, b pattern.Injection) (sum int) {
	families, err := metrics.Registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if f.GetName() == name && l.GetName() == "controller" && l.GetValue() == "podpattern-"+b.Name() {
					sum += int(m.GetCounter().GetValue())
				}
			}
		}
	}
	return sum
}

// staysQuiet says that controllers look at a Deployment again and again, and leave it as it
// is: nothing is written to it, once its own controller is done with its status.
func (n *namespace) staysQuiet(name string, bundles ...pattern.Injection) {
	n.Helper()
	deployments := &unstructured.UnstructuredList{}
	deployments.SetGroupVersionKind(deployment().GroupVersionKind())
	require.NoError(n, n.List(n.Context(), deployments, client.InNamespace(n.name)))
	each := len(deployments.Items)
	generation, quiet := n.get(name).GetGeneration(), false
	for range 5 {
		was, start, counts := n.get(name), time.Now(), make([]int, len(bundles))
		for i, b := range bundles {
			counts[i] = reconciles(n, b)
		}
		time.Sleep(2 * time.Second)
		for i, b := range bundles {
			n.await("resyncs come", func() bool { return reconciles(n, b) >= counts[i]+2*each })
			resyncs := int(time.Since(start)/time.Second) + 2
			require.LessOrEqual(n, reconciles(n, b), counts[i]+resyncs*each, "and nothing else")
		}
		is := n.get(name)
		require.Equal(n, generation, is.GetGeneration())
		if quiet = was.GetResourceVersion() == is.GetResourceVersion(); quiet {
			break
		}
	}
	require.True(n, quiet, "somebody writes all the time")
}
