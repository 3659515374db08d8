package pattern_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/podpattern/podpattern/pattern"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// client is what the reconciler needs of that of controller-runtime or client-go.
type client interface {
	Get(ctx context.Context, name string) (*appsv1.Deployment, error)
	Update(ctx context.Context, d *appsv1.Deployment) error
}

// reconciler keeps a helper in all Deployments that ask for it by a label.
type reconciler struct {
	client
	logging pattern.Injection
}

// Reconcile is called again and again: where nothing is to change nothing is written.
func (r *reconciler) Reconcile(ctx context.Context, name string) error {
	d, err := r.Get(ctx, name)
	if err != nil {
		return err
	}
	change := r.logging.ApplyTo
	if d.Labels["logging"] != "on" {
		change = r.logging.RemoveFrom
	}
	before := d.DeepCopy()
	if err := change(&d.Spec.Template); err != nil {
		return err // it says what to change in the Deployment, which is as it was
	}
	if equality.Semantic.DeepEqual(before, d) {
		return nil
	}
	return r.Update(ctx, d)
}

// A controller adds a helper to Deployments, keeps it up to date and takes it out again.
func Example_reconcile() {
	ctx := context.Background()
	logging := func(image string) pattern.Injection {
		logs := pattern.EmptyDir("logs")
		return pattern.Bundle("logging", pattern.Sidecar("shipper", image).Reads(logs, "/logs").AppWrites(logs, "/var/log/app"))
	}
	cluster := &fakeCluster{&appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: map[string]string{"logging": "on"}},
		Spec:       appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "shop", Image: "shop:1"}}}}},
	}}
	original := cluster.deployment.Spec.Template.DeepCopy()
	reconcile := func(what string, r reconciler) {
		fmt.Println(what)
		if err := r.Reconcile(ctx, "shop"); err != nil {
			fmt.Println(err)
		}
	}

	v1, v2 := reconciler{cluster, logging("shipper:1")}, reconciler{cluster, logging("shipper:2")}
	reconcile("first", v1)
	reconcile("again", v1)
	reconcile("a newer controller", v2)

	cluster.deployment.Spec.Template.Spec.InitContainers[0].Image = "shipper:latest"
	reconcile("after kubectl edit", v2)

	delete(cluster.deployment.Labels, "logging")
	reconcile("without the label", v2)
	fmt.Println("as it was:", equality.Semantic.DeepEqual(original, &cluster.deployment.Spec.Template))
	// Output:
	// first
	//   update: [shop:1 shipper:1]
	// again
	// a newer controller
	//   update: [shop:1 shipper:2]
	// after kubectl edit
	//   update: [shop:1 shipper:2]
	// without the label
	//   update: [shop:1]
	// as it was: true
}

// fakeCluster has one Deployment.
type fakeCluster struct{ deployment *appsv1.Deployment }

func (f *fakeCluster) Get(context.Context, string) (*appsv1.Deployment, error) {
	return f.deployment.DeepCopy(), nil
}

func (f *fakeCluster) Update(_ context.Context, d *appsv1.Deployment) error {
	f.deployment = d.DeepCopy()
	var images []string
	for _, c := range slices.Concat(d.Spec.Template.Spec.Containers, d.Spec.Template.Spec.InitContainers) {
		images = append(images, c.Image)
	}
	fmt.Println("  update:", images)
	return nil
}
