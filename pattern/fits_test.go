package pattern_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// fitting is a helper without a fault.
func fitting(name string) pattern.SidecarContainer {
	return pattern.Sidecar(name, "helper:1").Requests("10m", "16Mi").Limits("", "32Mi").Restricted().RunAsUser(10001)
}

// deployed is a pod template in a Deployment, with a change.
func deployed(change func(*corev1.PodTemplateSpec)) *appsv1.Deployment {
	d := somebodys()
	change(&d.Spec.Template)
	return d
}

// What a bundle can't have beside what is there is a finding, and changes nothing.
func TestWhatDoesNotFit(t *testing.T) {
	guaranteed := corev1.ResourceRequirements{Limits: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("1"), corev1.ResourceMemory: resource.MustParse("1Gi")}}
	logs := pattern.EmptyDir("logs")
	other := pattern.Bundle("other", fitting("theirs").Port("http", 9000).AppEnv("LEVEL", "debug").PodLabel("tier", "back").FSGroup(1).Writes(logs, "/out").AppReads(logs, "/logs"))
	withOther := deployed(func(pod *corev1.PodTemplateSpec) { require.NoError(t, other.ApplyTo(pod)) })
	endless := pattern.Bundle("other", fitting("theirs").Classic()).Allow("job-classic-sidecar", "it is told to end")
	jobWithOther := &batchv1.Job{Spec: batchv1.JobSpec{Template: deployed(func(pod *corev1.PodTemplateSpec) {
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		require.NoError(t, endless.ApplyTo(pod))
	}).Spec.Template}}
	guaranteedBesideOther := deployed(func(pod *corev1.PodTemplateSpec) {
		for _, name := range []string{"shop", "cart", "till"} {
			pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: name, Image: name + ":1", Resources: guaranteed})
		}
		pod.Spec.Containers = pod.Spec.Containers[1:]
		require.NoError(t, pattern.Bundle("other", fitting("theirs").Classic()).ApplyTo(pod))
	})
	for _, tt := range []struct {
		reason string
		object runtime.Object
		helper pattern.Helper
		want   string // a part of the finding's text; "": it fits
	}{
		{"the name of an app", somebodys(), fitting("shop"), "Duplicate value: \"shop\": the pod has a container of this name"},
		{"the name of an app, as a regular container", somebodys(), fitting("shop").Classic(), "[A container-name-dup]"},
		{"the name of an init container", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.InitContainers = []corev1.Container{{Name: "setup", Image: "setup:1"}}
		}), fitting("setup").Classic(), "the pod has a container of this name"},
		{"a volume with another source", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.Volumes = []corev1.Volume{{Name: "logs", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/logs"}}}}
		}), fitting("a").Writes(logs, "/logs"), "different sources"},
		{"a volume with the same source, as the API server stores it", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.Volumes = []corev1.Volume{{Name: "logs", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
		}), fitting("a").Writes(logs, "/logs").AppReads(logs, "/logs"), ""},
		{"a private volume's name", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.Volumes = []corev1.Volume{{Name: "a-tmp", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: new(resource.MustParse("1Mi"))}}}}
		}), fitting("a").Scratch("/tmp", "1Mi"), "private"},
		{"the name of a claim template", &appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{Template: somebodys().Spec.Template, VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{ObjectMeta: metav1.ObjectMeta{Name: "logs"}}}}},
			fitting("a").Writes(logs, "/logs").AppReads(logs, "/logs"), "claim template of this name"},
		{"a folder that is taken, in another spelling", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.Volumes = []corev1.Volume{{Name: "cache", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
			t.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "cache", MountPath: "/var//logs/"}}
		}), fitting("a").Writes(logs, "/logs").AppReads(logs, "/var/logs"), "container shop mounts cache there"},
		{"a port", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 9000}}
		}), fitting("a").Port("http", 9000), "[E port-clash-pod]"},
		{"a port that may move never meets one", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 9000}}
		}), fitting("a").Port("http", 9000).MovePorts(), ""},
		{"a variable of the app wins", deployed(func(t *corev1.PodTemplateSpec) {}), fitting("a").AppEnv("MODE", "slow"), ""},
		{"the network of the node", deployed(func(t *corev1.PodTemplateSpec) { t.Spec.HostNetwork = true }), fitting("a").Port("http", 9000), "[E bundle-host-network]"},
		{"the network of the node, without a port", deployed(func(t *corev1.PodTemplateSpec) { t.Spec.HostNetwork = true }), fitting("a"), ""},
		{"Windows", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.OS = &corev1.PodOS{Name: corev1.Windows}
		}), pattern.Sidecar("a", "a:1"), "[E bundle-windows]"},
		{"Windows, by the nodes", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.NodeSelector = map[string]string{"kubernetes.io/os": "windows"}
		}), fitting("a"), "[E bundle-windows]"},
		{"root where root is refused", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(true)}
		}), fitting("a").RunAsUser(0), "[E bundle-root]"},
		{"a pod that would be Guaranteed", deployed(func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].Resources = guaranteed }), fitting("a"), "[W qos-broken]"},
		{"a Job with a regular container that never ends", &batchv1.Job{Spec: batchv1.JobSpec{Template: deployed(func(t *corev1.PodTemplateSpec) { t.Spec.RestartPolicy = corev1.RestartPolicyNever }).Spec.Template}},
			fitting("a").Classic(), "keeps the Job from completing"},
		{"a pod of a Job", &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", OwnerReferences: []metav1.OwnerReference{{APIVersion: "batch/v1", Kind: "Job", Name: "j", UID: "1"}}},
			Spec: deployed(func(t *corev1.PodTemplateSpec) { t.Spec.RestartPolicy = corev1.RestartPolicyNever }).Spec.Template.Spec}, fitting("a").Classic(), "keeps the Job from completing"},
		{"a claim, which only a StatefulSet makes", somebodys(), fitting("a").Writes(pattern.ClaimTemplate("data", "1Gi"), "/data"), "[A claim-template]"},
		{"an unknown container", somebodys(), fitting("a").For("web").AppEnv("A", "b"), "[E wiring-target]"},
		{"after a container of the pod", deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.InitContainers = []corev1.Container{{Name: "setup", Image: "setup:1"}}
		}), fitting("a").After("setup"), "starts before those of the pod"},

		{"another bundle's container", withOther, fitting("theirs"), "containers of bundle other and of bundle mine have one name"},
		{"another bundle's variable", withOther, fitting("a").AppEnv("LEVEL", "info"), "bundle other has another value here, and bundle mine wants its own"},
		{"another bundle's variable, the same", withOther, fitting("a").AppEnv("LEVEL", "debug"), ""},
		{"another bundle's label", withOther, fitting("a").PodLabel("tier", "front"), "[A bundle-clash]"},
		{"another bundle's group", withOther, fitting("a").FSGroup(2), "[A bundle-clash]"},
		{"another bundle's volume", withOther, fitting("a").Writes(logs.SizeLimit("1Gi"), "/logs").AppReads(logs.SizeLimit("1Gi"), "/logs"), "[A bundle-clash]"},
		{"another bundle's volume, the same", withOther, fitting("a").Writes(logs, "/logs").AppReads(logs, "/logs"), ""},
		{"another bundle's folder", withOther, fitting("a").Writes(pattern.EmptyDir("b"), "/b").AppReads(pattern.EmptyDir("b"), "/logs"), "[A bundle-clash]"},
		{"another bundle's port", withOther, fitting("a").Port("http", 9000), "[E port-clash-pod]"},
		{"another bundle's helper is no app that keeps the pod from being Guaranteed", guaranteedBesideOther, fitting("a"), "[W qos-broken]"},
		{"another bundle's endless container of a Job, for which that one answers", jobWithOther, fitting("a"), ""},
		{"another bundle's helper is no app", withOther, fitting("a").For("theirs").AppEnv("A", "b"), "[E wiring-target]"},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			b := pattern.Bundle("mine", tt.helper)
			before := tt.object.DeepCopyObject()
			after := tt.object.DeepCopyObject()
			err := b.ApplyToObject(after)
			patch, patchErr := b.JSONPatch(rawOf(t, tt.object))
			require.Equal(t, err == nil, patch != nil)
			require.Equal(t, fmt.Sprint(err), fmt.Sprint(patchErr), "in JSON it is the same")
			switch level := check.Warning; {
			case tt.want == "":
				require.NoError(t, err)
				require.NotEqual(t, before, after)
			case err == nil:
				d, is := tt.object.(*appsv1.Deployment)
				require.True(t, is, "no error: want %s", tt.want)
				require.Contains(t, b.Findings(&d.Spec.Template).String(), tt.want)
				require.Contains(t, tt.want, "["+string(level))
			default:
				require.ErrorContains(t, err, tt.want)
				require.Equal(t, before, after, "an error changes nothing")
			}
		})
	}
}

// A helper with the name of an app is one mistake: the app is not taken for the helper, of
// which more would be wrong.
func TestANamesakeIsOneMistake(t *testing.T) {
	for reason, helper := range map[string]pattern.Helper{
		"an endless container of a Job": fitting("shop").Classic(),
		"a port that it has itself":     fitting("shop").Port("http", 9000),
	} {
		d := deployed(func(t *corev1.PodTemplateSpec) {
			t.Spec.RestartPolicy = corev1.RestartPolicyNever
			t.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 9000}}
		})
		found := pattern.Bundle("mine", helper).Findings(&d.Spec.Template)
		require.Len(t, found, 1, "%s: %v", reason, found)
		require.Equal(t, "container-name-dup", found[0].Rule, reason)
	}
}

// What the pod has stays: its variables are not doubled, pull secrets come once, and kubectl
// goes on to take the app.
func TestWhatThePodHasStays(t *testing.T) {
	d := deployed(func(t *corev1.PodTemplateSpec) {
		t.Labels["team"] = "shop"
		t.Spec.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "registry"}}
		t.Spec.SecurityContext = &corev1.PodSecurityContext{FSGroup: new(int64(7))}
		t.Spec.Containers[0].Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 1}}}
		t.Spec.Containers[0].Ports = []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}}
	})
	helper := fitting("a").Classic().AppEnv("MODE", "slow").AppEnv("NEW", "yes").PodLabel("team", "infra").PullSecret("registry").PullSecret("more").FSGroup(8).
		Port("http", 9000).Fronts("http", 8080).PreStop(pattern.Sleep(5))
	require.NoError(t, pattern.Bundle("mine", helper).ApplyToObject(d))
	spec := d.Spec.Template.Spec
	require.Equal(t, []corev1.EnvVar{{Name: "NEW", Value: "yes"}, {Name: "MODE", Value: "fast"}}, spec.Containers[0].Env)
	require.Equal(t, []corev1.LocalObjectReference{{Name: "registry"}, {Name: "more"}}, spec.ImagePullSecrets)
	require.Equal(t, "shop", d.Spec.Template.Labels["team"])
	require.Equal(t, int64(7), *spec.SecurityContext.FSGroup)
	require.Equal(t, int64(1), spec.Containers[0].Lifecycle.PreStop.Sleep.Seconds)
	require.Equal(t, "shop", spec.Containers[0].Name, "kubectl takes the first container")
	require.NotContains(t, d.Spec.Template.Annotations, "kubectl.kubernetes.io/default-container")
}

// The cluster autoscaler doesn't move a pod with a volume on the node, unless the pod says so.
func TestSafeToEvict(t *testing.T) {
	const list = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
	b := pattern.Bundle("mine", fitting("a").Scratch("/tmp", "1Mi").Mount(pattern.SharedMemory("1Mi"), "/dev/shm"))
	for volumes, want := range map[string]bool{"": false, "cache": true, "cache,a-tmp": false} {
		d := deployed(func(t *corev1.PodTemplateSpec) {
			if volumes != "" {
				t.Annotations = map[string]string{list: volumes}
			}
		})
		found := b.Findings(&d.Spec.Template)
		require.Equal(t, want, slices.Contains(rules(found), "bundle-safe-to-evict"), "%s: %v", volumes, found)
		require.NoError(t, found.Err())
	}
}
