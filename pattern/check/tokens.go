package check

import (
	"cmp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var tokenRules = []Rule{
	{ID: "token-shared", Level: Warning,
		Title: "one container needs the API server, and others get the token too",
		Why:   "whoever breaks into one of the others may do what the account may; the need for the API server shows by well-known images, by the address of the API server in a command or a variable, and by a token of its own",
		Fix:   "automountServiceAccountToken: false, and a projected serviceAccountToken for the one container",
		Bad: `{serviceAccountName: web, automountServiceAccountToken: true, volumes: [{name: boards, emptyDir: {sizeLimit: 32Mi}}], containers: [{name: web, volumeMounts: [{name: boards, mountPath: /boards, readOnly: true}]},
  {name: boards, image: "quay.io/kiwigrid/k8s-sidecar:2.10.1", volumeMounts: [{name: boards, mountPath: /out}]}]}`,
		Good: `{serviceAccountName: web, volumes: [{name: boards, emptyDir: {sizeLimit: 32Mi}}, {name: token, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3600}}]}}], containers: [{name: web, volumeMounts: [{name: boards, mountPath: /boards, readOnly: true}]},
  {name: boards, image: "quay.io/kiwigrid/k8s-sidecar:2.10.1", volumeMounts: [{name: boards, mountPath: /out}, {name: token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]}]}`,
		pod: tokenShared},
}

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
	if isFalse(x.spec.AutomountServiceAccountToken) {
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

// mountedForAll is how the names of the volumes begin that the API server itself adds for
// the token, to all containers that have nothing in its place.
// upstream: kubernetes/kubernetes plugin/pkg/admission/serviceaccount, ServiceAccountVolumeName
const mountedForAll = "kube-api-access-"

// shielded says whether c has a mount where the token would stand.
func shielded(c site) bool {
	for i := range c.VolumeMounts {
		if strings.TrimSuffix(c.VolumeMounts[i].MountPath, "/") == tokenPath && !strings.HasPrefix(c.VolumeMounts[i].Name, mountedForAll) {
			return true
		}
	}
	return false
}

// usesAPI says what shows of the need of c.
func (x *index) usesAPI(c site) apiUse {
	switch image := imageName(c.Image); image {
	case "kube-rbac-proxy", "oauth-proxy":
		return fronts
	case "k8s-sidecar", "kubectl", "k8s-wait-for":
		return needs
	}
	for t := range c.texts {
		if namesAPI(t.text) {
			return needs
		}
	}
	for i := range c.VolumeMounts {
		name := c.VolumeMounts[i].Name
		if place, known := x.volumes.find(name); known && !strings.HasPrefix(name, mountedForAll) && projectsToken(x.spec.Volumes[place].Projected, true) {
			return needs
		}
	}
	return unseen
}

// namesAPI says whether a text names the API server as pods see it.
func namesAPI(text string) bool {
	return strings.Contains(text, "KUBERNETES_SERVICE_HOST") || strings.Contains(text, "//kubernetes.default") || strings.HasPrefix(text, "kubernetes.default")
}

// projectsToken says whether a volume brings a token, or one for the API server
// itself.
func projectsToken(p *corev1.ProjectedVolumeSource, ofAPI bool) bool {
	if p == nil {
		return false
	}
	for i := range p.Sources {
		if t := p.Sources[i].ServiceAccountToken; t != nil && (!ofAPI || t.Audience == "") {
			return true
		}
	}
	return false
}
