package check

import "strings"

// upstream: kubernetes/kubernetes pkg/kubelet/kuberuntime/security_context_others.go
// verifyRunAsNonRoot
func nonRootRoot(x *index, r *Rule) {
	if x.windows() {
		return
	}
	said := false
	for _, c := range x.containers {
		if uid, known := x.uid(c); !known || uid != 0 {
			continue
		}
		if nonRoot, inherited := x.nonRoot(c); !nonRoot {
			continue
		} else if !inherited || c.SecurityContext != nil && c.SecurityContext.RunAsUser != nil {
			x.report(r, c, ".securityContext.runAsUser", invalid(int64(0), "container's runAsUser breaks non-root policy", ""))
		} else if !said {
			x.reportPod(r, "spec.securityContext.runAsUser", invalid(int64(0), "container's runAsUser breaks non-root policy", ""), x.party(c, ""))
			said = true
		}
	}
}

// nonRootNumeric: only the registry knows the image's user, so the rule asks for
// the number wherever the pod doesn't say it and the image isn't known to have one.
// upstream: kubernetes/kubernetes pkg/kubelet/kuberuntime/security_context_others.go
// verifyRunAsNonRoot
func nonRootNumeric(x *index, r *Rule) {
	if x.windows() || len(x.containers) == 0 {
		return
	}
	var lacking []site
	everywhere := true // and nobody but the pod asks
	for _, c := range x.containers {
		_, known := x.uid(c)
		nonRoot, inherited := x.nonRoot(c)
		if known || !nonRoot || hasNumericUser(c.Image) {
			everywhere = false
			continue
		}
		lacking = append(lacking, c)
		everywhere = everywhere && inherited
	}
	const detail = "the kubelet doesn't start an image whose user is a name with runAsNonRoot"
	if !everywhere {
		for _, c := range lacking {
			x.report(r, c, ".securityContext.runAsUser", required(detail, ""))
		}
		return
	}
	var parties []Party
	for _, c := range lacking {
		parties = append(parties, x.party(c, ".securityContext.runAsUser"))
	}
	x.reportPod(r, "spec.securityContext.runAsUser", required(detail, ""), parties...)
}

// numericUsers are images whose USER is a number other than 0, by the end of their
// repository.
// docs: their Dockerfiles
var numericUsers = [...]string{
	"cloud-sql-connectors/cloud-sql-proxy", "git-sync/git-sync", "jimmidyson/configmap-reload", "kiwigrid/k8s-sidecar",
	"nginx/nginx-prometheus-exporter", "nginxinc/nginx-unprivileged", "oauth2-proxy/oauth2-proxy", "oliver006/redis_exporter",
	"opentelemetry-collector-releases/opentelemetry-collector", "opentelemetry-collector-releases/opentelemetry-collector-contrib",
	"otel/opentelemetry-collector", "otel/opentelemetry-collector-contrib", "prometheus/statsd-exporter",
}

// hasNumericUser says whether an image is known to have a number for its user, as
// one has whose tag says nonroot.
func hasNumericUser(image string) bool {
	if strings.Contains(image, "nonroot") {
		return true
	}
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	for _, known := range numericUsers {
		if head, ok := strings.CutSuffix(image, known); ok && (head == "" || head[len(head)-1] == '/') {
			return true
		}
	}
	return false
}
