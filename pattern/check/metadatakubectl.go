package check

const defaultContainer = "kubectl.kubernetes.io/default-container"

// upstream: kubernetes/kubectl pkg/cmd/util/podcmd/podcmd.go
var kubectlRules = []Rule{
	{ID: "default-container-unknown", Level: Warning,
		Title: "the annotation for kubectl's default container names an unknown container",
		Why:   "kubectl logs and exec without -c then go to the first container, which may be another one",
		Fix:   "name a container of the pod",
		Bad:   `{kind: Pod, metadata: {annotations: {kubectl.kubernetes.io/default-container: app}}}`,
		Good:  `{kind: Pod, metadata: {annotations: {kubectl.kubernetes.io/default-container: web}}}`,
		pod: func(x *index, r *Rule) {
			name := x.meta.Annotations[defaultContainer]
			if x.lacks(name) && !x.injected() {
				x.reportPod(r, annotation(defaultContainer), notFound(name, ""))
			}
		}},
	{ID: "default-container-unset", Level: Warning,
		Title: "kubectl's default container is a helper",
		Why:   "kubectl logs and exec without -c go to the first container, and that isn't the app",
		Fix:   "put the app first, or set the annotation " + defaultContainer,
		Bad:   `containers: [{name: proxy}, {name: web, readinessProbe: null}]`,
		Good:  `containers: [{name: web, readinessProbe: null}, {name: proxy}]`,
		Intent: Intent{
			Helpers: []string{"proxy"},
		},
		pod: defaultContainerUnset},
}

func defaultContainerUnset(x *index, r *Rule) {
	if x.Helpers == nil || len(x.spec.Containers) < 2 || x.meta.Annotations[defaultContainer] != "" {
		return
	}
	for k, c := range x.containers {
		if c.init {
			continue
		}
		helper, _ := x.helper(c)
		if c.index == 0 {
			if !helper {
				return
			}
			continue
		}
		if !helper {
			first := x.containers[k-c.index]
			x.reportPod(r, "metadata.annotations", required("kubectl logs and exec go to "+first.Name+", not to "+c.Name, "put "+c.Name+" first, or set the annotation "+defaultContainer+": "+c.Name),
				x.party(first, ""), x.party(c, ""))
			return
		}
	}
}
