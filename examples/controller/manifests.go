package main

import (
	"strings"

	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

//go:generate sh -c "go run . manifests > manifests.yaml"

const lokiInCluster = "http://loki.logging.svc:3100"

// manifests are what the controller runs by: two replicas, one of which works.
func manifests(b pattern.Injection) []pattern.Object {
	name, namespace := b.Name()+"-controller", "podpattern"
	pod := pattern.Pod(name).Namespace(namespace).Hardened().
		WithApp(pattern.App("controller", "registry.example.com/"+name+":1.0.0").
			Args("-leader-elect", "-loki", lokiInCluster).
			Port("metrics", 8080).Scrape("metrics", "/metrics").
			Port("health", 8081).
			LivenessProbe(pattern.HTTPGet("/healthz", "health")).
			ReadinessProbe(pattern.HTTPGet("/readyz", "health")).
			Requests("10m", "64Mi").Limits("", "256Mi").RunAsUser(65532).ReadOnlyRootFilesystem(true).
			// The rights in its own namespace, by which one replica leads.
			NeedsAPI(
				rbacv1.PolicyRule{APIGroups: []string{"coordination.k8s.io"}, Resources: []string{"leases"}, Verbs: []string{"create", "get", "update"}},
				rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"create", "patch"}},
			))
	return []pattern.Object{
		pattern.Namespace(namespace).Enforce(pattern.Restricted),
		pattern.Raw(&rbacv1.ClusterRole{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRole"},
			ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: rules(b),
		}),
		pattern.Raw(&rbacv1.ClusterRoleBinding{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRoleBinding"},
			ObjectMeta: metav1.ObjectMeta{Name: name},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name},
			Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: name, Namespace: namespace}},
		}),
		pod.Deployment(2),
		pattern.Raw(&policyv1.PodDisruptionBudget{
			TypeMeta:   metav1.TypeMeta{APIVersion: policyv1.SchemeGroupVersion.String(), Kind: "PodDisruptionBudget"},
			ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
			Spec:       policyv1.PodDisruptionBudgetSpec{MinAvailable: new(intstr.FromInt32(1)), Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}}},
		}),
	}
}

// rules are the rights of the controller in all namespaces: to change Deployments, and to
// create what the bundle needs beside them. Nobody may grant rights that he hasn't got
// himself, so it has those of the helpers too.
func rules(b pattern.Injection) []rbacv1.PolicyRule {
	out := []rbacv1.PolicyRule{
		{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, Verbs: []string{"list", "patch", "watch"}},
		{APIGroups: []string{"events.k8s.io"}, Resources: []string{"events"}, Verbs: []string{"create", "patch"}},
	}
	objects, _ := b.Objects(corev1.NamespaceDefault) // a faulty bundle needs nothing
	for _, o := range objects {
		kind, _ := meta.UnsafeGuessKindToResource(o.GetObjectKind().GroupVersionKind())
		out = append(out, rbacv1.PolicyRule{APIGroups: []string{kind.Group}, Resources: []string{strings.ToLower(kind.Resource)}, Verbs: []string{"create", "patch"}})
		if role, is := o.(*rbacv1.Role); is {
			out = append(out, role.Rules...)
		}
	}
	return out
}
