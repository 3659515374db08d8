package check

import corev1 "k8s.io/api/core/v1"

var keyRules = []Rule{
	{ID: "config-key-unknown", Level: Broken,
		Title:   "a container or volume wants a key that the ConfigMap doesn't have",
		Why:     "the kubelet doesn't start the container until the key is there",
		Fix:     "name a key of the ConfigMap, or make the reference optional",
		Bad:     "kind: Pod\nspec: {containers: [{name: web, env: [{name: GREETING, valueFrom: {configMapKeyRef: {name: web, key: greeting}}}]}]}\n---\nkind: ConfigMap\ndata: {hello: world}",
		Good:    "kind: Pod\nspec: {containers: [{name: web, env: [{name: GREETING, valueFrom: {configMapKeyRef: {name: web, key: hello}}}]}]}\n---\nkind: ConfigMap\ndata: {hello: world}",
		objects: func(s *set, r *Rule) { s.unknownKeys(r, "ConfigMap", len(s.configs), s.lacksConfigKey) }},
	{ID: "secret-key-unknown", Level: Broken,
		Title:   "a container or volume wants a key that the Secret doesn't have",
		Why:     "the kubelet doesn't start the container until the key is there; a Secret without any key is left to whoever fills it",
		Fix:     "name a key of the Secret, or make the reference optional",
		Bad:     "kind: Pod\nspec: {containers: [{name: web, env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: web, key: pass}}}]}]}\n---\nkind: Secret\nstringData: {password: example}",
		Good:    "kind: Pod\nspec: {containers: [{name: web, env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: web, key: password}}}]}]}\n---\nkind: Secret\nstringData: {password: example}",
		objects: func(s *set, r *Rule) { s.unknownKeys(r, "Secret", len(s.secrets), s.lacksSecretKey) }},
}

// lacksConfigKey says whether a ConfigMap is there and none of its variants has the key.
func (s *set) lacksConfigKey(of key, item string) bool {
	for _, c := range s.configs[of] {
		_, text := c.Data[item]
		_, binary := c.BinaryData[item]
		if text || binary {
			return false
		}
	}
	return len(s.configs[of]) > 0
}

// lacksSecretKey is lacksConfigKey for Secrets; one that is empty will be filled.
func (s *set) lacksSecretKey(of key, item string) bool {
	for _, c := range s.secrets[of] {
		_, data := c.Data[item]
		_, text := c.StringData[item]
		if data || text || len(c.Data)+len(c.StringData) == 0 {
			return false
		}
	}
	return len(s.secrets[of]) > 0
}

// unknownKeys looks up the keys that the pods want of the objects of a kind that are
// there.
func (s *set) unknownKeys(r *Rule, kind string, there int, lacks func(key, string) bool) {
	if there == 0 {
		return
	}
	for i := range s.workloads {
		w := &s.workloads[i]
		w.wantedKeys(s.options, kind, func(k wantedKey) {
			if isTrue(k.optional) || !lacks(key{w.object.GetNamespace(), k.name}, k.item) {
				return
			}
			f := invalid(k.item, kind+" "+k.name+" doesn't have this key", "")
			if k.container != "" {
				f.Parties = []Party{{Container: k.container, Path: k.path}}
			}
			s.report(r, w.String(), k.path, f)
		})
	}
}

// wantedKey is a key of a ConfigMap or a Secret that a pod names.
type wantedKey struct {
	name, item, path string
	container        string // "": a volume
	optional         *bool
}

func (w *workload) wantedKeys(o options, kind string, want func(wantedKey)) {
	x := newIndex(&w.template.ObjectMeta, &w.template.Spec, o)
	if w.path != "" {
		x.under = w.path + "."
	}
	for _, c := range x.containers {
		for i := range c.Env {
			switch from := c.Env[i].ValueFrom; {
			case from == nil:
			case kind == "ConfigMap" && from.ConfigMapKeyRef != nil:
				ref := from.ConfigMapKeyRef
				want(wantedKey{ref.Name, ref.Key, x.path(c, ".env"+at(i)+".valueFrom.configMapKeyRef.key"), c.Name, ref.Optional})
			case kind == "Secret" && from.SecretKeyRef != nil:
				ref := from.SecretKeyRef
				want(wantedKey{ref.Name, ref.Key, x.path(c, ".env"+at(i)+".valueFrom.secretKeyRef.key"), c.Name, ref.Optional})
			}
		}
	}
	x.keysInVolumes(kind, want)
}

// keysInVolumes leaves out the volumes that nobody mounts.
func (x *index) keysInVolumes(kind string, want func(wantedKey)) {
	for i := range x.spec.Volumes {
		v, path := &x.spec.Volumes[i], x.under+"spec.volumes"+at(i)
		items := func(name, field string, items []corev1.KeyToPath, optional *bool) {
			for j := range items {
				want(wantedKey{name, items[j].Key, path + field + ".items" + at(j) + ".key", "", optional})
			}
		}
		switch {
		case v.ConfigMap == nil && v.Secret == nil && v.Projected == nil || !x.setUp(v.Name):
		case v.ConfigMap != nil && kind == "ConfigMap":
			items(v.ConfigMap.Name, ".configMap", v.ConfigMap.Items, v.ConfigMap.Optional)
		case v.Secret != nil && kind == "Secret":
			items(v.Secret.SecretName, ".secret", v.Secret.Items, v.Secret.Optional)
		case v.Projected != nil:
			for j := range v.Projected.Sources {
				field := ".projected.sources" + at(j)
				if s := v.Projected.Sources[j].ConfigMap; s != nil && kind == "ConfigMap" {
					items(s.Name, field+".configMap", s.Items, s.Optional)
				}
				if s := v.Projected.Sources[j].Secret; s != nil && kind == "Secret" {
					items(s.Name, field+".secret", s.Items, s.Optional)
				}
			}
		}
	}
}
