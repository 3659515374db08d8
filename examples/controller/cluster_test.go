package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// shipping is the bundle of this program, under the name of a test, whose controller then
// is counted by itself.
func shipping(name, image string) pattern.Injection {
	logs := pattern.EmptyDir("app-logs").SizeLimit("256Mi")
	return pattern.Bundle(name, sidecar.LogShipper(logs, sidecar.Loki(lokiInCluster)).AppWrites(logs, "/var/log/app").Image(image))
}

func (n *namespace) create(edit func(*appsv1.Deployment), bundles ...pattern.Injection) {
	n.Helper()
	d := web(n.T, bundles...)
	d.Namespace = n.name
	if edit != nil {
		edit(d)
	}
	require.NoError(n, n.Create(n.Context(), d, client.FieldOwner("kubectl-create")))
}

// From the first label to the last day: helpers come, are renewed and repaired, keep out of
// what others do, and go without a trace.
func TestHelpersComeStayAndGo(t *testing.T) {
	n := inNamespace(t)
	older, newer := shipping("life", "shipper:1"), shipping("life", "shipper:2")
	n.create(nil)
	before := n.spec("web")
	stop := n.start(older)
	n.staysQuiet("web", older) // it doesn't ask for anything

	n.setLabel("web", older, true)
	n.await("helpers come", func() bool { return n.has("web", older) })
	n.staysQuiet("web", older)
	d := n.get("web")
	require.NoError(t, older.RemoveFromObject(d))
	require.Equal(t, before, text(t, d.Object["spec"]), "its own fields stay")

	stop()
	stop = n.start(newer)
	n.await("a newer bundle replaces", func() bool { return n.has("web", newer) })
	require.Contains(t, n.spec("web"), "shipper:2")
	require.NotContains(t, n.spec("web"), "shipper:1")
	n.staysQuiet("web", newer)

	helper := `{"spec":{"template":{"spec":{"initContainers":[{"name":"log-shipper",%s}]}}}}`
	for _, edit := range []string{`"image":"mine:1"`, `"env":[{"name":"FLB","$patch":"delete"}],"resources":{"limits":{"memory":"1Gi"}}`, `"$patch":"delete"`} {
		n.patch("web", client.RawPatch(types.StrategicMergePatchType, fmt.Appendf(nil, helper, edit)))
		n.await("an edit by hand is repaired: "+edit, func() bool { return n.has("web", newer) })
	}

	app := `{"spec":{"template":{"spec":{"containers":[{"name":"web","image":%q}]}}}}`
	image := web(t).Spec.Template.Spec.Containers[0].Image
	n.patch("web", client.RawPatch(types.StrategicMergePatchType, fmt.Appendf(nil, app, "other:2")))
	n.scale("web", 1)
	n.staysQuiet("web", newer)
	require.True(t, n.has("web", newer))
	require.Contains(t, n.spec("web"), "other:2")
	require.Contains(t, n.spec("web"), `"replicas": 1`)
	n.patch("web", client.RawPatch(types.StrategicMergePatchType, fmt.Appendf(nil, app, image)))
	n.scale("web", 0)

	stop()
	n.setLabel("web", newer, false) // while no controller runs
	n.start(newer)
	n.await("the helpers go", func() bool { return n.helpers(n.get("web")) == 0 })
	require.Equal(t, before, n.spec("web"))
	n.staysQuiet("web", newer)
	require.Equal(t, before, n.spec("web"))
}

func (n *namespace) scale(name string, replicas int32) {
	n.Helper()
	scale := &autoscalingv1.Scale{Spec: autoscalingv1.ScaleSpec{Replicas: replicas}}
	require.NoError(n, n.SubResource("scale").Update(n.Context(), n.get(name), client.WithSubResourceBody(scale)))
}

// Server-side apply by who owns the app, again and again, leaves the helpers, and the
// controller leaves what is applied, even where a container goes that it gave a mount.
func TestOwnerAppliesAgain(t *testing.T) {
	n := inNamespace(t)
	b := shipping("owner", "shipper:1")
	n.start(b)
	for _, worker := range []string{"worker", "renamed"} {
		d := web(t, b)
		d.Namespace = n.name
		d.SetGroupVersionKind(deployment().GroupVersionKind())
		d.Spec.Template.Spec.Containers = append(d.Spec.Template.Spec.Containers, corev1.Container{Name: worker, Image: "worker:1"})
		body := client.RawPatch(types.ApplyPatchType, []byte(text(t, d)))
		require.NoError(t, n.Patch(t.Context(), d, body, client.FieldOwner("kubectl")))
		n.await("helpers are there", func() bool { return n.has("web", b) })
		n.staysQuiet("web", b)
		n.must(t, n.Client.Get(t.Context(), client.ObjectKeyFromObject(d), d))
		require.Len(t, d.Spec.Template.Spec.Containers, 2)
		require.Equal(t, worker, d.Spec.Template.Spec.Containers[1].Name)
		require.Len(t, d.Spec.Template.Spec.Containers[1].VolumeMounts, 1)
	}
}

// What the bundle can't be added to stays as it is and gets an event; nobody tries again
// until it has changed.
func TestRefusedDeployment(t *testing.T) {
	n := inNamespace(t)
	b := shipping("refused", "shipper:1")
	n.start(b, func(o *ctrl.Options) { o.Cache.SyncPeriod = nil })
	n.create(func(d *appsv1.Deployment) {
		taken := d.Spec.Template.Spec.Containers[0].DeepCopy()
		taken.Name, taken.Ports, taken.ReadinessProbe, taken.LivenessProbe = "log-shipper", nil, nil, nil
		d.Spec.Template.Spec.Containers = append(d.Spec.Template.Spec.Containers, *taken)
	}, b)
	before := n.spec("web")
	var found []string
	n.await("an event comes", func() bool { found = n.events("BundleRefused"); return len(found) > 0 })
	_, err := b.JSONPatch([]byte(text(t, n.get("web"))))
	require.Error(t, err)
	require.Contains(t, found[0], "container-name-dup")
	require.True(t, strings.HasPrefix(err.Error(), found[0]), "%s\n%s", err, found[0])
	count := reconciles(t, b)
	time.Sleep(3 * time.Second)
	require.Equal(t, before, n.spec("web"))
	require.Equal(t, count, reconciles(t, b), "nobody tries again")
	require.LessOrEqual(t, count, 3)
	require.Equal(t, count, counted(t, "controller_runtime_terminal_reconcile_errors_total", b))

	n.patch("web", client.RawPatch(types.StrategicMergePatchType, []byte(`{"spec":{"template":{"spec":{"containers":[{"name":"log-shipper","$patch":"delete"}]}}}}`)))
	n.await("what fits now gets the helpers", func() bool { return n.has("web", b) })
	n.await("and an event", func() bool { return len(n.events("HelpersUpdated")) > 0 })
}

// events gives the notes about Deployments.
func (n *namespace) events(reason string) (notes []string) {
	var all eventsv1.EventList
	require.NoError(n, n.List(n.Context(), &all, client.InNamespace(n.name)))
	for _, e := range all.Items {
		if e.Reason == reason && e.Regarding.Kind == "Deployment" && e.Regarding.Name == "web" {
			notes = append(notes, e.Note)
		}
	}
	return notes
}

// Two controllers with a bundle each share a Deployment in peace, and either can go first.
func TestTwoBundles(t *testing.T) {
	for _, first := range []int{0, 1} {
		t.Run(fmt.Sprint(first), func(t *testing.T) {
			n := inNamespace(t)
			both := []pattern.Injection{shipping(fmt.Sprint("two-a", first), "shipper:1"), syncing(fmt.Sprint("two-b", first))}
			n.create(nil)
			before := n.spec("web")
			for _, b := range both {
				n.start(b)
			}
			d := n.get("web")
			was := d.DeepCopy()
			for _, b := range both {
				ask(d, b)
			}
			require.NoError(t, n.Patch(t.Context(), d, client.MergeFrom(was)))
			n.await("both are there", func() bool { return n.has("web", both[0]) && n.has("web", both[1]) })
			require.Equal(t, 2, n.helpers(n.get("web")))
			n.staysQuiet("web", both...)

			n.setLabel("web", both[first], false)
			n.await("one goes", func() bool { return n.helpers(n.get("web")) == 1 })
			require.True(t, n.has("web", both[1-first]))
			n.staysQuiet("web", both...)
			n.setLabel("web", both[1-first], false)
			n.await("the other goes", func() bool { return n.helpers(n.get("web")) == 0 })
			require.Equal(t, before, n.spec("web"))
		})
	}
}

// syncing has a helper that needs rights.
func syncing(name string) pattern.Injection {
	return pattern.Bundle(name, sidecar.ConfigSync("synced", pattern.EmptyDir("configs").SizeLimit("16Mi"), sidecar.ConfigSyncOptions{AppPath: "/configs"}))
}

// What helpers need beside the pods is there before them, for the accounts of all
// Deployments that ask, and is repaired.
func TestObjectsOfTheBundle(t *testing.T) {
	n := inNamespace(t)
	b := syncing("sync")
	n.start(b)
	n.create(nil, b)
	n.create(func(d *appsv1.Deployment) {
		d.Name, d.Spec.Template.Spec.ServiceAccountName = "robot", "robot"
	}, b)
	n.await("helpers come", func() bool { return n.has("web", b) && n.has("robot", b) })
	bindings := func() []rbacv1.RoleBinding {
		var all rbacv1.RoleBindingList
		require.NoError(t, n.List(t.Context(), &all, client.InNamespace(n.name)))
		own := all.Items[:0]
		for _, binding := range all.Items {
			if strings.HasPrefix(binding.Name, "sync.") {
				own = append(own, binding)
			}
		}
		return own
	}
	granted := func() bool {
		all := bindings()
		return len(all) == 1 && len(all[0].Subjects) == 2 && all[0].Subjects[0].Name == "default" && all[0].Subjects[1].Name == "robot"
	}
	n.await("both accounts have the rights", granted)
	n.staysQuiet("web", b)
	version := bindings()[0].ResourceVersion
	n.staysQuiet("robot", b)
	require.Equal(t, version, bindings()[0].ResourceVersion)
	require.NoError(t, n.Delete(t.Context(), &bindings()[0]))
	n.await("a binding that somebody deletes comes again", granted)
}

// Of two replicas one works; when it stops, the other takes over at once.
func TestLeader(t *testing.T) {
	n := inNamespace(t)
	b := shipping("leader", "shipper:1")
	leading := func(o *ctrl.Options) { o.LeaderElection, o.LeaderElectionNamespace = true, n.name }
	holder := func() string {
		var lease coordinationv1.Lease
		if err := n.Client.Get(t.Context(), client.ObjectKey{Namespace: n.name, Name: "podpattern-leader"}, &lease); err != nil || lease.Spec.HolderIdentity == nil {
			return ""
		}
		return *lease.Spec.HolderIdentity
	}
	stop := n.start(b, leading)
	n.await("one leads", func() bool { return holder() != "" })
	first := holder()
	address := freeAddress(t)
	n.start(b, leading, func(o *ctrl.Options) { o.HealthProbeBindAddress = address })
	for _, path := range []string{"/healthz", "/readyz"} {
		n.await(path, func() bool { return answers("http://" + address + path) })
	}
	n.create(nil, b)
	n.await("helpers come", func() bool { return n.has("web", b) })
	require.Equal(t, first, holder())
	stop()
	start := time.Now()
	n.await("the other leads", func() bool { return holder() != "" && holder() != first })
	require.Less(t, time.Since(start), 12*time.Second, "it didn't wait for the end of the lease")
	n.setLabel("web", b, false)
	n.await("and works", func() bool { return n.helpers(n.get("web")) == 0 })
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

func answers(url string) bool {
	response, err := http.Get(url)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close()) == nil && response.StatusCode == http.StatusOK
}

// The program itself works, and ends well when it is told to.
func TestProgram(t *testing.T) {
	n := inNamespace(t)
	program := filepath.Join(t.TempDir(), "controller")
	out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	address := freeAddress(t)
	run := exec.Command(program, "-metrics", "0", "-health", address, "-loki", "http://loki:1234")
	run.Stdout, run.Stderr = os.Stdout, os.Stderr
	require.NoError(t, run.Start())
	n.await("it is ready", func() bool { return answers("http://" + address + "/readyz") })
	n.create(nil, logging(""))
	n.await("helpers come", func() bool { return n.has("web", logging("http://loki:1234")) })
	require.NoError(t, run.Process.Signal(syscall.SIGTERM))
	require.NoError(t, run.Wait())
}
