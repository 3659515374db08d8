package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// Objects of one name are variants of which one is applied, such as the overlays of
// one folder: only what is wrong with all of them is a finding.
func TestSeveralObjectsOfOneName(t *testing.T) {
	const (
		wants   = "kind: Pod\nspec: {containers: [{name: web, env: [{name: A, valueFrom: {configMapKeyRef: {name: web, key: a}}}]}]}"
		without = "kind: ConfigMap\ndata: {b: x}"
		with    = "kind: ConfigMap\ndata: {a: x}"
		binary  = "kind: ConfigMap\nbinaryData: {a: eA==}"
		other   = "kind: ConfigMap\nmetadata: {name: web, namespace: other}\ndata: {a: x}"

		password = "kind: Pod\nspec: {containers: [{name: web, env: [{name: A, valueFrom: {secretKeyRef: {name: web, key: a}}}]}]}"
		mounted  = "kind: Pod\nspec: {containers: [{name: web, volumeMounts: [{name: s, mountPath: /s}]}], volumes: [{name: s, secret: {secretName: web, items: [{key: a, path: a}]}}]}"
		unused   = "kind: Pod\nspec: {volumes: [{name: s, secret: {secretName: web, items: [{key: a, path: a}]}}]}"
		joined   = "kind: Pod\nspec: {containers: [{name: web, volumeMounts: [{name: s, mountPath: /s}]}], volumes: [{name: s, projected: {sources: [{configMap: {name: web, items: [{key: b, path: b}]}}, {secret: {name: web, items: [{key: a, path: a}]}}]}}]}"
		optional = "kind: Pod\nspec: {containers: [{name: web, env: [{name: A, valueFrom: {secretKeyRef: {name: web, key: a, optional: true}}}]}]}"

		claims = "kind: Deployment\nspec: {replicas: 2, template: {spec: {containers: [{name: web, volumeMounts: [{name: d, mountPath: /d}]}], volumes: [{name: d, persistentVolumeClaim: {claimName: web}}]}}}"
		once   = "kind: PersistentVolumeClaim\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"
		many   = "kind: PersistentVolumeClaim\nspec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}"

		service = "kind: Service\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}"
		two     = "kind: Service\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}, {port: 81, targetPort: admin}]}"
		bare    = "kind: Deployment\nmetadata: {name: bare}\nspec: {template: {spec: {containers: [{name: web}]}}}"
		sets    = "kind: StatefulSet\nmetadata: {name: set}\nspec: {template: {spec: {containers: [{name: web}]}}}"
		serves  = "kind: Deployment\nspec: {template: {spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}"
	)
	for _, tt := range []struct {
		rule    string
		objects []string
		want    []string
	}{
		{"config-key-unknown", []string{wants}, nil},
		{"config-key-unknown", []string{wants, other}, nil},
		{"config-key-unknown", []string{wants, without}, []string{"ConfigMap web doesn't have this key"}},
		{"config-key-unknown", []string{wants, without, other}, []string{"ConfigMap web doesn't have this key"}},
		{"config-key-unknown", []string{wants, without, without}, []string{"ConfigMap web doesn't have this key"}},
		{"config-key-unknown", []string{wants, without, with}, nil},
		{"config-key-unknown", []string{wants, binary, without}, nil},

		{"secret-key-unknown", []string{password}, nil},
		{"secret-key-unknown", []string{password, "kind: Secret\nmetadata: {name: web, namespace: other}\nstringData: {b: x}"}, nil},
		{"secret-key-unknown", []string{password, "kind: Secret\nstringData: {b: x}"}, []string{"Secret web doesn't have this key"}},
		{"secret-key-unknown", []string{password, "kind: Secret\ndata: {b: eA==}"}, []string{"Secret web doesn't have this key"}},
		{"secret-key-unknown", []string{password, "kind: Secret\nstringData: {a: x}"}, nil},
		{"secret-key-unknown", []string{password, "kind: Secret\ndata: {a: eA==}"}, nil},
		{"secret-key-unknown", []string{password, "kind: Secret\ntype: kubernetes.io/tls"}, nil},
		{"secret-key-unknown", []string{mounted, "kind: Secret\nstringData: {b: x}"}, []string{"Secret web doesn't have this key"}},
		{"secret-key-unknown", []string{unused, "kind: Secret\nstringData: {b: x}"}, nil},
		{"secret-key-unknown", []string{joined, "kind: Secret\nstringData: {b: x}"}, []string{"Secret web doesn't have this key"}},
		{"config-key-unknown", []string{joined, with}, []string{"ConfigMap web doesn't have this key"}},
		{"config-key-unknown", []string{joined, without}, nil},
		{"secret-key-unknown", []string{optional, "kind: Secret\nstringData: {b: x}"}, nil},

		{"rwo-replicas", []string{claims}, nil},
		{"rwo-replicas", []string{claims, once, once}, []string{"2 pods share a claim that is ReadWriteOnce"}},
		{"rwo-replicas", []string{claims, once, many}, nil},
		{"rwo-replicas", []string{claims, many, once}, nil},

		{"service-target-unresolved", []string{service}, nil},
		{"service-target-unresolved", []string{service, bare}, []string{"no container of Deployment/bare has a TCP port of this name"}},
		{"service-target-unresolved", []string{service, bare, sets, bare}, []string{"no container of Deployment/bare and StatefulSet/set has a TCP port of this name"}},
		{"service-target-unresolved", []string{service, bare, serves}, nil},
		{"service-target-unresolved", []string{two, serves, bare}, []string{"no container of Deployment/web and Deployment/bare has a TCP port of this name"}},
	} {
		found := of(checkExample(t, strings.Join(tt.objects, "\n---\n"), ""), tt.rule)
		var got []string
		for _, f := range found {
			got = append(got, f.Detail)
		}
		require.Equal(t, tt.want, got, "%s: %v", tt.rule, tt.objects)
	}
}

// Texts, types and paths are those of the API server.
func TestWorkloadsWithoutASelector(t *testing.T) {
	for _, tt := range []struct{ kind, selector, want string }{
		{"Deployment", "null", "spec.selector: Required value"},
		{"ReplicaSet", "null", "spec.selector: Required value"},
		{"StatefulSet", "null", "spec.selector: Required value"},
		{"DaemonSet", "null", "spec.template.metadata.labels: Invalid value: \"app=web\": `selector` does not match template `labels`"},
		{"Deployment", "{}", `spec.selector: Invalid value: "{}": empty selector is invalid for deployment`},
		{"ReplicaSet", "{}", `spec.selector: Invalid value: "{}": empty selector is invalid for deployment`},
		{"StatefulSet", "{}", `spec.selector: Invalid value: "{}": empty selector is invalid for statefulset`},
		{"DaemonSet", "{matchLabels: {}}", `spec.selector: Invalid value: "{}": empty selector is invalid for daemonset`},
		{"Deployment", "{matchExpressions: [{key: app, operator: Exists}]}", ""},
		{"Job", "null", ""},
	} {
		objects := objectsOf(t, "kind: "+tt.kind+"\nspec: {}")
		setSelector(t, objects[0], tt.selector)
		found := of(check.Objects(objects), "workload-selector")
		if tt.want == "" {
			require.Empty(t, found, tt.kind)
			continue
		}
		require.Len(t, found, 1, tt.kind)
		require.Equal(t, check.Rejected, found[0].Level)
		require.Equal(t, tt.want, fieldError(found[0]).Error())
	}
	p := goodPod()
	template := corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}
	require.Empty(t, of(check.Template(&template, check.CarriedBy("Deployment")), "workload-selector"), "the selector isn't known")
}

func setSelector(t *testing.T, o runtime.Object, text string) {
	t.Helper()
	var s *metav1.LabelSelector
	require.NoError(t, yaml.Unmarshal([]byte(text), &s))
	switch o := o.(type) {
	case *appsv1.Deployment:
		o.Spec.Selector = s
	case *appsv1.ReplicaSet:
		o.Spec.Selector = s
	case *appsv1.StatefulSet:
		o.Spec.Selector = s
	case *appsv1.DaemonSet:
		o.Spec.Selector = s
	}
}

// Below a Job one rule says which policies there are.
func TestAnUnknownRestartPolicyOfAJob(t *testing.T) {
	found := checkExample(t, "kind: Job\nspec: {template: {spec: {restartPolicy: OnFailures}}}", "")
	require.Equal(t, []string{"job-restart-policy"}, ids(found))
}

func TestAFindingAboutALabelNamesItsKey(t *testing.T) {
	found := of(checkExample(t, `{kind: Pod, metadata: {labels: {tier: "a b", app: "a b"}}}`, ""), "label-shape")
	require.Len(t, found, 2)
	require.Contains(t, found[0].Fix, `"app"`)
	require.Contains(t, found[1].Fix, `"tier"`)
	found = of(checkExample(t, `nodeSelector: {disk: "a b"}`, ""), "node-selector")
	require.Len(t, found, 1)
	require.Contains(t, found[0].Fix, `"disk"`)
}
