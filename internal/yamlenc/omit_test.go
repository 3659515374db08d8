package yamlenc

import (
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	resourcev1 "k8s.io/api/resource/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// What is left out is a matter of a field's type, not of a key's name.
func TestWhatIsLeftOut(t *testing.T) {
	zero := intstr.FromInt32(0)
	for _, tt := range []struct {
		why  string
		of   any
		want string
	}{
		{"a status without news", &corev1.Service{Spec: corev1.ServiceSpec{ClusterIP: "None"}}, "spec:\n  clusterIP: None\n"},
		{"an empty spec", &corev1.Service{}, "{}\n"},
		{"counts of 0 are no news", &appsv1.DaemonSet{Spec: appsv1.DaemonSetSpec{MinReadySeconds: 1}}, "spec:\n  minReadySeconds: 1\n  selector: null\n  template:\n    spec:\n      containers: null\n"},
		{"a count is news", &appsv1.Deployment{Status: appsv1.DeploymentStatus{Replicas: 1}}, "spec:\n  selector: null\n  template:\n    spec:\n      containers: null\nstatus:\n  replicas: 1\n"},
		{"a text is news", &corev1.Namespace{Status: corev1.NamespaceStatus{Phase: corev1.NamespaceActive}}, "status:\n  phase: Active\n"},
		{"a strategy that asks for 0 says something", &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Strategy: appsv1.DeploymentStrategy{RollingUpdate: &appsv1.RollingUpdateDeployment{MaxUnavailable: &zero}}}}, "spec:\n  selector: null\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 0\n  template:\n    spec:\n      containers: null\n"},
		{"one that asks for nothing doesn't", &appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{UpdateStrategy: appsv1.StatefulSetUpdateStrategy{RollingUpdate: &appsv1.RollingUpdateStatefulSetStrategy{}}}}, "spec:\n  selector: null\n  serviceName: \"\"\n  template:\n    spec:\n      containers: null\n"},
		{"a divisor of 0", &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "a", Env: []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: "limits.cpu"}}}}}}}}, "spec:\n  containers:\n  - env:\n    - name: A\n      valueFrom:\n        resourceFieldRef:\n          resource: limits.cpu\n    name: a\n"},
		{"a divisor", &corev1.ResourceFieldSelector{Resource: "r", Divisor: resource.MustParse("1")}, "divisor: \"1\"\nresource: r\n"},
		{"the keys of a map are the user's", &resourcev1.ResourceSlice{Spec: resourcev1.ResourceSliceSpec{Devices: []resourcev1.Device{{Name: "a", Attributes: map[resourcev1.QualifiedName]resourcev1.DeviceAttribute{"status": {}}}}}}, "spec:\n  devices:\n  - attributes:\n      status: {}\n    name: a\n  driver: \"\"\n  pool:\n    generation: 0\n    name: \"\"\n    resourceSliceCount: 0\n"},
		{"a text of JSON is left as it is", &resourcev1.OpaqueDeviceConfiguration{Driver: "d", Parameters: runtime.RawExtension{Raw: []byte(`{"status":{},"spec":{}}`)}}, "driver: d\nparameters:\n  spec: {}\n  status: {}\n"},
		{"an object in a list is printed as it is alone", &corev1.List{Items: []runtime.RawExtension{{Object: &corev1.Service{}}, {Object: &corev1.Namespace{TypeMeta: metav1.TypeMeta{Kind: "Namespace"}}}}}, "items:\n- {}\n- kind: Namespace\n"},
		{"a type of others", struct {
			Metadata metav1.ObjectMeta `json:"metadata"`
			Status   struct{}          `json:"status"`
		}{}, "metadata: {}\nstatus: {}\n"},
	} {
		text, err := AppendYAML(nil, tt.of)
		require.NoError(t, err)
		require.Equal(t, tt.want, string(text), tt.why)
	}
}
