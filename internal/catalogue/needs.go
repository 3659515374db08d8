package catalogue

import "github.com/podpattern/podpattern/pattern"

// writes lets the app write a volume, at a path that follows from its name.
func writes(name string, v pattern.Volume) need {
	return need{"writes " + name, func(c pattern.AppContainer) pattern.AppContainer { return c.Writes(v, "/var/lib/"+name) }}
}

// reads lets the app read a volume.
func reads(name string, v pattern.Volume) need {
	return need{"reads " + name, func(c pattern.AppContainer) pattern.AppContainer { return c.Reads(v, "/srv/"+name) }}
}

// serves lets the app listen on one more port.
func serves(name string, port int) need {
	return need{"serves " + name, func(c pattern.AppContainer) pattern.AppContainer { return c.Port(name, port) }}
}

// empty is a volume of the pod.
func empty(name string) pattern.Volume { return pattern.EmptyDir(name).SizeLimit("64Mi") }
