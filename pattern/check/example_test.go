package check_test

import (
	"errors"
	"fmt"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Any pod can be checked, however it was made.
func ExamplePod() {
	pod := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{
		{Name: "web", Image: "web:1.4", Ports: []corev1.ContainerPort{{ContainerPort: 8080}}},
		{Name: "proxy", Image: "proxy:1", Ports: []corev1.ContainerPort{{ContainerPort: 8080}}},
	}}}
	for _, f := range check.Pod(pod, check.AtLeast(check.Broken)) {
		fmt.Println(f)
	}
	// Output:
	// spec.containers[1].ports[0].containerPort: Duplicate value: 8080: container web listens on TCP port 8080 too, and a pod has one network (container proxy, container web). Fix: give one of the two another port [E port-clash-pod]
}

func ExampleTemplate() {
	template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}}}}
	fmt.Println(check.Template(template, check.AtLeast(check.Broken)))
	// Output:
	// spec.containers[0].image: Required value (container web). Fix: name the image, with its tag [A image-missing]
}

// The path is that in the Deployment which carries the template.
func ExampleUnder() {
	template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}}}}
	fmt.Println(check.Template(template, check.Under("spec.template"), check.AtLeast(check.Broken))[0].Path)
	// Output:
	// spec.template.spec.containers[0].image
}

// A mount that isn't read-only may write, so nothing seems wrong, until somebody
// says that the container only reads.
func ExampleIntended() {
	pod := &corev1.Pod{Spec: corev1.PodSpec{
		Containers: []corev1.Container{{
			Name: "web", Image: "web:1.4",
			VolumeMounts: []corev1.VolumeMount{{Name: "feed", MountPath: "/feed"}},
		}},
		Volumes: []corev1.Volume{{Name: "feed", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
	}}
	intent := check.Intent{Flows: []check.Flow{{Container: "web", Volume: "feed", Writes: false}}}
	fmt.Println(len(check.Pod(pod, check.AtLeast(check.Broken))), "findings")
	fmt.Println(check.Pod(pod, check.AtLeast(check.Broken), check.Intended(intent)))
	// Output:
	// 0 findings
	// spec.containers[0].volumeMounts[0].name: Invalid value: "feed": the volume starts empty, and every container that mounts it only reads (container web). Fix: mount it, without readOnly, in a container that fills it [E reader-without-writer]
}

// In a StatefulSet a container mounts the claims that it makes, which its pod
// template doesn't have.
func ExampleClaims() {
	template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{
		Name: "db", Image: "db:16",
		VolumeMounts: []corev1.VolumeMount{{Name: "data", MountPath: "/var/lib/db"}},
	}}}}
	fmt.Println(check.Template(template, check.AtLeast(check.Broken)))
	fmt.Println(len(check.Template(template, check.AtLeast(check.Broken), check.Claims("data"))), "findings")
	// Output:
	// spec.containers[0].volumeMounts[0].name: Not found: "data" (container db). Fix: add the volume to spec.volumes, or correct the name [A mount-undeclared]
	// 0 findings
}

// What comes from several checks is put in the order of the paths.
func ExampleSort() {
	findings := check.Findings{
		{Rule: "image-missing", Path: "spec.containers[10].image"},
		{Rule: "port-name", Path: "spec.containers[9].ports[0].name"},
	}
	check.Sort(findings)
	fmt.Println(findings[0].Path)
	// Output:
	// spec.containers[9].ports[0].name
}

func ExampleFinding_Error() {
	fmt.Println(check.Finding{
		Rule: "image-missing", Level: check.Rejected,
		Type: field.ErrorTypeRequired, Path: "spec.containers[0].image",
		Fix: "name the image, with its tag", At: "main.go:12",
		Parties: []check.Party{{Container: "web"}},
	})
	// Output:
	// main.go:12: spec.containers[0].image: Required value (container web). Fix: name the image, with its tag [A image-missing]
}

// Programs that know the API server's errors find one in each finding.
func ExampleFinding_Unwrap() {
	findings := check.Pod(&corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}}}}, check.AtLeast(check.Broken))
	var refused *field.Error
	fmt.Println(errors.As(findings[0], &refused), refused.Type, refused.Field)
	// Output:
	// true Required value spec.containers[0].image
}

// Warnings let a pod pass.
func ExampleFindings_Err() {
	warning := check.Finding{Rule: "my-rule", Level: check.Warning, Detail: "nobody restarts it"}
	fmt.Println(check.Findings{warning}.Err())
	fmt.Println(check.Findings{warning, {Rule: "other-rule", Level: check.Broken, Detail: "it never starts"}}.Err())
	// Output:
	// <nil>
	// Invalid value: it never starts [E other-rule]
}

// What a validating webhook or a controller passes on.
func ExampleFindings_Errors() {
	findings := check.Pod(&corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}, {Name: "web"}}}})
	fmt.Println(findings.Errors().ToAggregate())
	// Output:
	// [spec.containers[0].image: Required value, spec.containers[1].image: Required value, spec.containers[1].name: Duplicate value: "web"]
}

func ExampleFindings_Warnings() {
	findings := check.Findings{{Rule: "my-rule", Level: check.Warning, Path: "spec.containers[0]", Detail: "nobody restarts it"}}
	fmt.Println(findings.Warnings())
	// Output:
	// [spec.containers[0]: nobody restarts it]
}

func ExampleFindings_String() {
	fmt.Println(check.Pod(&corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}, {Image: "web:1.4"}}}}, check.AtLeast(check.Rejected)))
	// Output:
	// spec.containers[0].image: Required value (container web). Fix: name the image, with its tag [A image-missing]
	// spec.containers[1].name: Required value. Fix: give it a name [A name-label]
}
