package pattern

// Role is what a container is for in its pod. The five roles are types, so that
// a sidecar passed to WithAmbassador doesn't compile.
type Role interface {
	AppRole | SidecarRole | AmbassadorRole | AdapterRole | InitRole
}

type (
	// AppRole is the role of the programs that the pod exists for.
	AppRole struct{}
	// SidecarRole is the role of a container that extends the app.
	SidecarRole struct{}
	// AmbassadorRole is the role of a container that stands between the app and
	// the network.
	AmbassadorRole struct{}
	// AdapterRole is the role of a container that converts what the app says.
	AdapterRole struct{}
	// InitRole is the role of a container that ends before the app starts.
	InitRole struct{}
)

// AppContainer is the program that the pod exists for; methods: see [Container].
type AppContainer = Container[AppRole]

// SidecarContainer extends the app: it ships logs, exports metrics, keeps files
// in step; methods: see [Container].
type SidecarContainer = Container[SidecarRole]

// AmbassadorContainer stands between the app and the network: the app dials
// localhost, the ambassador knows the way; methods: see [Container].
type AmbassadorContainer = Container[AmbassadorRole]

// AdapterContainer converts what the app says into what others understand;
// methods: see [Container].
type AdapterContainer = Container[AdapterRole]

// InitContainer runs to its end before the app starts; methods: see [Container].
type InitContainer = Container[InitRole]

// App starts an app container: a regular one, in spec.containers.
func App(name, image string) AppContainer {
	return start[AppRole](name, image, here(ofConstructor))
}

// Sidecar starts a sidecar: a native one unless it is made [Container.Classic]
// or the target is older than 1.29.
func Sidecar(name, image string) SidecarContainer {
	return start[SidecarRole](name, image, here(ofConstructor))
}

// Ambassador starts an ambassador, native like a [Sidecar].
func Ambassador(name, image string) AmbassadorContainer {
	return start[AmbassadorRole](name, image, here(ofConstructor))
}

// Adapter starts an adapter, native like a [Sidecar].
func Adapter(name, image string) AdapterContainer {
	return start[AdapterRole](name, image, here(ofConstructor))
}

// Init starts an init container: one that runs to its end, in
// spec.initContainers, in the order of the calls.
func Init(name, image string) InitContainer {
	return start[InitRole](name, image, here(ofConstructor))
}

// role is a Role as a value.
type role uint8

const (
	appRole role = iota
	sidecarRole
	ambassadorRole
	adapterRole
	initRole
)

func (r role) String() string {
	return [...]string{"app", "sidecar", "ambassador", "adapter", "init"}[r]
}

// helper says whether the role is that of a container that stays beside the app.
func (r role) helper() bool { return r == sidecarRole || r == ambassadorRole || r == adapterRole }

func roleOf[R Role]() role {
	switch any(*new(R)).(type) {
	case SidecarRole:
		return sidecarRole
	case AmbassadorRole:
		return ambassadorRole
	case AdapterRole:
		return adapterRole
	case InitRole:
		return initRole
	}
	return appRole
}
