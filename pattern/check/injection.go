package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// awaitsContainers says whether the pod may ask for containers that aren't there
// yet, known or not: a rule that it silences would only have guessed.
func (x *index) awaitsContainers() bool {
	asks := func(m map[string]string) bool {
		for key := range m {
			if strings.Contains(key, "inject") || strings.HasPrefix(key, "dapr.io/") || strings.Contains(key, "sidecar") {
				return true
			}
		}
		return false
	}
	return asks(x.meta.Annotations) || asks(x.meta.Labels)
}

// injected says whether something adds containers to the pod when it is created.
// docs: https://istio.io/latest/docs/reference/config/labels/,
// https://linkerd.io/2/features/proxy-injection/,
// https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations,
// https://docs.dapr.io/reference/arguments-annotations-overview/
func (x *index) injected() bool {
	a := x.meta.Annotations
	return x.meta.Labels["sidecar.istio.io/inject"] == "true" || a["sidecar.istio.io/inject"] == "true" ||
		a["linkerd.io/inject"] == "enabled" || a["linkerd.io/inject"] == "ingress" ||
		a["vault.hashicorp.com/agent-inject"] == "true" || a["dapr.io/enabled"] == "true" ||
		a["consul.hashicorp.com/connect-inject"] == "true"
}

// forInjected calls use for the volumes of containers that the cluster adds: what an
// annotation names, and what configures the Cloud Storage driver of GKE.
// docs: https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-sidecar,
// https://istio.io/latest/docs/reference/config/annotations (userVolumeMount)
func (x *index) forInjected(use func(volume string)) {
	driver := false
	for key, value := range x.meta.Annotations {
		if key == corev1.LastAppliedConfigAnnotation {
			continue // it names all
		}
		driver = driver || strings.HasPrefix(key, "gke-gcsfuse/")
		for word := range strings.FieldsFuncSeq(value, betweenNames) {
			use(word)
		}
	}
	for i := 0; driver && i < len(x.spec.Volumes); i++ {
		if name := x.spec.Volumes[i].Name; strings.HasPrefix(name, "gke-gcsfuse-") {
			use(name)
		}
	}
}

func betweenNames(c rune) bool {
	return c != '-' && c != '_' && (c > 'z' || !isAlnum(byte(c)))
}
