package pattern

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/podpattern/podpattern/internal/jsonread"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// rawPod is a pod in JSON, and the JSON pointer to it.
type rawPod struct {
	carried
	pointer string
}

var errNoPod = errors.New("the object has no pod template")

// rawTemplate is a pod, or a template of one. Names of fields are case-sensitive, as they
// are for the API server.
type rawTemplate struct {
	Metadata *metav1.ObjectMeta `json:"metadata"`
	Spec     *corev1.PodSpec    `json:"spec"`
}

// rawObject is what may have a pod template: where it stands says more than the kind,
// since objects of other API groups have them too.
type rawObject struct {
	Template *rawTemplate `json:"template"`
	Spec     struct {
		Template *rawTemplate `json:"template"`
		Claims   []struct {
			Metadata struct {
				Name string `json:"name"`
			} `json:"metadata"`
		} `json:"volumeClaimTemplates"`
		JobTemplate struct {
			Spec struct {
				Template *rawTemplate `json:"template"`
			} `json:"spec"`
		} `json:"jobTemplate"`
	} `json:"spec"`
	Items []json.RawMessage `json:"items"`
}

// rawPods reads the pods of an object in JSON; they are good until the room is released.
func rawPods(raw []byte, room *jsonread.Room) ([]rawPod, error) {
	kind, err := kindOf(raw)
	if err != nil {
		return nil, err
	}
	if kind == "Pod" {
		return rawTemplateAlone(raw, room)
	}
	var o rawObject
	if err := room.Unmarshal(raw, &o); err != nil {
		return nil, err
	}
	if o.Items == nil {
		return o.pod(kind)
	}
	var out []rawPod
	for i, item := range o.Items {
		if kind, err := kindOf(item); err == nil && (kind == "" || kind == "List") {
			return nil, fmt.Errorf("items%s has no kind, or is a List itself", index(i))
		}
		pods, err := rawPods(item, room)
		if err != nil && !errors.Is(err, errNoPod) {
			return nil, fmt.Errorf("items%s: %w", index(i), err)
		}
		for _, p := range pods {
			p.pointer = fmt.Sprintf("/items/%d%s", i, p.pointer)
			p.kind.path = "items" + index(i) + "." + p.kind.path
			out = append(out, p)
		}
	}
	return out, nil
}

func rawTemplateAlone(raw []byte, room *jsonread.Room) ([]rawPod, error) {
	var t rawTemplate
	if err := room.Unmarshal(raw, &t); err != nil {
		return nil, err
	}
	kind := asPod
	if t.Metadata != nil {
		kind = podKind(t.Metadata.OwnerReferences)
	}
	return t.pod(kind, "")
}

func (o *rawObject) pod(kind string) ([]rawPod, error) {
	switch {
	case o.Spec.Template != nil:
		pods, err := o.Spec.Template.pod(workload{name: kind, path: "spec.template."}, "/spec/template")
		for i := range pods {
			for _, c := range o.Spec.Claims {
				pods[i].claims = append(pods[i].claims, c.Metadata.Name)
			}
		}
		return pods, err
	case o.Spec.JobTemplate.Spec.Template != nil:
		return o.Spec.JobTemplate.Spec.Template.pod(workload{name: kind, path: "spec.jobTemplate.spec.template."}, "/spec/jobTemplate/spec/template")
	case o.Template != nil:
		return o.Template.pod(workload{name: kind, path: "template."}, "/template")
	}
	return nil, errNoPod
}

func (t *rawTemplate) pod(kind workload, pointer string) ([]rawPod, error) {
	if t.Spec == nil {
		return nil, errNoPod
	}
	out := &corev1.PodTemplateSpec{Spec: *t.Spec}
	if t.Metadata != nil {
		out.ObjectMeta = *t.Metadata
	}
	return []rawPod{{carried{PodTemplateSpec: out, kind: kind, noMetadata: t.Metadata == nil}, pointer}}, nil
}

// kindOf reads the kind of an object, which is among its first fields; "": it has none.
func kindOf(raw []byte) (string, error) {
	if rest, first := bytes.CutPrefix(raw, []byte(`{"kind":"`)); first { // as the API server writes it
		if kind, _, ended := bytes.Cut(rest, []byte(`"`)); ended && bytes.IndexByte(kind, '\\') < 0 {
			return string(kind), nil
		}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return "", errors.New("it is no object in JSON")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return "", err
		}
		if key == "kind" {
			var kind string
			err := d.Decode(&kind)
			return kind, err
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return "", err
		}
	}
	return "", nil
}

// dropsMetadata says whether the metadata came with the bundle and is empty now.
func (in *injected) dropsMetadata() bool {
	r := in.held.record(in.bundle)
	return r != nil && r.noMetadata && reflect.ValueOf(in.t.ObjectMeta).IsZero()
}
