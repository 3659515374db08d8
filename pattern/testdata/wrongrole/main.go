// Wrongrole must not compile: each call passes a container of one role where
// another is asked for.
package main

import "github.com/podpattern/podpattern/pattern"

func main() {
	p := pattern.Pod("web")
	p.WithAmbassador(pattern.Sidecar("a", "a:1"))
	p.WithSidecar(pattern.Ambassador("a", "a:1"))
	p.WithSidecar(pattern.Adapter("a", "a:1"))
	p.WithAdapter(pattern.App("a", "a:1"))
	p.WithApp(pattern.Init("a", "a:1"))
	p.WithInit(pattern.Sidecar("a", "a:1"))
	p.WithInit(pattern.Pod("a"))
	p.WithApp(pattern.App("a", "a:1").Late(func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c }))
	pattern.Objects(pattern.App("a", "a:1"))
	pattern.App("a", "a:1").PreStop(pattern.EmptyDir("v"))
}
