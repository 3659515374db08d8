package yamlenc

import (
	"flag"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	eventsv1 "k8s.io/api/events/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	resourcev1 "k8s.io/api/resource/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

var objects = flag.Int("objects", 12, "how many random objects of each type are printed")

// kinds are the objects of the stable groups of k8s.io/api.
func kinds(t testing.TB) []reflect.Type {
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		admissionv1.AddToScheme, admissionregistrationv1.AddToScheme, appsv1.AddToScheme, authenticationv1.AddToScheme,
		authorizationv1.AddToScheme, autoscalingv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme,
		certificatesv1.AddToScheme, coordinationv1.AddToScheme, corev1.AddToScheme, discoveryv1.AddToScheme,
		eventsv1.AddToScheme, networkingv1.AddToScheme, nodev1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme,
		resourcev1.AddToScheme, schedulingv1.AddToScheme, storagev1.AddToScheme,
	} {
		require.NoError(t, add(s))
	}
	var all []reflect.Type
	for _, of := range s.AllKnownTypes() {
		if strings.HasPrefix(of.PkgPath(), "k8s.io/api/") && !slices.Contains(all, of) {
			all = append(all, of)
		}
	}
	slices.SortFunc(all, func(a, b reflect.Type) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// structs are the types that the kinds are made of, and the kinds.
func structs(t testing.TB) []reflect.Type {
	var all []reflect.Type
	var add func(reflect.Type)
	add = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			add(of.Elem())
		case reflect.Struct:
			if slices.Contains(all, of) || knownTypes(of, true) != nil || saysItself(of) {
				return
			}
			all = append(all, of)
			for i := range of.NumField() {
				add(of.Field(i).Type)
			}
		}
	}
	for _, kind := range kinds(t) {
		add(kind)
	}
	return all
}

// Every type has the bytes of the long way, whatever it holds, and each field is filled in
// one object at least.
func TestRandomObjects(t *testing.T) {
	all := structs(t)
	for _, of := range all {
		filled := make(map[int]bool)
		for seed := range *objects {
			f := newFiller(uint64(seed))
			f.filled = func(inner reflect.Type, at int) {
				if inner == of {
					filled[at] = true
				}
			}
			o := f.object(of)
			requireSame(t, o)
		}
		require.Len(t, filled, of.NumField(), "all fields of %s", of)
	}
	t.Logf("%d types, %d objects", len(all), len(all)**objects)
}

// What is printed is read back as what it was.
func TestObjectsReadBack(t *testing.T) {
	for _, kind := range kinds(t) {
		for seed := range *objects {
			f := newFiller(uint64(seed))
			f.plain = true
			o := f.object(kind)
			text, err := AppendYAML(nil, o)
			require.NoError(t, err)
			back := reflect.New(kind).Interface()
			require.NoError(t, yaml.UnmarshalStrict(text, back), "%s", text)
			want, err := AppendJSON(nil, o)
			require.NoError(t, err)
			got, err := AppendJSON(nil, back)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		}
	}
}
