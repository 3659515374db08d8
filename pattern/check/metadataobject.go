package check

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
)

// The rules here are about a pod that is an object of its own: of the metadata of
// a template only labels and annotations are read. A missing name or namespace is
// no finding: the API server wants them, and who creates the object may give them
// as late as that.
//
// upstream: kubernetes/apimachinery pkg/api/validation/objectmeta.go
var objectMetaRules = []Rule{
	{ID: "object-name", Level: Rejected,
		Title: "the name or the namespace of a pod has the wrong form",
		Why:   "the name is part of addresses and paths: the API server refuses the pod",
		Fix:   "at most 253 small letters, digits, - and dots, with a letter or digit at both ends; a namespace has at most 63 and no dots",
		Bad:   `{kind: Pod, metadata: {name: Web_1}}`,
		Good:  `{kind: Pod, metadata: {name: web-1}}`,
		pod: func(x *index, r *Rule) {
			if x.template {
				return
			}
			m := x.meta
			if m.Name != "" && !names.IsSubdomain(m.Name) {
				x.reportPodEach(r, "metadata.name", m.Name, validation.IsDNS1123Subdomain(m.Name))
			}
			if m.GenerateName != "" && !names.IsSubdomain(m.GenerateName) {
				x.reportPodEach(r, "metadata.generateName", m.GenerateName, validation.IsDNS1123Subdomain(unfinished(m.GenerateName)))
			}
			if m.Namespace != "" && !names.IsLabel(m.Namespace) {
				x.reportPodEach(r, "metadata.namespace", m.Namespace, validation.IsDNS1123Label(m.Namespace))
			}
		}},
	{ID: "owner-reference", Level: Rejected,
		Title: "a reference to an owner is incomplete, or two owners are the controller",
		Why:   "the pod couldn't be deleted with its owner: the API server refuses it",
		Fix:   "apiVersion, kind, name and uid of the owner, and controller: true once",
		Bad:   `{kind: Pod, metadata: {ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: web}]}}`,
		Good:  `{kind: Pod, metadata: {ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: web, uid: 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed}]}}`,
		pod:   ownerReferences},
	{ID: "finalizer-name", Level: Rejected,
		Title: "a finalizer has the wrong form",
		Why:   "nobody could tell who removes it, and the pod would stay for ever: the API server refuses it",
		Fix:   "the domain of who removes it, and a name: example.com/cleanup",
		Bad:   `{kind: Pod, metadata: {finalizers: [cleanup]}}`,
		Good:  `{kind: Pod, metadata: {finalizers: [example.com/cleanup]}}`,
		pod:   finalizers},
}

func ownerReferences(x *index, r *Rule) {
	if x.template {
		return
	}
	controller := ""
	for i := range x.meta.OwnerReferences {
		o := &x.meta.OwnerReferences[i]
		x.ownerReference(r, "metadata.ownerReferences"+at(i), o)
		if o.Controller == nil || !*o.Controller {
			continue
		}
		name := o.Kind + "/" + o.Name
		if controller == "" {
			controller = name
			continue
		}
		x.reportPod(r, "metadata.ownerReferences", invalid(nil, fmt.Sprintf("Only one reference can have Controller set to true. Found \"true\" in references for %v and %v", controller, name), ""))
	}
}

func (x *index) ownerReference(r *Rule, path string, o *metav1.OwnerReference) {
	gvk := schema.FromAPIVersionAndKind(o.APIVersion, o.Kind)
	if gvk.Version == "" {
		x.reportPod(r, path+".apiVersion", invalid(o.APIVersion, "version must not be empty", ""))
	}
	for _, f := range [...]struct{ name, value string }{{".kind", o.Kind}, {".name", o.Name}, {".uid", string(o.UID)}} {
		if f.value == "" {
			x.reportPod(r, path+f.name, invalid("", "must not be empty", ""))
		}
	}
	if gvk.Group == "" && gvk.Version == "v1" && gvk.Kind == "Event" {
		x.reportPod(r, path, invalid(nil, gvk.String()+" is disallowed from being an owner", "an Event owns nothing"))
	}
}

func finalizers(x *index, r *Rule) {
	if x.template {
		return
	}
	orphan, foreground := false, false
	for i, f := range x.meta.Finalizers {
		path := "metadata.finalizers" + at(i)
		if !names.IsLabelKey(f) {
			x.reportPodEach(r, path, f, validation.IsQualifiedName(f))
		}
		orphan = orphan || f == metav1.FinalizerOrphanDependents
		foreground = foreground || f == metav1.FinalizerDeleteDependents
		switch {
		case strings.Contains(f, "/"), f == "kubernetes", f == metav1.FinalizerOrphanDependents, f == metav1.FinalizerDeleteDependents:
		default:
			x.reportPod(r, path, invalid(f, "name is neither a standard finalizer name nor is it fully qualified", ""))
		}
	}
	if orphan && foreground {
		x.reportPod(r, "metadata.finalizers", invalid(nil, "finalizer orphan and foregroundDeletion cannot be both set", ""))
	}
}
