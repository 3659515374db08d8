// Package attach adds a container to a pod where its role is a type parameter.
package attach

import "github.com/podpattern/podpattern/pattern"

// To adds a container by the method of its role.
func To[R pattern.Role](p pattern.PodBuilder, c pattern.Container[R]) pattern.PodBuilder {
	switch c := any(c).(type) {
	case pattern.AppContainer:
		return p.WithApp(c)
	case pattern.SidecarContainer:
		return p.WithSidecar(c)
	case pattern.AmbassadorContainer:
		return p.WithAmbassador(c)
	case pattern.AdapterContainer:
		return p.WithAdapter(c)
	case pattern.InitContainer:
		return p.WithInit(c)
	}
	return p
}
