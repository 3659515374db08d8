package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

const tokenDir = "/var/run/secrets/kubernetes.io/serviceaccount"

func readPods() rbacv1.PolicyRule {
	return rbacv1.PolicyRule{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"pods"}}
}

func TestNeedsAPIGivesOneContainerAToken(t *testing.T) {
	p := with(web(), side("watcher").NeedsAPI(readPods()), side("other")).Namespace("prod")
	objects, err := p.Objects()
	require.NoError(t, err)
	require.Len(t, objects, 4)

	account := objects[0].(*corev1.ServiceAccount)
	require.Equal(t, "web", account.Name)
	require.Equal(t, "prod", account.Namespace)
	role := objects[1].(*rbacv1.Role)
	require.Equal(t, "web.watcher", role.Name)
	require.Equal(t, "prod", role.Namespace)
	require.Equal(t, []rbacv1.PolicyRule{readPods()}, role.Rules)
	binding := objects[2].(*rbacv1.RoleBinding)
	require.Equal(t, rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "Role", Name: "web.watcher"}, binding.RoleRef)
	require.Equal(t, []rbacv1.Subject{{Kind: "ServiceAccount", Name: "web", Namespace: "prod"}}, binding.Subjects)

	pod := objects[3].(*corev1.Pod)
	require.Equal(t, "web", pod.Spec.ServiceAccountName)
	require.False(t, *pod.Spec.AutomountServiceAccountToken)
	require.Equal(t, []corev1.VolumeMount{{Name: "watcher-token", MountPath: tokenDir, ReadOnly: true}}, container(t, &pod.Spec, "watcher").VolumeMounts)
	require.Empty(t, container(t, &pod.Spec, "web").VolumeMounts)
	require.Empty(t, container(t, &pod.Spec, "other").VolumeMounts)
	sources := volume(t, &pod.Spec, "watcher-token").Projected.Sources
	require.Len(t, sources, 3)
	require.Equal(t, "token", sources[0].ServiceAccountToken.Path)
	require.Equal(t, "kube-root-ca.crt", sources[1].ConfigMap.Name)
	require.Equal(t, "metadata.namespace", sources[2].DownwardAPI.Items[0].FieldRef.FieldPath)
}

func TestNeedsAPIWithAnAccountOfThePodsOwn(t *testing.T) {
	objects, err := with(web(), side("watcher").NeedsAPI(readPods())).ServiceAccount("mine").AutomountServiceAccountToken(true).Objects()
	require.NoError(t, err)
	require.Len(t, objects, 3, "rights, and no account")
	require.Equal(t, "mine", objects[1].(*rbacv1.RoleBinding).Subjects[0].Name)
	pod := objects[2].(*corev1.Pod)
	require.Equal(t, "mine", pod.Spec.ServiceAccountName)
	require.True(t, *pod.Spec.AutomountServiceAccountToken, "the pod says otherwise")
}

func TestNeedsAPITwice(t *testing.T) {
	more := readPods()
	more.Resources = []string{"secrets"}
	objects, err := with(web(), side("a").NeedsAPI(readPods()).NeedsAPI(more), side("b").NeedsAPI()).Objects()
	require.NoError(t, err)
	require.Len(t, objects, 4, "one account, rights of a, none of b, the pod")
	require.Equal(t, []rbacv1.PolicyRule{readPods(), more}, objects[1].(*rbacv1.Role).Rules)
	pod := objects[3].(*corev1.Pod)
	require.Equal(t, tokenDir, container(t, &pod.Spec, "b").VolumeMounts[0].MountPath)
}

func TestAccessStandsBeforeTheWorkload(t *testing.T) {
	objects, err := with(web(), side("watcher").NeedsAPI(readPods())).Deployment(1).Objects()
	require.NoError(t, err)
	require.Equal(t, []string{"ServiceAccount", "Role", "RoleBinding", "Deployment"}, kinds(objects))
}

func TestOnlyOneWhoMayTalksToTheAPIServer(t *testing.T) {
	clash := with(web(), side("s").NeedsAPI().Writes(pattern.EmptyDir("d"), tokenDir))
	require.Equal(t, []string{"mount-path-dup"}, rules(clash.Findings()))
}

// The names of the rights of two pods never meet.
func TestRightsOfTwoPodsThatReadAlike(t *testing.T) {
	first := pattern.Pod("w").WithApp(web()).WithSidecar(pattern.Sidecar("a-b", "s:1").NeedsAPI(readPods()))
	second := pattern.Pod("w-a").WithApp(web()).WithSidecar(pattern.Sidecar("b", "s:1").NeedsAPI(readPods()))
	_, err := pattern.Objects(first, second)
	require.NoError(t, err)
}
