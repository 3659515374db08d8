package pattern

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
)

// ServerSideApply gives the body of a server-side apply, in JSON, by which a field manager
// comes to own the bundle's parts of an object, and nothing else: the API server takes out
// what a later body doesn't have any more, so that there is no removal but to apply an empty
// bundle of the name. The object is the live one, from which the body takes whom to wire.
//
// The API server puts what is new at the end of a list: native helpers come after the pod's
// own init containers, and variables after the app's. Of envFrom only the whole list can be
// owned, so a helper with [Container.AppEnvFrom] is an error; so are a List and an object
// without a name.
// A container that the body gives something can't be removed or renamed by who applies the
// rest, before the bundle has been applied for the object without it: there, use ApplyTo.
// docs: reference/using-api/server-side-apply, merge strategy.
func (b Injection) ServerSideApply(o runtime.Object) ([]byte, error) {
	pods, err := podsOf(o)
	if err != nil {
		return nil, noPodIn(err).Err()
	}
	m, err := meta.Accessor(o)
	version, kind := apiVersionAndKind(o)
	if err != nil || m.GetName() == "" || version == "" || len(pods) != 1 {
		return nil, noPodIn(errors.New("it is a List, or has no name, or no apiVersion and kind")).Err()
	}
	in := b.inject(pods[0].carried, false)
	if slices.ContainsFunc(in.parts, func(p part) bool { return p.kind == envFromHome }) {
		in.found = append(in.found, invalid("server-side-apply", "", nil, "envFrom can only be owned as a whole", "give the variables one by one with AppEnv, or use ApplyTo").finding(""))
	}
	if err := in.found.Err(); err != nil {
		return nil, err
	}
	pod, err := in.owned()
	if err != nil {
		return nil, err
	}
	body := map[string]any{}
	path := strings.FieldsFunc(pods[0].kind.path, func(r rune) bool { return r == '.' })
	for k, v := range pod {
		branch(body, path)[k] = v
	}
	head := branch(body, []string{"metadata"})
	head["name"] = m.GetName()
	if m.GetNamespace() != "" {
		head["namespace"] = m.GetNamespace()
	}
	body["apiVersion"], body["kind"] = version, kind
	return json.Marshal(body)
}

// owned gives the bundle's parts as a pod of which only they are said.
func (in *injected) owned() (map[string]any, error) {
	var containers []any // that get something
	for i := range in.parts {
		if name := in.parts[i].container; name != "" && !slices.ContainsFunc(containers, func(c any) bool { return c.(map[string]any)["name"] == name }) {
			containers = append(containers, map[string]any{"name": name})
		}
	}
	pod := map[string]any{}
	if len(containers) > 0 {
		pod["spec"] = map[string]any{"containers": containers}
	}
	for _, h := range in.homes(nil) {
		items := in.itemsOf(h)
		if h.kind == annotationHome && len(in.parts) > 0 {
			items = append(items, item{key: recordAnnotation + in.bundle, value: &in.record})
		}
		c := change{home: h}
		for i, it := range items {
			if h.kind == regularHome {
				i += len(containers)
			}
			c.steps = append(c.steps, step{added, i, it})
		}
		if len(items) == 0 {
			continue
		}
		if err := c.applyTree(pod); err != nil {
			return nil, err
		}
	}
	return pod, nil
}

// apiVersionAndKind gives what the object says of itself, else what its type says: the API
// machinery leaves these fields empty in typed objects.
func apiVersionAndKind(o runtime.Object) (version, kind string) {
	if version, kind = o.GetObjectKind().GroupVersionKind().ToAPIVersionAndKind(); version != "" {
		return version, kind
	}
	t := reflect.TypeOf(o).Elem()
	version, ours := strings.CutPrefix(t.PkgPath(), "k8s.io/api/")
	if !ours {
		return "", ""
	}
	return strings.TrimPrefix(version, "core/"), t.Name()
}
