package check

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Objects checks the objects of a manifest, each by itself and those that belong
// together: a Service and the pods that it finds, an autoscaler and the workload
// that it scales. It knows Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet, Job,
// CronJob, List, Service, ConfigMap, PersistentVolumeClaim and
// HorizontalPodAutoscaler, and says nothing about any other kind. [Under],
// [CarriedBy] and [Claims] come from the objects themselves.
func Objects(objects []runtime.Object, opts ...Option) Findings {
	s := newSet(objects, opts)
	for i := range s.workloads {
		s.pods(&s.workloads[i])
	}
	return s.finish()
}

// References checks only what the objects of a manifest say of each other, for one
// who has checked each pod already.
func References(objects []runtime.Object, opts ...Option) Findings {
	return newSet(objects, opts).finish()
}

func newSet(objects []runtime.Object, opts []Option) *set {
	s := &set{options: newOptions(opts), placed: make([]placed, 0, len(objects)), workloads: make([]workload, 0, len(objects))}
	for i, o := range objects {
		s.index = i
		s.take(o)
	}
	return s
}

// place keeps where an object stands.
func (s *set) place(kind string, o metav1.Object) {
	s.placed = append(s.placed, placed{s.index, kind, o})
}

// placeOf gives where the first object of a name stands. Only findings ask.
func (s *set) placeOf(name string) int {
	if s.places == nil {
		s.places = make(map[string]int, len(s.placed))
		for _, n := range slices.Backward(s.placed) {
			s.places[objectName(n.kind, n.object)] = n.index
		}
	}
	return s.places[name]
}

// finish puts the set to the rules about several objects.
func (s *set) finish() Findings {
	for g := range groups {
		for i := range groups[g] {
			if r := &groups[g][i]; r.objects != nil {
				r.objects(s, r)
			}
		}
	}
	return s.options.finish(s.found)
}

// maxDepth bounds a List that is in itself.
const maxDepth = 3

// set is what the rules ask of several objects.
type set struct {
	options
	depth      int            // of Lists in Lists
	index      int            // of the object that is taken
	placed     []placed       // the objects, those in Lists too
	places     map[string]int // see placeOf
	workloads  []workload
	services   []*corev1.Service
	configMaps []*corev1.ConfigMap
	// Several of one name are variants, of which one will be applied.
	configs     map[key][]*corev1.ConfigMap
	secrets     map[key][]*corev1.Secret
	persistent  map[key][]*corev1.PersistentVolumeClaim
	autoscalers []autoscaler
	found       Findings
}

// placed is an object of a kind that the rules know.
type placed struct {
	index  int // in the list of objects
	kind   string
	object metav1.Object
}

// key is what one object calls another of a kind by.
type key struct{ namespace, name string }

// keep adds an object to those of its name.
func keep[T metav1.Object](all map[key][]T, o T) map[key][]T {
	if all == nil { // most manifests have few kinds
		all = make(map[key][]T)
	}
	k := key{o.GetNamespace(), o.GetName()}
	all[k] = append(all[k], o)
	return all
}

// workload is an object that is a pod or makes pods.
type workload struct {
	index    int // in the list of objects
	kind     string
	object   metav1.Object
	path     string // where the template stands; "" is a pod
	template *corev1.PodTemplateSpec
	replicas *int32 // nil: not said, or not of this kind
	claims   []corev1.PersistentVolumeClaim
	selector *metav1.LabelSelector
	job      *batchv1.JobSpec
	// progress is how many seconds a rollout may take; nil is the default.
	progress *int32
}

// autoscaler is what the versions of a HorizontalPodAutoscaler have in common.
type autoscaler struct {
	meta   *metav1.ObjectMeta
	target autoscalingv2.CrossVersionObjectReference
	// metrics are those of version 2.
	metrics []autoscalingv2.MetricSpec
	// cpu says that version 1 wants a share of the CPU request.
	cpu bool
}

func (s *set) take(o runtime.Object) {
	switch o := o.(type) {
	case *corev1.Pod:
		if o != nil {
			s.place("Pod", o)
			s.workloads = append(s.workloads, workload{index: s.index, kind: "Pod", object: o, template: &corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}})
		}
	case *appsv1.Deployment:
		if o != nil {
			s.place("Deployment", o)
			s.workloads = append(s.workloads, workload{index: s.index, kind: "Deployment", object: o, path: "spec.template", template: &o.Spec.Template, replicas: o.Spec.Replicas, selector: o.Spec.Selector, progress: o.Spec.ProgressDeadlineSeconds})
		}
	case *appsv1.ReplicaSet:
		if o != nil {
			s.place("ReplicaSet", o)
			s.workloads = append(s.workloads, workload{index: s.index, kind: "ReplicaSet", object: o, path: "spec.template", template: &o.Spec.Template, replicas: o.Spec.Replicas, selector: o.Spec.Selector})
		}
	case *appsv1.StatefulSet:
		if o != nil {
			s.place("StatefulSet", o)
			s.workloads = append(s.workloads, workload{index: s.index, kind: "StatefulSet", object: o, path: "spec.template", template: &o.Spec.Template, replicas: o.Spec.Replicas, selector: o.Spec.Selector, claims: o.Spec.VolumeClaimTemplates})
		}
	case *appsv1.DaemonSet:
		if o != nil {
			s.place("DaemonSet", o)
			s.workloads = append(s.workloads, workload{index: s.index, kind: "DaemonSet", object: o, path: "spec.template", template: &o.Spec.Template, selector: o.Spec.Selector})
		}
	case *batchv1.Job:
		if o != nil {
			s.place("Job", o)
			s.workloads = append(s.workloads, workload{index: s.index, kind: "Job", object: o, path: "spec.template", template: &o.Spec.Template, job: &o.Spec})
		}
	case *batchv1.CronJob:
		if o != nil {
			s.place("CronJob", o)
			job := &o.Spec.JobTemplate.Spec
			s.workloads = append(s.workloads, workload{index: s.index, kind: "CronJob", object: o, path: "spec.jobTemplate.spec.template", template: &job.Template, job: job})
		}
	case *corev1.Service:
		if o != nil {
			s.place("Service", o)
			s.services = append(s.services, o)
		}
	case *corev1.ConfigMap:
		if o != nil {
			s.place("ConfigMap", o)
			s.configMaps = append(s.configMaps, o)
			s.configs = keep(s.configs, o)
		}
	case *corev1.Secret:
		if o != nil {
			s.place("Secret", o)
			s.secrets = keep(s.secrets, o)
		}
	case *corev1.PersistentVolumeClaim:
		if o != nil {
			s.place("PersistentVolumeClaim", o)
			s.persistent = keep(s.persistent, o)
		}
	case *autoscalingv1.HorizontalPodAutoscaler:
		if o != nil {
			s.place("HorizontalPodAutoscaler", o)
			s.autoscalers = append(s.autoscalers, autoscaler{meta: &o.ObjectMeta, target: autoscalingv2.CrossVersionObjectReference(o.Spec.ScaleTargetRef), cpu: true})
		}
	case *autoscalingv2.HorizontalPodAutoscaler:
		if o != nil {
			s.place("HorizontalPodAutoscaler", o)
			s.autoscalers = append(s.autoscalers, autoscaler{meta: &o.ObjectMeta, target: o.Spec.ScaleTargetRef, metrics: o.Spec.Metrics})
		}
	case *corev1.List:
		if o != nil {
			s.list(o)
		}
	}
}

func (s *set) list(l *corev1.List) {
	if s.depth++; s.depth > maxDepth {
		s.bad(Finding{Path: "items", Detail: "a List in a List in a List", Fix: "one List of objects"})
		return
	}
	defer func() { s.depth-- }()
	for i := range l.Items {
		o := l.Items[i].Object
		if o == nil {
			var err error
			if o, err = Decode(l.Items[i].Raw); err != nil {
				s.bad(Finding{Path: "items" + at(i), Detail: err.Error(), Fix: "an object, as kubectl apply takes it"})
				continue
			}
		}
		s.take(o)
	}
}

// pods checks the pods that a workload makes.
func (s *set) pods(w *workload) {
	o := s.options
	o.under, o.carrier, o.badly = "", "", nil
	if w.path != "" {
		o.under, o.carrier = w.path+".", w.kind
	}
	for i := range w.claims {
		o.claims = append(o.claims[:len(o.claims):len(o.claims)], w.claims[i].Name)
	}
	x := newIndex(&w.template.ObjectMeta, &w.template.Spec, o)
	x.workload, x.template = w, w.path != ""
	x.run()
	for i := range x.found {
		x.found[i].Object, x.found[i].Index = w.String(), w.index
	}
	s.found = append(s.found, x.found...)
}

// String gives what a finding calls the object.
func (w *workload) String() string { return objectName(w.kind, w.object) }

// objectName gives kind/name, or kind/namespace/name.
func objectName(kind string, o metav1.Object) string {
	name := o.GetName()
	if name == "" && o.GetGenerateName() != "" {
		name = o.GetGenerateName() + "*"
	}
	if o.GetNamespace() != "" {
		return kind + "/" + o.GetNamespace() + "/" + name
	}
	return kind + "/" + name
}

// report adds a finding about an object, such as "Service/web".
func (s *set) report(r *Rule, object, path string, f Finding) {
	f.Object, f.Path, f.Index = object, path, s.placeOf(object)
	s.found = append(s.found, r.finding(f))
}
