package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// tokenDir is where every client library looks for its token.
// docs: tasks/run-application/access-api-from-pod
const tokenDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// settleAPI gives the containers that need the API server an account, rights and
// a token of their own, and the others none.
func (r *resolver) settleAPI(add *podAdditions) {
	if !slices.ContainsFunc(r.drafts, func(d *draft) bool { return d.api != nil }) {
		return
	}
	account := ""
	if r.bundle == "" { // whose account somebody else's pod has, and what rights that has, is not for a bundle to say
		account = r.settleAccount(add)
	}
	for _, d := range r.drafts {
		if d.api == nil {
			continue
		}
		r.mountToken(d)
		if r.bundle == "" && len(d.api.rules) > 0 {
			r.allowAccess(d, account)
		}
	}
}

// settleAccount gives the name of the pod's account, which it makes where the pod names
// none, and leaves the token to those who ask for it.
func (r *resolver) settleAccount(add *podAdditions) string {
	add.noAutomount = r.base.Spec.AutomountServiceAccountToken == nil
	if account := r.base.Spec.ServiceAccountName; account != "" {
		return account
	}
	add.serviceAccount = r.base.Name
	r.objects = append(r.objects, &corev1.ServiceAccount{
		TypeMeta:                     metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"},
		ObjectMeta:                   objectMeta(r.base.Name, r.base.Namespace),
		AutomountServiceAccountToken: new(false),
	})
	return r.base.Name
}

// mountToken mounts what the kubelet would, in this container alone.
func (r *resolver) mountToken(d *draft) {
	name := r.generatedName(d, "token")
	v := Volume{&volume{name: name, at: d.origin, source: &corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
		{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token", ExpirationSeconds: new(int64(3607))}},
		{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"}, Items: []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}}}},
		{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.namespace"}}}}},
	}}}}}
	r.declare(d, v)
	d.c.VolumeMounts = append(d.c.VolumeMounts, mount{v, tokenDir, reads}.kubernetes(name))
}

func (r *resolver) allowAccess(d *draft, accounts ...string) {
	name := names.Join(253, r.base.Name+"."+d.c.Name) // a container has no dot: two pods never meet
	subjects := make([]rbacv1.Subject, len(accounts))
	for i, account := range accounts {
		subjects[i] = rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Name: account, Namespace: r.base.Namespace}
	}
	r.objects = append(r.objects,
		&rbacv1.Role{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "Role"},
			ObjectMeta: objectMeta(name, r.base.Namespace),
			Rules:      d.api.rules,
		},
		&rbacv1.RoleBinding{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "RoleBinding"},
			ObjectMeta: objectMeta(name, r.base.Namespace),
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name},
			Subjects:   subjects,
		})
}
