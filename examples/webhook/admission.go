package main

import (
	"github.com/podpattern/podpattern/pattern/webhook"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mutatingWebhook says which pods the API server shows to the webhook.
func mutatingWebhook() *admissionregistrationv1.MutatingWebhookConfiguration {
	return &admissionregistrationv1.MutatingWebhookConfiguration{
		TypeMeta: metav1.TypeMeta{APIVersion: "admissionregistration.k8s.io/v1", Kind: "MutatingWebhookConfiguration"},
		ObjectMeta: metav1.ObjectMeta{
			Name: name,
			// cert-manager fills caBundle in, and keeps it up to date.
			// docs: cert-manager.io/docs/concepts/ca-injector
			Annotations: map[string]string{"cert-manager.io/inject-ca-from": namespace + "/" + name},
		},
		Webhooks: []admissionregistrationv1.MutatingWebhook{{
			Name: "statsd.podpattern.dev",
			ClientConfig: admissionregistrationv1.WebhookClientConfig{
				Service: &admissionregistrationv1.ServiceReference{Namespace: namespace, Name: name, Path: new("/"), Port: new(int32(443))},
			},
			// Pods, and not what makes them: a Deployment whose template is changed here
			// would be changed back by who applies it.
			Rules: []admissionregistrationv1.RuleWithOperations{{
				Operations: []admissionregistrationv1.OperationType{admissionregistrationv1.Create},
				Rule: admissionregistrationv1.Rule{
					APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods"},
					Scope: new(admissionregistrationv1.NamespacedScope),
				},
			}},
			NamespaceSelector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{
				Key: "kubernetes.io/metadata.name", Operator: metav1.LabelSelectorOpNotIn, Values: exceptNamespaces(),
			}}},
			// A pod opts out by a label without a call, and by the annotation of the
			// same name with one.
			ObjectSelector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{
				Key: webhook.DefaultOptOut, Operator: metav1.LabelSelectorOpNotIn, Values: []string{"false"},
			}}},
			// While no replica answers, pods start without the adapter: no metrics are
			// better than no app. A bundle without which no app may run, such as a
			// proxy that encrypts, takes Fail, and then at least as much care with
			// the namespaces that are left out.
			FailurePolicy: new(admissionregistrationv1.Ignore),
			// Other webhooks may add containers after this one, which need their
			// STATSD_HOST too. The second call changes nothing where nothing came.
			ReinvocationPolicy:      new(admissionregistrationv1.IfNeededReinvocationPolicy),
			MatchPolicy:             new(admissionregistrationv1.Equivalent),
			SideEffects:             new(admissionregistrationv1.SideEffectClassNone),
			TimeoutSeconds:          new(int32(5)),
			AdmissionReviewVersions: []string{"v1"},
		}},
	}
}
