package initc

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// nobody is the user of programs that own no file.
const nobody = 65534

// confined is what every container here is, but for those that can't be: a user
// without rights, and an image that can't be written.
func confined(c pattern.InitContainer, uid int64) pattern.InitContainer {
	return c.Restricted().RunAsUser(uid).RunAsGroup(uid).ReadOnlyRootFilesystem(true)
}

// tells lets the pod's status, and so kubectl describe, have the last lines of the
// log of a container that failed: they say why the app doesn't start.
func tells(c pattern.InitContainer) pattern.InitContainer {
	return c.TerminationMessage("", corev1.TerminationMessageFallbackToLogsOnError)
}
