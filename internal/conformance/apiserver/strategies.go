package apiserver

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/rest"
	_ "k8s.io/kubernetes/pkg/apis/apps/install" // the scheme decodes and defaults what is installed
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/podtemplate"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
)

// strategies gives, for each kind that is judged, what the API server does when
// one is created: drop the fields of features that are off, set what is
// generated, validate, warn.
func strategies() map[schema.GroupVersionKind]rest.RESTCreateStrategy {
	return map[schema.GroupVersionKind]rest.RESTCreateStrategy{
		corev1.SchemeGroupVersion.WithKind("ConfigMap"):           configmap.Strategy,
		corev1.SchemeGroupVersion.WithKind("Namespace"):           namespace.Strategy,
		corev1.SchemeGroupVersion.WithKind("Pod"):                 pod.Strategy,
		corev1.SchemeGroupVersion.WithKind("PodTemplate"):         podtemplate.Strategy,
		corev1.SchemeGroupVersion.WithKind("Secret"):              secret.Strategy,
		corev1.SchemeGroupVersion.WithKind("Service"):             service.Strategy,
		corev1.SchemeGroupVersion.WithKind("ServiceAccount"):      serviceaccount.Strategy,
		appsv1.SchemeGroupVersion.WithKind("DaemonSet"):           daemonset.Strategy,
		appsv1.SchemeGroupVersion.WithKind("Deployment"):          deployment.Strategy,
		appsv1.SchemeGroupVersion.WithKind("ReplicaSet"):          replicaset.Strategy,
		appsv1.SchemeGroupVersion.WithKind("StatefulSet"):         statefulset.Strategy,
		batchv1.SchemeGroupVersion.WithKind("CronJob"):            cronjob.Strategy,
		batchv1.SchemeGroupVersion.WithKind("Job"):                job.Strategy,
		networkingv1.SchemeGroupVersion.WithKind("NetworkPolicy"): networkpolicy.Strategy,
		rbacv1.SchemeGroupVersion.WithKind("Role"):                role.Strategy,
		rbacv1.SchemeGroupVersion.WithKind("RoleBinding"):         rolebinding.Strategy,
	}
}
