package pattern

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// wiring is what a container says of the rest of the pod. The verbs are a closed
// set, each of which the library can plan, check and take back.
type wiring struct {
	only        []string // the containers it wires; nil: all apps
	appEnv      []corev1.EnvVar
	appEnvFrom  []corev1.EnvFromSource
	appMounts   []mount
	labels      []pair
	annotations []pair
	scrapes     []scrape
	endpoints   []endpoint
	dials       []upstream
	fronts      []front
	fsGroup     *int64
	sharePID    bool
	pullSecrets []wiredSecret
	hostAliases []wiredAlias
	api         *apiAccess
	declares    []Volume // used without a mount
	needs       []need
	ownPolicy   *stack // where RestartPolicy was called
}

type pair struct{ key, value string }

// What a container adds to a list of the pod has its index there only when all
// have been added, and so do its flaws.
type (
	wiredSecret struct {
		name string
		bad  *flaw
	}
	wiredAlias struct {
		corev1.HostAlias
		bad *flaw
	}
)

type apiAccess struct{ rules []rbacv1.PolicyRule }

// For restricts what this container wires to the containers of those names; it
// appends to what an earlier call said. By default that are all apps. A name that
// the pod doesn't have is an error.
func (c Container[R]) For(names ...string) Container[R] {
	names = slices.Clone(names)
	if len(names) == 0 {
		return c.reject(missing("no-arguments", "", "name the containers: For(\"web\")"))
	}
	return c.add(func(d *draft) { d.own().only = append(d.only, names...) })
}

// AppEnv gives the apps a variable. It stands before their own, so that they can
// refer to it as $(NAME); an app that sets it itself keeps its own value. Two
// helpers that give one variable different values are an error.
func (c Container[R]) AppEnv(name, value string) Container[R] {
	return c.appEnv(corev1.EnvVar{Name: name, Value: value})
}

// AppEnvSecret is [Container.AppEnv] with the value from a key of a Secret.
func (c Container[R]) AppEnvSecret(name string, secret SecretBuilder, key string) Container[R] {
	e, bad := secret.envVar(name, key)
	c = c.appEnv(e)
	return c.add(func(d *draft) {
		d.reportAll(bad, "spec.containers.env")
		d.own().objects = append(d.objects, secret.generated())
	})
}

func (c Container[R]) appEnv(e corev1.EnvVar) Container[R] {
	if bad := badEnvName("spec.containers.env.name", e.Name); bad != nil {
		return c.reject(bad)
	}
	return c.add(func(d *draft) { d.own().appEnv = append(d.appEnv, *e.DeepCopy()) })
}

// AppEnvFrom gives the apps all keys of a ConfigMap or Secret as variables, after
// what they take themselves.
func (c Container[R]) AppEnvFrom(source EnvSource) Container[R] {
	if isNil(source) {
		return c.reject(missing("nil-argument", "spec.containers.envFrom", "give a ConfigMap or a Secret"))
	}
	from, bad := source.envFrom()
	o := source.generated()
	return c.add(func(d *draft) {
		d.reportAll(bad, "spec.containers.envFrom")
		d.own().appEnvFrom = append(d.appEnvFrom, *from.DeepCopy())
		d.own().objects = append(d.objects, o)
	})
}

// AppReads mounts a volume read-only in the apps, which read it. A path where an
// app mounts something else is an error.
func (c Container[R]) AppReads(v Volume, path string) Container[R] {
	return c.appMount(mount{v, path, reads})
}

// AppWrites mounts a volume in the apps, which write it; otherwise as
// [Container.AppReads].
func (c Container[R]) AppWrites(v Volume, path string) Container[R] {
	return c.appMount(mount{v, path, writes})
}

// AppMount mounts a volume in the apps and says nothing of the direction;
// otherwise as [Container.AppReads].
func (c Container[R]) AppMount(v Volume, path string) Container[R] {
	return c.appMount(mount{v, path, unstated})
}

func (c Container[R]) appMount(m mount) Container[R] {
	bad := pathFlaw(m.path, "spec.containers.volumeMounts.mountPath")
	if m.volume.v == nil {
		bad = bad.and(zeroVolume())
	}
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		if bad == nil {
			d.own().appMounts = append(d.appMounts, m)
		}
	})
}

// PodLabel gives the pod a label, unless the pod sets it itself. Two helpers that
// give one label different values are an error.
func (c Container[R]) PodLabel(key, value string) Container[R] {
	bad := labelFlaw("metadata.labels", key, value)
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		d.own().labels = append(d.labels, pair{key, value})
	})
}

// PodAnnotation gives the pod an annotation; otherwise as [Container.PodLabel].
func (c Container[R]) PodAnnotation(key, value string) Container[R] {
	bad := keyFlaw("metadata.annotations", key)
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		d.own().annotations = append(d.annotations, pair{key, value})
	})
}

// FSGroup makes the volumes of the pod writable for group gid, unless the pod
// sets a group itself. Two helpers that need different groups are an error.
func (c Container[R]) FSGroup(gid int64) Container[R] {
	if badID(gid) {
		return c.reject(podIDFlaw("fsGroup", gid))
	}
	return c.add(func(d *draft) { id := gid; d.own().fsGroup = &id })
}

// SharePID lets the containers of the pod see and signal each other's processes
// (shareProcessNamespace).
func (c Container[R]) SharePID() Container[R] {
	return c.add(func(d *draft) { d.own().sharePID = true })
}

// PullSecret lets the pod pull images with a Secret; it is added once.
func (c Container[R]) PullSecret(name string) Container[R] {
	bad := newObjectRef("Secret", name).flaws
	return c.add(func(d *draft) {
		d.own().pullSecrets = append(d.pullSecrets, wiredSecret{name, bad})
	})
}

// HostAlias gives the pod's /etc/hosts a line; it is added once.
func (c Container[R]) HostAlias(ip string, hostnames ...string) Container[R] {
	a, bad := hostAlias(ip, hostnames)
	return c.add(func(d *draft) {
		d.own().hostAliases = append(d.hostAliases, wiredAlias{*a.DeepCopy(), bad})
	})
}

func hostAlias(ip string, hostnames []string) (corev1.HostAlias, *flaw) {
	var bad *flaw
	if msgs := validation.IsValidIP(nil, ip); len(msgs) > 0 {
		bad = invalid("host-alias", ".ip", ip, "is no IP address", "such as 10.0.0.1")
	}
	if len(hostnames) == 0 {
		bad = bad.and(missing("no-arguments", ".hostnames", "name the hosts"))
	}
	for _, h := range hostnames {
		if len(validation.IsDNS1123Subdomain(h)) > 0 {
			bad = bad.and(invalid("host-alias", ".hostnames", h, "is no name of a host", "such as db.example.com"))
		}
	}
	return corev1.HostAlias{IP: ip, Hostnames: slices.Clone(hostnames)}, bad
}

// NeedsAPI lets this container, and no other, talk to the API server with those
// rights in its own namespace: a ServiceAccount, Role and RoleBinding in Objects,
// a projected token mounted in this container only, and no token for the rest
// (automountServiceAccountToken: false, unless the pod says otherwise). Of an
// account that the pod names itself, only the rights are added. It appends to
// what an earlier call said. A rule without verbs, API groups or resources is an
// error.
// docs: concepts/storage/projected-volumes, serviceAccountToken.
func (c Container[R]) NeedsAPI(rules ...rbacv1.PolicyRule) Container[R] {
	kept := make([]rbacv1.PolicyRule, len(rules))
	for i := range rules {
		rules[i].DeepCopyInto(&kept[i])
	}
	for _, rule := range kept {
		if len(rule.Verbs) == 0 || len(rule.Resources) == 0 || len(rule.APIGroups) == 0 {
			return c.reject(invalid("api-rule", "", nil, "a rule of a Role has verbs, apiGroups (\"\" is the core) and resources", "name all three"))
		}
	}
	return c.add(func(d *draft) {
		if d.api == nil {
			d.own().api = &apiAccess{}
		}
		for i := range kept {
			d.own().api.rules = append(d.api.rules, *kept[i].DeepCopy())
		}
	})
}

// Brings adds containers that this one can't do without: they stand before it in
// the order. The same value, brought twice or added to the pod as well, is added
// once; two values that were made by two calls are two containers. A nil one is an
// error.
func (c Container[R]) Brings(companions ...Helper) Container[R] {
	if len(companions) == 0 {
		return c.reject(missing("no-arguments", "", "bring a container"))
	}
	for _, h := range companions {
		if isNil(h) {
			c = c.reject(missing("nil-argument", "", "bring a container"))
			continue
		}
		s := h.spec()
		c = c.add(func(d *draft) { d.own().brings = append(d.brings, s) })
	}
	return c
}

// objectMeta is the metadata of a generated object.
func objectMeta(name, namespace string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: namespace}
}
