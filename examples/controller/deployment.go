package main

import (
	"maps"

	"github.com/podpattern/podpattern/pattern"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
)

// deployment gives an empty one, as a tree: in a typed object the fields of a newer
// Kubernetes would get lost, and the patch would then take them out of the containers.
func deployment() *unstructured.Unstructured {
	d := &unstructured.Unstructured{}
	d.SetGroupVersionKind(appsv1.SchemeGroupVersion.WithKind("Deployment"))
	return d
}

// label is by which a Deployment asks for a bundle: podpattern.dev/logging: enabled.
func label(b pattern.Injection) client.MatchingLabels {
	return client.MatchingLabels{"podpattern.dev/" + b.Name(): "enabled"}
}

func asks(d client.Object, b pattern.Injection) bool {
	for key, value := range label(b) {
		if d.GetLabels()[key] != value {
			return false
		}
	}
	return true
}

// concerns leaves out the changes of a status, which are many. A resync, of what hasn't
// changed, passes: what was refused gets its event again, which the cluster forgets after
// an hour.
func concerns(e event.UpdateEvent) bool {
	was, is := e.ObjectOld, e.ObjectNew
	return was.GetGeneration() != is.GetGeneration() || !maps.Equal(was.GetLabels(), is.GetLabels()) ||
		was.GetResourceVersion() == is.GetResourceVersion()
}
