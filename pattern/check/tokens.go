package check

import (
	"cmp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// tokenPath is where the token of the pod's account stands in every container that
// mounts nothing else there.
const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount"

// apiUse is what a container does with the API server.
type apiUse int

const (
	unseen apiUse = iota // nothing shows that it needs it
	needs
	fronts // it stands before another container that likely needs it
)

// tokenShared finds pods in which one container is seen to need the API server, and
// others get the token too. It stays silent where the others may need it as well.
func tokenShared(x *index, r *Rule) {
	account := cmp.Or(x.spec.ServiceAccountName, x.spec.DeprecatedServiceAccount)
	if account == "" || account == "default" || len(x.containers) < 2 {
		return
	}
	if mounts := x.spec.AutomountServiceAccountToken; mounts != nil && !*mounts {
		return
	}
	client, other := -1, -1
	for i, c := range x.containers {
		if c.runsToItsEnd() {
			continue
		}
		switch x.usesAPI(c) {
		case fronts:
			return
		case needs:
			if client < 0 {
				client = i
			}
		case unseen:
			if other < 0 && !shielded(c) {
				other = i
			}
		}
	}
	if client < 0 || other < 0 {
		return
	}
	a, b := x.containers[client], x.containers[other]
	x.reportPod(r, "spec.automountServiceAccountToken", invalid(true,
		"container "+a.Name+" needs the API server, and container "+b.Name+" gets the token of account "+account+" too",
		"automountServiceAccountToken: false, and a projected serviceAccountToken that "+a.Name+" alone mounts at "+tokenPath),
		x.party(a, ""), x.party(b, ""))
}

// shielded says whether c has a mount where the token would stand.
func shielded(c site) bool {
	for i := range c.VolumeMounts {
		if strings.TrimSuffix(c.VolumeMounts[i].MountPath, "/") == tokenPath {
			return true
		}
	}
	return false
}

// usesAPI says what shows of the need of c.
func (x *index) usesAPI(c site) apiUse {
	switch image := imageBase(c.Image); image {
	case "kube-rbac-proxy", "oauth-proxy":
		return fronts
	case "k8s-sidecar", "kubectl", "k8s-wait-for":
		return needs
	}
	for _, list := range [...][]string{c.Command, c.Args} {
		for i := range list {
			if namesAPI(list[i]) {
				return needs
			}
		}
	}
	for i := range c.Env {
		if namesAPI(c.Env[i].Value) {
			return needs
		}
	}
	for i := range c.VolumeMounts {
		if place, known := x.volumes.find(c.VolumeMounts[i].Name); known && hasToken(&x.spec.Volumes[place]) {
			return needs
		}
	}
	return unseen
}

// namesAPI says whether a text names the API server as pods see it.
func namesAPI(text string) bool {
	return strings.Contains(text, "KUBERNETES_SERVICE_HOST") || strings.Contains(text, "//kubernetes.default") || strings.HasPrefix(text, "kubernetes.default")
}

// hasToken says whether a volume brings a token for the API server itself.
func hasToken(v *corev1.Volume) bool {
	if v.Projected == nil {
		return false
	}
	for i := range v.Projected.Sources {
		if t := v.Projected.Sources[i].ServiceAccountToken; t != nil && t.Audience == "" {
			return true
		}
	}
	return false
}

// imageBase gives the last part of the name of an image, without its tag.
func imageBase(image string) string {
	image = image[strings.LastIndexByte(image, '/')+1:]
	if i := strings.IndexAny(image, ":@"); i >= 0 {
		image = image[:i]
	}
	return image
}
