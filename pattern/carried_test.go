package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// settings is a ConfigMap that has data, and so is printed by whoever uses it.
func settings() pattern.ConfigMapBuilder {
	return pattern.ConfigMap("settings").Data("b", "2").Data("a", "old").Data("a", "1")
}

func TestAPodCarriesAConfigMapWithData(t *testing.T) {
	c, s := settings(), pattern.Secret("keys").Data("key", "value")
	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
		want []string
	}{
		{"as a volume", with(web().Mount(c.Volume("v"), "/v")), []string{"ConfigMap", "Pod"}},
		{"as a variable", with(web().EnvConfigMap("A", c, "a")), []string{"ConfigMap", "Pod"}},
		{"as all variables", with(web().EnvFrom(c)), []string{"ConfigMap", "Pod"}},
		{"as a prefix's variables", with(web().EnvFromPrefix("P_", c)), []string{"ConfigMap", "Pod"}},
		{"for the apps", with(web(), side("s").AppEnvFrom(c)), []string{"ConfigMap", "Pod"}},
		{"mounted in the apps", with(web(), side("s").AppReads(c.Volume("v"), "/v")), []string{"ConfigMap", "Pod"}},
		{"for the pod", with(web()).EnvFrom(c), []string{"ConfigMap", "Pod"}},
		{"in a projected volume", with(web().Mount(pattern.Projected("v", c, s), "/v")), []string{"ConfigMap", "Secret", "Pod"}},
		{"a Secret as a variable", with(web().EnvSecret("A", s, "key")), []string{"Secret", "Pod"}},
		{"a Secret for the apps", with(web(), side("s").AppEnvSecret("A", s, "key")), []string{"Secret", "Pod"}},
		{"declared, and not mounted", with(web()).WithVolume(s.Volume("v")), []string{"Secret", "Pod"}},
		{"once, by many", with(web().Mount(c.Volume("v"), "/v").EnvFrom(c), side("s").EnvConfigMap("A", c, "a")), []string{"ConfigMap", "Pod"}},
		{"once, made twice alike", with(web().Mount(settings().Volume("v"), "/v"), side("s").EnvFrom(settings())), []string{"ConfigMap", "Pod"}},
		{"not one without data", with(web().EnvFrom(pattern.ConfigMap("theirs"))), []string{"Pod"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			objects, err := tt.pod.Namespace("prod").Objects()
			require.NoError(t, err)
			require.ElementsMatch(t, tt.want, kinds(objects))
			require.Equal(t, "Pod", kinds(objects)[len(objects)-1], "what it needs comes first")
			for _, o := range objects {
				require.Equal(t, "prod", o.(metav1.Object).GetNamespace())
				if c, ok := o.(*corev1.ConfigMap); ok {
					require.Equal(t, map[string]string{"a": "1", "b": "2"}, c.Data)
				}
			}
		})
	}
}

func TestOneNameWithDifferentData(t *testing.T) {
	p := with(web().EnvFrom(settings()), side("s").EnvFrom(settings().Data("a", "other")))
	_, err := p.Objects()
	f := only(t, findingsOf(t, err), "object-clash")
	require.NotEmpty(t, f.At)
}

func TestObjectsCarryWhatSeveralNeedOnceAndBeforeTheFirst(t *testing.T) {
	c := settings()
	first, second := with(web().EnvFrom(c)), pattern.Pod("other").WithApp(web().EnvFrom(c))
	objects, err := pattern.Objects(pattern.Namespace("prod"), first.Deployment(1), second.Job())
	require.NoError(t, err)
	require.Equal(t, []string{"Namespace", "ConfigMap", "Deployment", "Job"}, kinds(objects))
	objects, err = pattern.Objects(first.Deployment(1), c, first.Deployment(1))
	require.NoError(t, err)
	require.Equal(t, []string{"ConfigMap", "Deployment"}, kinds(objects), "each once")
}

func TestANamespaceOfItsOwn(t *testing.T) {
	_, err := with(web().EnvFrom(settings().Namespace("shared"))).Namespace("prod").Objects()
	require.Equal(t, []string{"config-namespace"}, rules(findingsOf(t, err)), "a pod can't use what is in another namespace")
	objects, err := with(web().EnvFrom(settings().Namespace("shared"))).Objects()
	require.NoError(t, err)
	require.Equal(t, "shared", objects[0].(*corev1.ConfigMap).Namespace)
}

// A ConfigMap without a namespace that is printed by itself is the one that a pod
// with a namespace carries.
func TestAConfigMapMovesIntoThePodsNamespace(t *testing.T) {
	c := settings()
	for name, objects := range map[string][]pattern.Object{
		"before the pod": {c, with(web().EnvFrom(c)).Namespace("prod")},
		"after the pod":  {with(web().EnvFrom(c)).Namespace("prod"), c},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := pattern.Objects(objects...)
			require.NoError(t, err)
			require.Equal(t, []string{"ConfigMap", "Pod"}, kinds(out))
			require.Equal(t, "prod", out[0].(*corev1.ConfigMap).Namespace)
		})
	}
}

func TestASecretIsPrintedInClear(t *testing.T) {
	objects, err := pattern.Objects(pattern.Secret("keys").Data("key", "value"))
	require.NoError(t, err)
	s := objects[0].(*corev1.Secret)
	require.Equal(t, map[string]string{"key": "value"}, s.StringData)
	require.Empty(t, s.Data)
}

func TestNamespaceEnforcesALevel(t *testing.T) {
	n, err := pattern.Namespace("prod").Label("team", "shop").Enforce(pattern.Restricted).Build()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"team": "shop", "pod-security.kubernetes.io/enforce": "restricted"}, n.Labels)
	edited, err := pattern.Namespace("prod").Edit(func(n *corev1.Namespace) { n.Annotations = map[string]string{"a": "b"} }).Build()
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "b"}, edited.Annotations)
}

func TestTwoRawObjectsOfOneName(t *testing.T) {
	object := func(kind, name, value string) pattern.Object {
		meta, data := metav1.ObjectMeta{Name: name}, map[string]string{"k": value}
		if kind == "Secret" {
			return pattern.Raw(&corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: kind}, ObjectMeta: meta, StringData: data})
		}
		return pattern.Raw(&corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: kind}, ObjectMeta: meta, Data: data})
	}
	objects, err := pattern.Objects(object("ConfigMap", "a", "1"), object("Secret", "a", "1"), object("ConfigMap", "b", "1"), object("ConfigMap", "a", "1"))
	require.NoError(t, err)
	require.Equal(t, []string{"ConfigMap", "Secret", "ConfigMap"}, kinds(objects))
	_, err = pattern.Objects(object("ConfigMap", "a", "1"), object("ConfigMap", "a", "2"))
	only(t, findingsOf(t, err), "object-clash")
}

// What is in a namespace can be applied only when that is there.
func TestANamespaceStandsBeforeItsFirstUser(t *testing.T) {
	objects, err := pattern.Objects(pattern.Pod("other").WithApp(web()), with(web()).Namespace("prod"), pattern.Namespace("spare"), pattern.Namespace("prod"))
	require.NoError(t, err)
	require.Equal(t, []string{"Pod", "Namespace", "Pod", "Namespace"}, kinds(objects))
	require.Equal(t, "prod", objects[1].(*corev1.Namespace).Name)
}
