package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

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
