package main

import (
	"cmp"
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// applyObjects creates, or repairs, what the helpers need beside the pods of a namespace.
// Rights go to the accounts of those Deployments that ask for the bundle now. When none
// does any more the objects stay: pods that stop may still need them.
func (r *reconciler) applyObjects(ctx context.Context, namespace string) error {
	if none, err := r.bundle.Objects(namespace); err != nil || len(none) == 0 {
		return nil // what is wrong with the bundle, its use in the Deployment tells
	}
	var all unstructured.UnstructuredList
	all.SetGroupVersionKind(deployment().GroupVersionKind())
	if err := r.List(ctx, &all, client.InNamespace(namespace), label(r.bundle)); err != nil {
		return err
	}
	var accounts []string
	for _, d := range all.Items {
		account, _, _ := unstructured.NestedString(d.Object, "spec", "template", "spec", "serviceAccountName")
		accounts = append(accounts, cmp.Or(account, "default"))
	}
	slices.Sort(accounts)
	objects, err := r.bundle.Objects(namespace, slices.Compact(accounts)...)
	if err != nil {
		return err
	}
	for _, o := range objects {
		tree, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
		if err != nil {
			return err
		}
		// Applied, an object that is as it should be isn't written.
		body := client.ApplyConfigurationFromUnstructured(&unstructured.Unstructured{Object: tree})
		if err := r.Apply(ctx, body, client.ForceOwnership); err != nil {
			return err
		}
	}
	return nil
}
