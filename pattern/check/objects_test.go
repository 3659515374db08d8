package check_test

import (
	"encoding/json"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Each kind has its pod template somewhere else.
func TestWherePodsStandInEachKind(t *testing.T) {
	template := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web"}}}}
	meta := metav1.ObjectMeta{Name: "web", Namespace: "prod"}
	for _, tt := range []struct {
		kind   string
		object runtime.Object
		path   string
	}{
		{"Pod", &corev1.Pod{ObjectMeta: meta, Spec: template.Spec}, "spec"},
		{"Deployment", &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template}}, "spec.template.spec"},
		{"ReplicaSet", &appsv1.ReplicaSet{ObjectMeta: meta, Spec: appsv1.ReplicaSetSpec{Template: template}}, "spec.template.spec"},
		{"StatefulSet", &appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Template: template}}, "spec.template.spec"},
		{"DaemonSet", &appsv1.DaemonSet{ObjectMeta: meta, Spec: appsv1.DaemonSetSpec{Template: template}}, "spec.template.spec"},
		{"Job", &batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: template}}, "spec.template.spec"},
		{"CronJob", &batchv1.CronJob{ObjectMeta: meta, Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template}}}}, "spec.jobTemplate.spec.template.spec"},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			want := tt.object.DeepCopyObject()
			found := of(check.Objects([]runtime.Object{tt.object}), "image-missing")
			require.Equal(t, want, tt.object, "a check must not write to the object")
			require.Len(t, found, 1)
			require.Equal(t, tt.kind+"/prod/web", found[0].Object)
			require.Equal(t, tt.path+".containers[0].image", found[0].Path)
			require.Equal(t, found[0].Path, found[0].Parties[0].Path)

			raw, err := json.Marshal(tt.object)
			require.NoError(t, err)
			var typed map[string]any
			require.NoError(t, json.Unmarshal(raw, &typed))
			typed["kind"], typed["apiVersion"] = tt.kind, map[string]string{"Pod": "v1", "Job": "batch/v1", "CronJob": "batch/v1"}[tt.kind]
			if typed["apiVersion"] == "" {
				typed["apiVersion"] = "apps/v1"
			}
			raw, err = json.Marshal(typed)
			require.NoError(t, err)
			list := &corev1.List{Items: []runtime.RawExtension{{Raw: raw}, {Object: tt.object}}}
			require.Len(t, of(check.Objects([]runtime.Object{list}), "image-missing"), 2, "in a List, typed or not")
		})
	}
}

func TestNothingToCheck(t *testing.T) {
	require.Empty(t, check.Objects(nil))
	require.Empty(t, check.Objects([]runtime.Object{nil, (*corev1.Pod)(nil), (*appsv1.Deployment)(nil), (*appsv1.ReplicaSet)(nil), (*appsv1.StatefulSet)(nil), (*appsv1.DaemonSet)(nil),
		(*batchv1.Job)(nil), (*batchv1.CronJob)(nil), (*corev1.List)(nil), (*corev1.Service)(nil), (*corev1.ConfigMap)(nil), (*corev1.PersistentVolumeClaim)(nil),
		(*autoscalingv1.HorizontalPodAutoscaler)(nil), (*autoscalingv2.HorizontalPodAutoscaler)(nil), &corev1.Secret{}}, nil))
}

func TestAnItemThatCannotBeRead(t *testing.T) {
	list := &corev1.List{Items: []runtime.RawExtension{{Raw: []byte(`{"kind":"Pod","apiVersion":"v1","spec":{"containerz":[]}}`)}, {Raw: []byte("[")}, {}}}
	found := check.Objects([]runtime.Object{list})
	require.Len(t, found, 3)
	require.Equal(t, "items[0]", found[0].Path)
	require.Contains(t, found[0].Detail, `unknown field "containerz"`)
	require.Equal(t, check.Broken, found[0].Level)
}

func TestTheClaimsOfAStatefulSetAreItsVolumes(t *testing.T) {
	set := &appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{
		VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{ObjectMeta: metav1.ObjectMeta{Name: "data"}}},
		Template:             corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "db", VolumeMounts: []corev1.VolumeMount{mount("data", "/d"), mount("more", "/m")}}}}},
	}}
	found := of(check.Objects([]runtime.Object{set}), "mount-undeclared")
	require.Len(t, found, 1)
	require.Equal(t, "spec.template.spec.containers[0].volumeMounts[1].name", found[0].Path)
}

func TestOptionsThatMeanNothingAreFindings(t *testing.T) {
	for name, opt := range map[string]check.Option{
		"no version": check.Target("soon"),
		"no reason":  check.Allow("image-tag", ""),
		"no rule":    check.Allow("image-tags", "because"),
		"no level":   check.AtLeast("X"),
	} {
		t.Run(name, func(t *testing.T) {
			require.Len(t, of(check.Pod(goodPod(), opt), "input"), 1)
			require.Len(t, of(check.Template(&corev1.PodTemplateSpec{}, opt), "input"), 1)
			require.Len(t, of(check.Pod(goodPod(), check.AtLeast(check.Rejected), opt), "input"), 1, "at any level")
			found := check.Objects([]runtime.Object{goodPod(), goodPod()}, opt)
			require.Len(t, of(found, "input"), 1, "once, not for each object")
			require.NotEmpty(t, of(found, "input")[0].Fix)
		})
	}
}

func TestAllow(t *testing.T) {
	p := goodPod()
	webOf(p).Image, webOf(p).Ports, sideOf(p).Ports = "", []corev1.ContainerPort{port("", 80)}, []corev1.ContainerPort{port("", 80)}
	require.Len(t, of(check.Pod(p), "port-clash-pod"), 1)
	require.Empty(t, of(check.Pod(p, check.Allow("port-clash-pod", "they take turns")), "port-clash-pod"))
	require.Len(t, of(check.Pod(p, check.Allow("image-missing", "an admission webhook sets it")), "image-missing"), 1, "what the API server rejects can't be allowed")
	opt := check.Allow("port-clash-pod", "they take turns")
	require.Equal(t, check.Pod(p, opt), check.Pod(p, opt), "an option may be used again")
}

func TestAtLeast(t *testing.T) {
	p := goodPod()
	webOf(p).Image, webOf(p).Ports, sideOf(p).Ports = "", []corev1.ContainerPort{port("", 80)}, []corev1.ContainerPort{port("", 80)}
	require.Equal(t, []string{"image-missing"}, ids(check.Pod(p, check.AtLeast(check.Rejected))))
	require.Equal(t, []string{"image-missing", "port-clash-pod"}, ids(check.Pod(p, check.AtLeast(check.Broken))))
	require.Greater(t, len(check.Pod(p, check.AtLeast(check.Warning))), 2)
	require.Equal(t, check.Pod(p), check.Pod(p, check.AtLeast(check.Warning)))
}

func TestDecode(t *testing.T) {
	o, err := check.Decode([]byte("apiVersion: v1\nkind: Endpoints\n"))
	require.NoError(t, err)
	require.Nil(t, o, "no check knows the kind")
	for manifest, want := range map[string]string{
		"":                                   "has no kind and apiVersion",
		"[1]":                                "is no object",
		"apiVersion: v1":                     "has no kind and apiVersion",
		"a: b: c":                            "mapping values",
		"apiVersion: v1\nkind: Pod\nspek: 1": `unknown field "spek"`,
	} {
		_, err := check.Decode([]byte(manifest))
		require.ErrorContains(t, err, want, manifest)
	}
}

func TestAListInItself(t *testing.T) {
	list := &corev1.List{Items: make([]runtime.RawExtension, 2)}
	list.Items[0].Object, list.Items[1].Object = list, goodPod()
	require.NotEmpty(t, of(check.Objects([]runtime.Object{list}), "input"))
}
