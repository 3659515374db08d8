package main

import (
	"slices"

	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const (
	name      = "statsd-injector" // of all objects
	namespace = "statsd-injector"
)

// exceptNamespaces are those whose pods stay as they are: what a cluster needs to run,
// and what the webhook itself needs to start.
func exceptNamespaces() []string {
	return []string{"kube-node-lease", "kube-public", "kube-system", namespace, "cert-manager"}
}

// manifests are the objects that run the webhook in a cluster with cert-manager.
func manifests() []pattern.Object {
	p := pod()
	return slices.Concat([]pattern.Object{pattern.Namespace(namespace).Enforce(pattern.Restricted)}, certificates(), []pattern.Object{
		p.Deployment(2),
		pattern.Raw(disruptionBudget()),
		// The API server calls port 443 of a Service, if it isn't told another.
		p.Service().PortTo(name, 443, "webhook"),
		// No selector matches an API server, so what it calls is open to all.
		p.NetworkPolicy(),
		pattern.Raw(mutatingWebhook()),
	})
}

func pod() pattern.PodBuilder {
	certificates := pattern.Secret(certificateSecret).Volume("certificates")
	app := pattern.App(name, "registry.example.com/statsd-injector:1.0.0").
		// -admit-unfit: a helper that only measures must keep no app from starting.
		// -shutdown-delay: until all API servers know that this one goes, it goes on serving.
		// A PreStop hook would do that too, but not tell those that have a connection open.
		Args("-certificates=/certificates", "-admit-unfit", "-shutdown-delay=5s").
		Port("webhook", 8443).Port("status", 8080).
		Reads(certificates, "/certificates").ReadOnlyRootFilesystem(true).
		ReadinessProbe(pattern.HTTPGet("/readyz", "status").PeriodSeconds(5)).
		LivenessProbe(pattern.HTTPGet("/healthz", "status")).
		Requests("50m", "32Mi").Limits("", "128Mi")
	return pattern.Pod(name).Namespace(namespace).
		Label("app", name).
		Hardened().RunAsUser(65532).
		TerminationGracePeriodSeconds(30). // -shutdown-delay, and the 15 seconds of drain
		WithApp(app).
		TopologySpread(apart(corev1.LabelHostname), apart(corev1.LabelTopologyZone))
}

// apart spreads the replicas, where there are nodes or zones enough.
func apart(topologyKey string) corev1.TopologySpreadConstraint {
	return corev1.TopologySpreadConstraint{MaxSkew: 1, TopologyKey: topologyKey, WhenUnsatisfiable: corev1.ScheduleAnyway, LabelSelector: selector()}
}

func selector() *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}}
}

// disruptionBudget keeps one replica up while nodes are drained.
func disruptionBudget() *policyv1.PodDisruptionBudget {
	return &policyv1.PodDisruptionBudget{
		TypeMeta:   metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
		Spec: policyv1.PodDisruptionBudgetSpec{
			MinAvailable: new(intstr.FromInt32(1)),
			Selector:     selector(),
			// A replica that isn't ready is of no use here either.
			UnhealthyPodEvictionPolicy: new(policyv1.AlwaysAllow),
		},
	}
}
