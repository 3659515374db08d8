package check_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// clientPod has a container that is seen to need the API server beside one that
// isn't.
func clientPod(changes ...func(*corev1.Pod)) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.ServiceAccountName = "reader"
		sideOf(p).Image = "quay.io/kiwigrid/k8s-sidecar:2.10.1"
		for _, change := range changes {
			change(p)
		}
	}
}

func tokenVolume(audience string) corev1.Volume {
	return corev1.Volume{Name: "token", VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
		{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token", Audience: audience}}}}}}
}

func TestTokenShared(t *testing.T) {
	const dir = "/var/run/secrets/kubernetes.io/serviceaccount"
	found := []string{"W spec.automountServiceAccountToken: Invalid value: true: container side needs the API server, and container web gets the token of account reader too"}
	byText := func(change func(*corev1.Container)) func(*corev1.Pod) {
		return clientPod(func(p *corev1.Pod) {
			sideOf(p).Image = "side:1"
			change(sideOf(p))
		})
	}
	mounting := func(audience string) func(*corev1.Pod) {
		return clientPod(func(p *corev1.Pod) {
			sideOf(p).Image = "side:1"
			sideOf(p).VolumeMounts = []corev1.VolumeMount{mount("token", dir)}
			p.Spec.Volumes = append(p.Spec.Volumes, tokenVolume(audience))
		})
	}
	try(t, []example{
		{"token-shared", "a known client", clientPod(), found},
		{"token-shared", "the deprecated name", clientPod(func(p *corev1.Pod) {
			p.Spec.ServiceAccountName, p.Spec.DeprecatedServiceAccount = "", "reader"
		}), found},
		{"token-shared", "by a variable", byText(func(c *corev1.Container) {
			c.Env = []corev1.EnvVar{{Name: "API", Value: "https://kubernetes.default.svc"}}
		}), found},
		{"token-shared", "by an argument", byText(func(c *corev1.Container) {
			c.Args = []string{"curl https://$KUBERNETES_SERVICE_HOST/api"}
		}), found},
		{"token-shared", "by a token of its own", mounting(""), found},

		{"token-shared", "the token that all get", clientPod(func(p *corev1.Pod) {
			sideOf(p).Image = "side:1"
			v := tokenVolume("")
			v.Name = "kube-api-access-x7k2p"
			p.Spec.Volumes = append(p.Spec.Volumes, v)
			sideOf(p).VolumeMounts, webOf(p).VolumeMounts = []corev1.VolumeMount{mount(v.Name, dir)}, []corev1.VolumeMount{mount(v.Name, dir)}
		}), nil},
		{"token-shared", "the token that all get, and one is a client", clientPod(func(p *corev1.Pod) {
			v := tokenVolume("")
			v.Name = "kube-api-access-x7k2p"
			p.Spec.Volumes = append(p.Spec.Volumes, v)
			sideOf(p).VolumeMounts, webOf(p).VolumeMounts = []corev1.VolumeMount{mount(v.Name, dir)}, []corev1.VolumeMount{mount(v.Name, dir)}
		}), found},
		{"token-shared", "a token for somebody else", mounting("vault"), nil},
		{"token-shared", "nobody is seen to need it", byText(func(*corev1.Container) {}), nil},
		{"token-shared", "both need it", clientPod(func(p *corev1.Pod) { webOf(p).Image = "docker.io/rancher/kubectl@sha256:0" }), nil},
		{"token-shared", "no token", clientPod(func(p *corev1.Pod) { p.Spec.AutomountServiceAccountToken = new(false) }), nil},
		{"token-shared", "the default account", clientPod(func(p *corev1.Pod) { p.Spec.ServiceAccountName = "default" }), nil},
		{"token-shared", "no account", clientPod(func(p *corev1.Pod) { p.Spec.ServiceAccountName = "" }), nil},
		{"token-shared", "the other mounts something else there", clientPod(func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", dir+"/")}
		}), nil},
		{"token-shared", "a proxy before a client", clientPod(func(p *corev1.Pod) {
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "proxy", Image: "quay.io/brancz/kube-rbac-proxy:v0.20.0"})
		}), nil},
		{"token-shared", "the client ends before the app starts", clientPod(func(p *corev1.Pod) {
			sideOf(p).Image, initOf(p).Image = "side:1", "rancher/kubectl:1"
		}), nil},

		{"pull-secret-dup", "twice", podSpec(func(s *corev1.PodSpec) { s.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "a"}, {Name: "a"}} }),
			[]string{`W spec.imagePullSecrets[1].name: Duplicate value: "a"`}},
		{"pull-secret-dup", "two", podSpec(func(s *corev1.PodSpec) { s.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "a"}, {Name: "b"}} }), nil},
		{"host-alias-dup", "twice", podSpec(func(s *corev1.PodSpec) { s.HostAliases = []corev1.HostAlias{{IP: "192.0.2.1"}, {IP: "192.0.2.1"}} }),
			[]string{`W spec.hostAliases[1].ip: Duplicate value: "192.0.2.1"`}},
		{"host-alias-dup", "two", podSpec(func(s *corev1.PodSpec) { s.HostAliases = []corev1.HostAlias{{IP: "192.0.2.1"}, {IP: "192.0.2.2"}} }), nil},
	}...)
}

func TestOldNodeLabels(t *testing.T) {
	const zone, os = "failure-domain.beta.kubernetes.io/zone", "beta.kubernetes.io/os"
	try(t, []example{
		{"node-label-deprecated", "everywhere", func(p *corev1.Pod) {
			podTermOf(corev1.PodAffinityTerm{TopologyKey: zone, LabelSelector: labelled("a", "b")})(p)
			p.Spec.Affinity.NodeAffinity = nodeTerms(nodeTerm(os, "Exists")).NodeAffinity
			p.Spec.Affinity.NodeAffinity.PreferredDuringSchedulingIgnoredDuringExecution = []corev1.PreferredSchedulingTerm{{Weight: 1, Preference: nodeTerm(os, "Exists")}}
			p.Spec.NodeSelector = map[string]string{os: "linux"}
			p.Spec.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{spreadConstraint(func(c *corev1.TopologySpreadConstraint) { c.TopologyKey = zone })}
		}, []string{
			`W spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: Invalid value: "` + os + `": deprecated since v1.14`,
			`W spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: Invalid value: "` + os + `": deprecated since v1.14`,
			`W spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "` + zone + `": deprecated since v1.17`,
			`W spec.nodeSelector: Invalid value: "` + os + `": deprecated since v1.14`,
			`W spec.topologySpreadConstraints[0].topologyKey: Invalid value: "` + zone + `": deprecated since v1.17`}},
		{"node-label-deprecated", "the new ones", func(p *corev1.Pod) {
			p.Spec.NodeSelector = map[string]string{"kubernetes.io/os": "linux", "topology.kubernetes.io/zone": "a"}
		}, nil},

		{"selector-missing", "both", func(p *corev1.Pod) {
			podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone"})(p)
			p.Spec.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{spreadConstraint(func(c *corev1.TopologySpreadConstraint) { c.LabelSelector = nil })}
		}, []string{
			"W spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: Required value: a null labelSelector results in matching no pod",
			"W spec.topologySpreadConstraints[0].labelSelector: Required value: a null labelSelector results in matching no pod"}},
		{"selector-missing", "keys without a selector are refused anyway", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", MatchLabelKeys: []string{"a"}}), nil},
		{"selector-missing", "all pods", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: labelled("a", "b")}), nil},
	}...)
}
