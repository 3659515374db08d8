package webhook

import (
	"bytes"
	"net/http"

	corev1 "k8s.io/api/core/v1"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// object is what says whether an object is looked at: everything but its pod.
type object struct {
	Kind     string   `json:"kind"`
	Metadata metadata `json:"metadata"`
	Spec     struct {
		Containers  list      `json:"containers"`
		Template    *template `json:"template"`
		JobTemplate struct {
			Spec struct {
				Template *template `json:"template"`
			} `json:"spec"`
		} `json:"jobTemplate"`
	} `json:"spec"`
	Template *template `json:"template"`
	Items    list      `json:"items"`
}

type template struct {
	Metadata metadata `json:"metadata"`
	Spec     struct {
		Containers list `json:"containers"`
	} `json:"spec"`
}

type metadata struct {
	Name              string            `json:"name"`
	GenerateName      string            `json:"generateName"`
	Namespace         string            `json:"namespace"`
	DeletionTimestamp string            `json:"deletionTimestamp"`
	Labels            map[string]string `json:"labels"`
	Annotations       map[string]string `json:"annotations"`
	OwnerReferences   []ownerReference  `json:"ownerReferences"`
}

type ownerReference struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Controller bool   `json:"controller"`
}

// list says whether a list is there and has items.
type list bool

func (l *list) UnmarshalJSON(raw []byte) error {
	inside, is := bytes.CutPrefix(raw, []byte("["))
	*l = list(is && !bytes.HasPrefix(bytes.TrimSpace(inside), []byte("]")))
	return nil
}

// readObject reads the object of a request that has one.
func readObject(req *request) (*object, *failure) {
	o := &object{}
	if !bytes.HasPrefix(req.Object, []byte("{")) {
		return nil, failed(http.StatusBadRequest, "the request has no object")
	}
	err := utiljson.Unmarshal(req.Object, o)
	switch {
	case err != nil && req.builtIn():
		return nil, failed(http.StatusBadRequest, "the object can't be read: %v", err)
	case o.Kind == "" || o.Kind != req.Kind.Kind:
		return nil, failed(http.StatusBadRequest, "the object has kind %q, and the request %q", o.Kind, req.Kind.Kind)
	case err != nil: // what it has in these places are no templates of pods
		return &object{Kind: o.Kind}, nil
	}
	return o, nil
}

// pod gives the metadata of the object's pod, or of the template of it; nil: it has no
// pod with a container.
func (o *object) pod() *metadata {
	t := o.Template
	switch {
	case o.Kind == "Pod":
		if !o.Spec.Containers {
			return nil
		}
		return &o.Metadata
	case bool(o.Items):
		return nil
	case o.Spec.Template != nil:
		t = o.Spec.Template
	case o.Spec.JobTemplate.Spec.Template != nil:
		t = o.Spec.JobTemplate.Spec.Template
	}
	if t == nil || !t.Spec.Containers {
		return nil
	}
	return &t.Metadata
}

// unfitting says why the bundle is not to be added to an object, whatever the options
// are; "": it may be.
func (o *object) unfitting() string {
	pod := o.pod()
	switch {
	case pod == nil:
		return "no pod template"
	case o.Metadata.DeletionTimestamp != "":
		return "being deleted"
	case pod.Annotations[corev1.MirrorPodAnnotationKey] != "":
		return "mirror pod, which runs from a file of the node"
	case o.Kind == "ReplicaSet" && o.Metadata.controller() != nil:
		return "ReplicaSet of a " + o.Metadata.controller().Kind + ", which compares the two templates"
	}
	return ""
}

// controller gives the owner that made the object and keeps it as it is; nil: there is
// none.
func (m *metadata) controller() *ownerReference {
	for i := range m.OwnerReferences {
		if m.OwnerReferences[i].Controller {
			return &m.OwnerReferences[i]
		}
	}
	return nil
}
