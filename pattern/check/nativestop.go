package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var nativeStopRules = []Rule{
	{ID: "native-prestop-unordered", Level: Warning,
		Title: "the preStop hook of a native sidecar ends it at once",
		Why:   "only SIGTERM waits for the apps, but all preStop hooks run as soon as the pod is to stop: the apps lose the sidecar while they still work; this sees kill, quit, shutdown and the like in the hook",
		Fix:   "drop the hook: the sidecar gets SIGTERM after the apps have ended",
		Bad:   `initContainers: [{name: proxy, restartPolicy: Always, lifecycle: {preStop: {exec: {command: [nginx, -s, quit]}}}}]`,
		Good:  `initContainers: [{name: proxy, restartPolicy: Always}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if !c.native() || c.Lifecycle == nil || c.Lifecycle.PreStop == nil {
					continue
				}
				if field, end := endsItself(c.Lifecycle.PreStop); end != "" {
					x.report(r, c, ".lifecycle.preStop."+field, invalid(end, "runs as soon as the pod is to stop, not after the apps", ""))
				}
			}
		}},
}

// endings are what a hook says that ends a program.
var endings = [...]string{"quitquitquit", "/-/quit", "pkill", "killall", "kill ", "shutdown", "-s quit", "-s stop"}

// endsItself gives what of a hook ends its container, and the field it stands in.
// A hook that first waits or sleeps may know what it does.
func endsItself(h *corev1.LifecycleHandler) (field, end string) {
	if h.HTTPGet != nil && h.Exec == nil {
		return "httpGet", ending(h.HTTPGet.Path)
	}
	if h.Exec == nil {
		return "", ""
	}
	line := strings.Join(h.Exec.Command, " ")
	for _, wait := range [...]string{"sleep", "wait", "while", "until"} {
		if strings.Contains(line, wait) {
			return "", ""
		}
	}
	return "exec", ending(line)
}

func ending(s string) string {
	for _, e := range endings {
		if strings.Contains(s, e) {
			return strings.TrimSpace(e)
		}
	}
	return ""
}
