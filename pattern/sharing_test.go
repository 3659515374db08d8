package pattern_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// scribble changes everything that can be reached from v, the room behind its
// slices too.
func scribble(v reflect.Value) {
	if q, ok := v.Interface().(resource.Quantity); ok && v.CanSet() {
		q.Add(resource.MustParse("77"))
		v.Set(reflect.ValueOf(q))
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Struct:
		for field, f := range v.Fields() {
			if field.IsExported() {
				scribble(f)
			}
		}
	case reflect.Slice:
		for i := range v.Cap() {
			scribble(v.Slice(0, v.Cap()).Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, reflect.Zero(v.Type().Elem()))
		}
	case reflect.String:
		v.SetString(v.String() + "!")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() ^ 1) // which leaves an IntOrString one of the two
	}
}

func TestScribbleReachesEverything(t *testing.T) {
	pod := corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"a": "b"}},
		Spec: corev1.PodSpec{
			Containers: append(make([]corev1.Container, 0, 2), corev1.Container{Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1")}}}),
			Volumes:    []corev1.Volume{{VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: new(resource.MustParse("1Gi"))}}}},
		},
	}
	scribble(reflect.ValueOf(&pod))
	require.Equal(t, map[string]string{"a": ""}, pod.Labels)
	require.True(t, pod.Spec.Containers[0].TTY)
	require.True(t, pod.Spec.Containers[:2][1].TTY)
	require.Zero(t, pod.Spec.Containers[0].Resources.Limits.Cpu().Value())
	require.NotEqual(t, "1Gi", pod.Spec.Volumes[0].EmptyDir.SizeLimit.String())
	require.Equal(t, "!", pod.Spec.Volumes[0].Name)
}

// A build that is changed must not change the builder, nor another build.
func TestABuildSharesNothingWithAnother(t *testing.T) {
	share := func(name string, o pattern.Object) {
		t.Run(name, func(t *testing.T) {
			first, err := pattern.Objects(o)
			require.NoError(t, err)
			want, err := json.Marshal(first)
			require.NoError(t, err)
			second, err := pattern.Objects(o)
			require.NoError(t, err)
			for _, x := range first {
				scribble(reflect.ValueOf(x))
			}
			changed, err := json.Marshal(first)
			require.NoError(t, err)
			require.NotEqual(t, string(want), string(changed))
			third, err := pattern.Objects(o)
			require.NoError(t, err)
			for _, objects := range [][]runtime.Object{second, third} {
				got, err := json.Marshal(objects)
				require.NoError(t, err)
				require.Equal(t, string(want), string(got))
			}
		})
	}
	for seed := range int64(50) {
		share(fmt.Sprint("random pod ", seed), newGenerator(seed).pod())
	}
	p := newGenerator(11).pod().Label("app", "random").RestartPolicy("OnFailure").
		WithApp(pattern.App("served", "app:1").Port("served", 9999).Dials("10.0.0.1", 80).Writes(pattern.Ephemeral("e", "1Gi").StorageClass("fast"), "/e"))
	always := p.RestartPolicy("Always")
	share("Deployment", always.Deployment(2))
	share("StatefulSet", always.WithApp(pattern.App("claims", "app:1").Writes(pattern.ClaimTemplate("data", "1Gi").StorageClass("fast").AccessModes("ReadWriteMany"), "/data")).StatefulSet(2).ServiceName("s"))
	share("DaemonSet", always.DaemonSet())
	share("Job", p.Job().BackoffLimit(3).Completions(2, 1).TTLSecondsAfterFinished(60))
	share("CronJob", p.CronJob("@daily").TimeZone("Europe/Berlin").ConcurrencyPolicy(batchv1.ForbidConcurrent))
	share("Service", p.Service().Port("a", 1, 2).PortTo("b", 3, "served"))
	share("NetworkPolicy", p.NetworkPolicy())
	share("Namespace", pattern.Namespace("prod").Enforce(pattern.Restricted).Label("a", "b"))
	share("ConfigMap", pattern.ConfigMap("c").Data("a", "b"))
	share("Secret", pattern.Secret("s").Data("a", "b"))
	share("Raw", pattern.Raw(&corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "raw"}, Data: map[string]string{"a": "b"}}))
}

// Two objects of one call must not share either, such as a Deployment and the
// Service in front of it.
func TestObjectsOfOneCallShareNothing(t *testing.T) {
	p := newGenerator(5).pod().WithApp(pattern.App("served", "app:1").Port("served", 9999))
	objects, err := pattern.Objects(p.Deployment(1), p.DaemonSet(), p.Service(), p.NetworkPolicy())
	require.NoError(t, err)
	for i, o := range objects {
		var want []string
		for _, other := range objects[i+1:] {
			text, err := json.Marshal(other)
			require.NoError(t, err)
			want = append(want, string(text))
		}
		scribble(reflect.ValueOf(o))
		for k, other := range objects[i+1:] {
			text, err := json.Marshal(other)
			require.NoError(t, err)
			require.Equal(t, want[k], string(text), "%T changed %T", o, other)
		}
	}
}

// What a caller does with the slices, maps and pointers that it passed in must
// not matter afterwards.
func TestABuilderSharesNothingWithItsCaller(t *testing.T) {
	number, yes := int64(7), true
	labels := func() map[string]string { return map[string]string{"a": "b"} }
	spread := func() corev1.TopologySpreadConstraint {
		return corev1.TopologySpreadConstraint{MaxSkew: 1, TopologyKey: "zone", WhenUnsatisfiable: corev1.DoNotSchedule, LabelSelector: &metav1.LabelSelector{MatchLabels: labels()}}
	}
	tests := []struct {
		name string
		make func() (given any, object pattern.Object)
	}{
		{"Command and Args", func() (any, pattern.Object) {
			s := []string{"a", "b"}
			return s, with(web().Command(s...).Args(s...))
		}},
		{"Exec", func() (any, pattern.Object) {
			s := []string{"a", "b"}
			return s, with(web().ReadinessProbe(pattern.Exec(s...)).PreStop(pattern.Exec(s...)))
		}},
		{"Ports", func() (any, pattern.Object) {
			s := []int{1, 2}
			return s, with(web().Ports(s...))
		}},
		{"ContainerPort", func() (any, pattern.Object) {
			v := &corev1.ContainerPort{ContainerPort: 80, HostIP: "10.0.0.1"}
			return v, with(web().ContainerPort(*v))
		}},
		{"EnvFrom", func() (any, pattern.Object) {
			s := []pattern.EnvSource{pattern.Secret("a"), pattern.Secret("b")}
			return &s, with(web().EnvFrom(s...))
		}},
		{"capabilities", func() (any, pattern.Object) {
			s := []corev1.Capability{"A", "B"}
			return s, with(web().AddCapabilities(s...).DropCapabilities(s...))
		}},
		{"SecurityContext", func() (any, pattern.Object) {
			v := corev1.SecurityContext{RunAsUser: new(number), Privileged: new(yes), Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"A"}}}
			return &v, with(web().SecurityContext(v))
		}},
		{"RestartRules", func() (any, pattern.Object) {
			codes := []int32{1, 2}
			r := []corev1.ContainerRestartRule{pattern.RestartOn(codes...)}
			return []any{&codes, &r}, with(web().RestartPolicy("Always").RestartRules(r...))
		}},
		{"NeedsAPI", func() (any, pattern.Object) {
			r := []rbacv1.PolicyRule{{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"pods"}}}
			return r, with(web().NeedsAPI(r...))
		}},
		{"For, Before and After", func() (any, pattern.Object) {
			s := []string{"web"}
			return s, with(web(), side("s").For(s...).Before(s...).AppEnv("A", "b")).WithInit(setup("i").Before(s...))
		}},
		{"HostAlias", func() (any, pattern.Object) {
			s := []string{"a", "b"}
			return s, with(web(), side("s").HostAlias("10.0.0.1", s...)).HostAlias("10.0.0.2", s...)
		}},
		{"Brings", func() (any, pattern.Object) {
			s := []pattern.Helper{setup("a"), setup("b")}
			return &s, with(web().Brings(s...))
		}},
		{"WithApp", func() (any, pattern.Object) {
			s := []pattern.AppContainer{web(), pattern.App("b", "b:1")}
			return &s, pattern.Pod("p").WithApp(s...)
		}},
		{"WithVolume", func() (any, pattern.Object) {
			s := []pattern.Volume{pattern.EmptyDir("a"), pattern.EmptyDir("b")}
			return &s, with(web()).WithVolume(s...)
		}},
		{"RawVolume", func() (any, pattern.Object) {
			v := corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{TargetPortal: "t", IQN: "iqn.2026-01.com.example:t", Portals: []string{"a"}, SecretRef: &corev1.LocalObjectReference{Name: "s"}}}}
			return &v, with(web().Mount(pattern.RawVolume(v), "/v"))
		}},
		{"CSI", func() (any, pattern.Object) {
			m := labels()
			return m, with(web().Mount(pattern.CSI("v", "d", m), "/v"))
		}},
		{"AccessModes", func() (any, pattern.Object) {
			s := []corev1.PersistentVolumeAccessMode{"ReadWriteMany"}
			return s, with(web().Mount(pattern.Ephemeral("v", "1Gi").AccessModes(s...), "/v"))
		}},
		{"Projected", func() (any, pattern.Object) {
			s := []pattern.Projection{pattern.Secret("a"), pattern.Secret("b")}
			return &s, with(web().Mount(pattern.Projected("v", s...), "/v"))
		}},
		{"DownwardAPI", func() (any, pattern.Object) {
			s := []pattern.FieldFile{pattern.PodField("a", "metadata.name")}
			return &s, with(web().Mount(pattern.DownwardAPI("v", s...), "/v"))
		}},
		{"Toleration", func() (any, pattern.Object) {
			s := []corev1.Toleration{{Key: "a", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(number)}}
			return s, with(web()).Toleration(s...)
		}},
		{"Affinity", func() (any, pattern.Object) {
			v := corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{TopologyKey: "a", LabelSelector: &metav1.LabelSelector{MatchLabels: labels()}}}}}
			return &v, with(web()).Affinity(v)
		}},
		{"TopologySpread", func() (any, pattern.Object) {
			s := []corev1.TopologySpreadConstraint{spread()}
			return s, with(web()).TopologySpread(s...)
		}},
		{"DNSConfig", func() (any, pattern.Object) {
			v := corev1.PodDNSConfig{Nameservers: []string{"10.0.0.1"}, Options: []corev1.PodDNSConfigOption{{Name: "a", Value: new("b")}}}
			return &v, with(web()).DNSConfig(v)
		}},
		{"pod's SecurityContext", func() (any, pattern.Object) {
			v := corev1.PodSecurityContext{RunAsUser: new(number), SupplementalGroups: []int64{1}}
			return &v, with(web()).SecurityContext(v)
		}},
		{"SupplementalGroups", func() (any, pattern.Object) {
			s := []int64{1, 2}
			return s, with(web()).SupplementalGroups(s...)
		}},
		{"pod's PullSecret", func() (any, pattern.Object) {
			s := []string{"a", "b"}
			return s, with(web()).PullSecret(s...)
		}},
		{"SelectorLabels", func() (any, pattern.Object) {
			s := []string{"a", "b"}
			return s, with(web()).Label("a", "1").Label("b", "1").SelectorLabels(s...).Deployment(1)
		}},
		{"pod's For", func() (any, pattern.Object) {
			s := []string{"web"}
			return s, with(web()).For(s...).Env("A", "b")
		}},
		{"Service", func() (any, pattern.Object) {
			s := []string{"web"}
			return s, with(web().Port("http", 80)).Service(s...)
		}},
		{"Raw", func() (any, pattern.Object) {
			v := &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "raw"}, Data: labels()}
			return v, pattern.Raw(v)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, untouched := tt.make()
			given, object := tt.make()
			change(reflect.ValueOf(given))
			require.Equal(t, built(untouched), built(object))
			_, err := pattern.Objects(object)
			require.NoError(t, err)
		})
	}
}

// change is scribble, and takes away the elements of a slice that holds values
// which it can't look into.
func change(v reflect.Value) {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Slice {
		scribble(addressable(v))
		return
	}
	for i := range v.Len() {
		switch e := v.Index(i); e.Kind() {
		case reflect.Interface:
			if e.Elem().Kind() == reflect.Pointer {
				change(e.Elem())
			}
			e.SetZero()
		case reflect.Struct:
			scribble(e)
			e.SetZero()
		default:
			scribble(e)
		}
	}
}

// addressable gives v itself where it can be changed; a map can always be.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v.Addr()
	}
	return v
}
