package pattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/podpattern/podpattern/pattern/check"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// ApplyToObject is [Injection.ApplyTo] for a Pod, a workload, or any other object with a
// pod template at spec.template, typed or unstructured, and for a List of those, in which
// other objects stay as they are. On an error nothing has been changed, in none of a List's
// objects. An object that has no pod template is an error.
func (b Injection) ApplyToObject(o runtime.Object) error { return b.changeObject(o, false) }

// RemoveFromObject is [Injection.RemoveFrom] for what [Injection.ApplyToObject] takes.
func (b Injection) RemoveFromObject(o runtime.Object) error { return b.changeObject(o, true) }

func (b Injection) changeObject(o runtime.Object, remove bool) error {
	pods, err := b.injectObject(o, remove)
	if err != nil {
		return err
	}
	for _, p := range pods {
		if len(p.in.changes) > 0 {
			if err := p.commit(p.in); err != nil {
				return err
			}
		}
	}
	return nil
}

// injectedPod is a pod of an object with the bundle settled for it.
type injectedPod struct {
	objectPod
	in *injected
}

// injectObject settles a bundle for all pods of an object.
func (b Injection) injectObject(o runtime.Object, remove bool) ([]injectedPod, error) {
	pods, err := podsOf(o)
	if err != nil {
		return nil, noPodIn(err).Err()
	}
	var found check.Findings
	out := make([]injectedPod, len(pods))
	for i, p := range pods {
		out[i] = injectedPod{p, b.inject(p.carried, remove)}
		found = append(found, out[i].in.found...)
	}
	return out, found.Err()
}

// noPodIn is the finding about an object that no pod can be read from.
func noPodIn(err error) check.Findings {
	return check.Findings{invalid("bundle-object", "", nil, err.Error(), "give a Pod, a workload or another object with a pod template, or a List of those").finding("")}
}

// objectPod is a pod of an object, and how a changed one gets back into it.
type objectPod struct {
	carried
	commit func(*injected) error
}

// podsOf gives the pods of an object.
func podsOf(o runtime.Object) ([]objectPod, error) {
	if isNil(o) {
		return nil, fmt.Errorf("it is nil")
	}
	template := func(kind, path string, t *corev1.PodTemplateSpec) ([]objectPod, error) {
		if t == nil {
			return nil, errNoPod
		}
		return []objectPod{{carried{PodTemplateSpec: t, kind: workload{name: kind, path: path}}, func(in *injected) error { *t = in.t; return nil }}}, nil
	}
	switch o := o.(type) {
	case *corev1.Pod:
		t := templateOf(o)
		return []objectPod{{carried{PodTemplateSpec: &t, kind: podKind(o.OwnerReferences)}, func(in *injected) error {
			o.ObjectMeta, o.Spec = in.t.ObjectMeta, in.t.Spec
			return nil
		}}}, nil
	case *appsv1.Deployment:
		return template("Deployment", "spec.template.", &o.Spec.Template)
	case *appsv1.ReplicaSet:
		return template("ReplicaSet", "spec.template.", &o.Spec.Template)
	case *appsv1.DaemonSet:
		return template("DaemonSet", "spec.template.", &o.Spec.Template)
	case *appsv1.StatefulSet:
		pods, err := template("StatefulSet", "spec.template.", &o.Spec.Template)
		pods[0].claims = claimNames(o.Spec.VolumeClaimTemplates)
		return pods, err
	case *batchv1.Job:
		return template("Job", "spec.template.", &o.Spec.Template)
	case *batchv1.CronJob:
		return template("CronJob", "spec.jobTemplate.spec.template.", &o.Spec.JobTemplate.Spec.Template)
	case *corev1.ReplicationController:
		return template("ReplicationController", "spec.template.", o.Spec.Template)
	case *corev1.PodTemplate:
		return template("PodTemplate", "template.", &o.Template)
	case *corev1.List:
		return listPods(o)
	case runtime.Unstructured:
		return treePods(o.UnstructuredContent(), func(tree map[string]any) error { o.SetUnstructuredContent(tree); return nil })
	}
	return anyPods(o)
}

// listPods gives the pods of all objects in a List, which may be typed or text.
func listPods(l *corev1.List) ([]objectPod, error) {
	var out []objectPod
	for i := range l.Items {
		item := &l.Items[i]
		var pods []objectPod
		var err error
		if _, nested := item.Object.(*corev1.List); nested {
			return nil, fmt.Errorf("items%s is a List itself", index(i))
		}
		if item.Object != nil {
			pods, err = podsOf(item.Object)
		} else {
			pods, err = textPods(item.Raw, func(raw []byte) error { item.Raw = raw; return nil })
		}
		if err != nil && !errors.Is(err, errNoPod) {
			return nil, fmt.Errorf("items%s: %w", index(i), err)
		}
		for _, p := range pods {
			p.kind.path = "items" + index(i) + "." + p.kind.path
			out = append(out, p)
		}
	}
	return out, nil
}

// anyPods gives the pods of an object of a type that isn't known here.
func anyPods(o runtime.Object) ([]objectPod, error) {
	raw, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	return textPods(raw, func(raw []byte) error {
		fresh := reflect.New(reflect.TypeOf(o).Elem())
		if err := json.Unmarshal(raw, fresh.Interface()); err != nil {
			return err
		}
		reflect.ValueOf(o).Elem().Set(fresh.Elem())
		return nil
	})
}

// textPods gives the pods of an object in JSON; keep takes the changed text.
func textPods(raw []byte, keep func([]byte) error) ([]objectPod, error) {
	var tree map[string]any
	if err := utiljson.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	return treePods(tree, func(tree map[string]any) error {
		raw, err := json.Marshal(tree)
		if err != nil {
			return err
		}
		return keep(raw)
	})
}
