package check

import (
	"slices"
	"strings"
)

var nonRootRules = []Rule{
	{ID: "nonroot-root", Level: Broken,
		Title: "a container is to run as root, and runAsNonRoot forbids it",
		Why:   "user 0 is root: the kubelet doesn't start the container",
		Fix:   "another runAsUser, or no runAsNonRoot",
		Bad:   `containers: [{name: web, securityContext: {runAsNonRoot: true, runAsUser: 0}}]`,
		Good:  `containers: [{name: web, securityContext: {runAsNonRoot: true, runAsUser: 10001}}]`,
		pod:   nonRootRoot},
	{ID: "nonroot-numeric", Level: Warning,
		Title: "a container has runAsNonRoot and no runAsUser, and its image runs as root or names its user",
		Why:   "the kubelet doesn't start the container: root is forbidden, and of a name it can't tell that it isn't root; this knows some official images by their names",
		Fix:   "set runAsUser to the number of a user that isn't root and that the program can run as",
		Bad:   `{securityContext: {runAsUser: null}, containers: [{name: web, image: "memcached:1.6.39"}]}`,
		Good:  `{securityContext: {runAsUser: 11211}, containers: [{name: web, image: "memcached:1.6.39"}]}`,
		pod:   nonRootNumeric},
}

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

// nonRootNumeric: only the registry knows the user of most images, which is a number
// where somebody thought of runAsNonRoot.
// upstream: kubernetes/kubernetes pkg/kubelet/kuberuntime/security_context_others.go
// verifyRunAsNonRoot
func nonRootNumeric(x *index, r *Rule) {
	if x.windows() {
		return
	}
	for _, c := range x.containers {
		if _, known := x.uid(c); known {
			continue
		}
		if nonRoot, _ := x.nonRoot(c); !nonRoot {
			continue
		}
		switch repository := wellKnown(c.Image); {
		case repository == "":
		case contains(rootImages[:], repository):
			x.report(r, c, ".securityContext.runAsUser", required("the user of image "+repository+" is root, and with runAsNonRoot the kubelet doesn't start it", ""))
		case contains(namedUsers[:], repository):
			x.report(r, c, ".securityContext.runAsUser", required("the user of image "+repository+" is a name, and with runAsNonRoot the kubelet starts only an image whose user is a number", "set runAsUser to the number of the image's user"))
		}
	}
}

// rootImages are images of Docker Hub that say nothing of a user.
// docs: their Dockerfiles
var rootImages = [...]string{
	"alpine", "bash", "busybox", "cassandra", "debian", "fedora", "golang", "httpd", "mariadb", "mongo", "mysql", "nginx",
	"node", "php", "postgres", "python", "rabbitmq", "redis", "ruby", "rust", "tomcat", "ubuntu", "wordpress",
}

// namedUsers are images whose USER is a name.
// docs: their Dockerfiles
var namedUsers = [...]string{
	"curlimages/curl", "fluent/fluentd", "haproxy", "jenkins/jenkins", "memcached",
	"prom/alertmanager", "prom/node-exporter", "prom/prometheus",
	"quay.io/prometheus/alertmanager", "quay.io/prometheus/node-exporter", "quay.io/prometheus/prometheus",
}

// wellKnown gives what the tables above call the image; "" is not among them. What
// is built on distroless has another user.
func wellKnown(image string) string {
	repository, tag, _ := imageParts(image)
	if strings.Contains(tag, "distroless") {
		return ""
	}
	if strings.HasPrefix(repository, "quay.io/prometheus/") {
		return repository
	}
	return hubImage(image)
}

func contains(sorted []string, s string) bool {
	_, found := slices.BinarySearch(sorted, s)
	return found
}
