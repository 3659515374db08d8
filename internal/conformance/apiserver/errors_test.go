package apiserver_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/apiserver"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func TestErrors(t *testing.T) {
	p := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "web:1", Ports: []corev1.ContainerPort{{ContainerPort: 80}}}}},
	}
	before := p.DeepCopy()
	errs, err := apiserver.Errors(p)
	require.NoError(t, err)
	require.Empty(t, errs, "what is left out has its default")
	require.Equal(t, before, p, "the object is a copy")

	p.Spec.Containers[0].Ports[0].ContainerPort = 70000
	p.Spec.Containers[0].Name = ""
	errs, err = apiserver.Errors(p)
	require.NoError(t, err)
	require.Len(t, errs, 2)
	require.Equal(t, field.ErrorTypeRequired, errs[0].Type)
	require.Equal(t, "spec.containers[0].name", errs[0].Field)
	require.Equal(t, "spec.containers[0].ports[0].containerPort", errs[1].Field)
	require.Equal(t, "must be between 1 and 65535, inclusive", errs[1].Detail)

	p.Kind = "Robot"
	_, err = apiserver.Errors(p)
	require.ErrorContains(t, err, "a kind that isn't judged")
}

// The account is default where a pod names none: admission says so, not
// validation.
func TestAccount(t *testing.T) {
	p := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "web", Image: "web:1"}},
			Volumes: []corev1.Volume{{Name: "token", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{
				Sources: []corev1.VolumeProjection{{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}}},
			}}}},
		},
	}
	errs, err := apiserver.Errors(p)
	require.NoError(t, err)
	require.Empty(t, errs)
}
