package conformance_test

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/conformance/podgen"
	"github.com/podpattern/podpattern/pattern/check"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// carrier is a kind of object that has a pod in it.
type carrier struct {
	kind   string
	prefix string // what stands before the paths of the pod
	object func(*corev1.Pod) runtime.Object
}

var carriers = []carrier{
	{"Pod", "", func(p *corev1.Pod) runtime.Object { return p }},
	{"PodTemplate", "template.", func(p *corev1.Pod) runtime.Object {
		return &corev1.PodTemplate{TypeMeta: typeMeta("v1", "PodTemplate"), ObjectMeta: objectMeta(p), Template: template(p)}
	}},
	{"Deployment", "spec.template.", func(p *corev1.Pod) runtime.Object {
		return &appsv1.Deployment{TypeMeta: typeMeta("apps/v1", "Deployment"), ObjectMeta: objectMeta(p), Spec: appsv1.DeploymentSpec{Selector: web, Template: labelled(p)}}
	}},
	{"ReplicaSet", "spec.template.", func(p *corev1.Pod) runtime.Object {
		return &appsv1.ReplicaSet{TypeMeta: typeMeta("apps/v1", "ReplicaSet"), ObjectMeta: objectMeta(p), Spec: appsv1.ReplicaSetSpec{Selector: web, Template: labelled(p)}}
	}},
	{"StatefulSet", "spec.template.", func(p *corev1.Pod) runtime.Object {
		s := &appsv1.StatefulSet{TypeMeta: typeMeta("apps/v1", "StatefulSet"), ObjectMeta: objectMeta(p), Spec: appsv1.StatefulSetSpec{Selector: web, Template: labelled(p)}}
		s.Spec.VolumeClaimTemplates = []corev1.PersistentVolumeClaim{{
			ObjectMeta: metav1.ObjectMeta{Name: podgen.Claim},
			Spec: corev1.PersistentVolumeClaimSpec{
				AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
				Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{"storage": resource.MustParse("1Gi")}},
			},
		}}
		return s
	}},
	{"DaemonSet", "spec.template.", func(p *corev1.Pod) runtime.Object {
		return &appsv1.DaemonSet{TypeMeta: typeMeta("apps/v1", "DaemonSet"), ObjectMeta: objectMeta(p), Spec: appsv1.DaemonSetSpec{Selector: web, Template: labelled(p)}}
	}},
	{"Job", "spec.template.", func(p *corev1.Pod) runtime.Object {
		return &batchv1.Job{TypeMeta: typeMeta("batch/v1", "Job"), ObjectMeta: objectMeta(p), Spec: jobSpec(p)}
	}},
	{"CronJob", "spec.jobTemplate.spec.template.", func(p *corev1.Pod) runtime.Object {
		return &batchv1.CronJob{
			TypeMeta: typeMeta("batch/v1", "CronJob"), ObjectMeta: objectMeta(p),
			Spec: batchv1.CronJobSpec{Schedule: "0 3 * * *", JobTemplate: batchv1.JobTemplateSpec{Spec: jobSpec(p)}},
		}
	}},
}

func typeMeta(version, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: version, Kind: kind}
}

// objectMeta gives a workload good metadata: those of the pod aren't its own.
func objectMeta(p *corev1.Pod) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: "workload", Namespace: "default", UID: p.UID}
}

func template(p *corev1.Pod) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: p.Labels, Annotations: p.Annotations}, Spec: p.Spec}
}

var web = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}

// labelled gives a template that the selector finds, unless the pod says who it
// is.
func labelled(p *corev1.Pod) corev1.PodTemplateSpec {
	t := template(p)
	if _, says := t.Labels["app"]; !says {
		t.Labels = maps.Clone(t.Labels)
		if t.Labels == nil {
			t.Labels = map[string]string{}
		}
		t.Labels["app"] = "web"
	}
	return t
}

// jobSpec carries a pod; one that never restarts gets a failure policy.
func jobSpec(p *corev1.Pod) batchv1.JobSpec {
	s := batchv1.JobSpec{Template: template(p)}
	if p.Spec.RestartPolicy == corev1.RestartPolicyNever {
		s.PodFailurePolicy = &batchv1.PodFailurePolicy{Rules: []batchv1.PodFailurePolicyRule{{
			Action:      batchv1.PodFailurePolicyActionFailJob,
			OnExitCodes: &batchv1.PodFailurePolicyOnExitCodesRequirement{ContainerName: new("app-1"), Operator: "In", Values: []int32{42}},
		}}}
	}
	return s
}

// check asks our side.
func (c *carrier) check(p *corev1.Pod, opts ...check.Option) check.Findings {
	switch c.kind {
	case "Pod":
		return check.Pod(p, opts...)
	case "PodTemplate":
		t := template(p)
		return check.Template(&t, opts...)
	default:
		return check.Objects([]runtime.Object{c.object(p)}, opts...)
	}
}

// ofPod gives the path of an error as it is in a pod. The errors of a workload
// that aren't about its pods aren't compared, but for those of the failure policy.
func (c *carrier) ofPod(path string) (string, bool) {
	rest, in := strings.CutPrefix(path, c.prefix)
	if c.kind == "PodTemplate" && strings.HasPrefix(path, "metadata.") {
		return "", false // of the PodTemplate
	}
	return rest, in || strings.Contains(path, "podFailurePolicy")
}

var volume = regexp.MustCompile(`^spec\.volumes\[(\d+)\]`)

// uncounted gives the path that the API server means: of a StatefulSet it counts
// the one claim among the volumes, and before them.
func (c *carrier) uncounted(path string) string {
	n := volume.FindStringSubmatch(path)
	if c.kind != "StatefulSet" || n == nil {
		return path
	}
	i, _ := strconv.Atoi(n[1])
	return fmt.Sprintf("spec.volumes[%d]%s", i-1, path[len(n[0]):])
}
