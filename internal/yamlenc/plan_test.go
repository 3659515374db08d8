package yamlenc

import (
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Of what the kinds are made of only what is JSON in itself, and a duration, goes over
// encoding/json.
func TestTheKindsHavePlans(t *testing.T) {
	itself := []reflect.Type{reflect.TypeFor[metav1.FieldsV1](), reflect.TypeFor[metav1.Duration]()}
	for _, of := range structs(t) {
		require.NotNil(t, planOf(of, true).fields(), of)
		for i := range of.NumField() {
			f := of.Field(i).Type
			for f.Kind() == reflect.Pointer || f.Kind() == reflect.Slice || f.Kind() == reflect.Map {
				f = f.Elem()
			}
			if planOf(f, true).foreign {
				require.Contains(t, itself, f, "%s.%s", of, of.Field(i).Name)
			}
		}
	}
}

// An object may be printed by many at once: nobody writes to it, and all make the plans.
func TestOneObjectIsPrintedByMany(t *testing.T) {
	object := newFiller(3).object(reflect.TypeFor[corev1.Pod]()).(*corev1.Pod)
	// A quantity that doesn't know its text, by value and by address.
	size := resource.NewQuantity(1<<30, resource.BinarySI)
	object.Spec.Overhead = corev1.ResourceList{"memory": *size}
	object.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: size}}}}
	want, _, err := viaJSON(object.DeepCopy())
	require.NoError(t, err)
	plans.Clear()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				text, err := AppendYAML(nil, object)
				if err != nil || string(text) != string(want) {
					t.Errorf("%v: %s", err, text)
				}
				if _, err := AppendJSON(nil, object); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// The room of the text before is enough for the next one: a stream of many objects takes
// no more than the longest.
func TestTheRoomIsUsedAgain(t *testing.T) {
	object := newFiller(3).object(reflect.TypeFor[corev1.Pod]())
	text, err := AppendYAML(nil, object)
	require.NoError(t, err)
	again, err := AppendYAML(text[:0], object)
	require.NoError(t, err)
	require.Same(t, &text[0], &again[0])
}
