package main

import (
	"context"
	"strings"
	"time"

	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// reconciler keeps the helpers of a bundle in the Deployments that ask for them, and takes
// them out of those that don't any more.
type reconciler struct {
	client.Client
	events.EventRecorder
	bundle pattern.Injection
}

// Reconcile does the same whether the Deployment, the bundle or somebody's hand has
// changed, and nothing where all is as it should be.
func (r *reconciler) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	d := deployment()
	if err := r.Get(ctx, req.NamespacedName, d); err != nil || d.GetDeletionTimestamp() != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	was := d.DeepCopy()
	asked, change, reason := asks(d, r.bundle), r.bundle.RemoveFromObject, "HelpersRemoved"
	if asked {
		change, reason = r.bundle.ApplyToObject, "HelpersUpdated"
	}
	if err := change(d); err != nil {
		return r.refuse(was, err)
	}
	if asked {
		if err := r.applyObjects(ctx, req.Namespace); err != nil {
			return reconcile.Result{}, err
		}
	}
	if equality.Semantic.DeepEqual(was, d) {
		return reconcile.Result{}, nil // a request that changes nothing is one too many
	}
	// A merge patch holds whole lists, such as that of all containers, so it must meet the
	// Deployment that it was made from: the lock turns what somebody wrote in between into a
	// conflict, after which this starts again. An Update would need the lock too, and would
	// write all other fields back as well.
	patch := client.MergeFromWithOptions(was, client.MergeFromWithOptimisticLock{})
	switch err := r.Patch(ctx, d, patch); {
	case apierrors.IsConflict(err): // usual, while the Deployment's own controller writes its status
		return reconcile.Result{RequeueAfter: time.Second}, nil
	case apierrors.IsInvalid(err):
		return r.refuse(was, err)
	case err != nil:
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	r.Eventf(d, nil, corev1.EventTypeNormal, reason, "Reconcile", "bundle %s", r.bundle.Name())
	return reconcile.Result{}, nil
}

// refuse says why a Deployment stays as it is, where its author looks: kubectl describe.
// To try again is no use before the Deployment or the bundle is another: the error is a
// terminal one.
func (r *reconciler) refuse(d *unstructured.Unstructured, err error) (reconcile.Result, error) {
	const longest = 1024 // upstream: kubernetes/kubernetes pkg/apis/core/validation/events.go
	note := err.Error()
	note = strings.ToValidUTF8(note[:min(len(note), longest)], "")
	r.Eventf(d, nil, corev1.EventTypeWarning, "BundleRefused", "Reconcile", "%s", note)
	return reconcile.Result{}, reconcile.TerminalError(err)
}
