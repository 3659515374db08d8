package check

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxConfigMap is what the values of a ConfigMap may hold together.
// upstream: kubernetes/kubernetes pkg/apis/core/validation ValidateConfigMap
const maxConfigMap = 1 << 20

var configMapRules = []Rule{
	{ID: "config-key-unknown", Level: Broken,
		Title: "a container or volume wants a key that the ConfigMap doesn't have",
		Why:   "the kubelet doesn't start the container until the key is there",
		Fix:   "name a key of the ConfigMap, or make the reference optional",
		Bad:   "kind: Pod\nspec: {containers: [{name: web, env: [{name: GREETING, valueFrom: {configMapKeyRef: {name: web, key: greeting}}}]}]}\n---\nkind: ConfigMap\ndata: {hello: world}",
		Good:  "kind: Pod\nspec: {containers: [{name: web, env: [{name: GREETING, valueFrom: {configMapKeyRef: {name: web, key: hello}}}]}]}\n---\nkind: ConfigMap\ndata: {hello: world}",
		objects: func(s *set, r *Rule) {
			for i := range s.workloads {
				configKeys(s, r, &s.workloads[i])
			}
		}},
	{ID: "config-size", Level: Rejected,
		Title: "a ConfigMap is larger than 1 MiB",
		Why:   "the API server refuses what its store can't take well",
		Fix:   "split it, or put the files into an image or a volume",
		Bad:   "kind: ConfigMap\ndata: {a: <300 KiB>, b: <300 KiB>, c: <300 KiB>, d: <300 KiB>}",
		Good:  "kind: ConfigMap\ndata: {a: <300 KiB>, b: <300 KiB>}",
		objects: func(s *set, r *Rule) {
			for _, c := range s.configMaps {
				size := 0
				for _, v := range c.Data {
					size += len(v)
				}
				for _, v := range c.BinaryData {
					size += len(v)
				}
				if size > maxConfigMap {
					s.report(r, objectName("ConfigMap", c), "data", Finding{Type: field.ErrorTypeTooLong, Detail: fmt.Sprintf("may not be more than %d bytes", maxConfigMap)})
				}
			}
		}},
}

// configKeys looks up the keys that a pod wants in the ConfigMaps that are there.
func configKeys(s *set, r *Rule, w *workload) {
	if len(s.configs) == 0 {
		return
	}
	x := newIndex(&w.template.ObjectMeta, &w.template.Spec, s.options)
	if w.path != "" {
		x.under = w.path + "."
	}
	lacks := func(name, item string, optional *bool) bool {
		if isTrue(optional) {
			return false
		}
		there := false
		for _, c := range s.configs[key{w.object.GetNamespace(), name}] {
			_, text := c.Data[item]
			_, binary := c.BinaryData[item]
			if text || binary {
				return false
			}
			there = true
		}
		return there
	}
	unknown := func(name, item string) Finding {
		return invalid(item, "ConfigMap "+name+" doesn't have this key", "")
	}
	for _, c := range x.containers {
		for i := range c.Env {
			from := c.Env[i].ValueFrom
			if from == nil || from.ConfigMapKeyRef == nil {
				continue
			}
			if ref := from.ConfigMapKeyRef; lacks(ref.Name, ref.Key, ref.Optional) {
				f := unknown(ref.Name, ref.Key)
				path := x.path(c, ".env"+at(i)+".valueFrom.configMapKeyRef.key")
				f.Parties = []Party{{Container: c.Name, Path: path}}
				s.report(r, w.String(), path, f)
			}
		}
	}
	for i := range x.spec.Volumes {
		v := x.spec.Volumes[i].ConfigMap
		if v == nil {
			continue
		}
		for j := range v.Items {
			if lacks(v.Name, v.Items[j].Key, v.Optional) {
				s.report(r, w.String(), x.under+"spec.volumes"+at(i)+".configMap.items"+at(j)+".key", unknown(v.Name, v.Items[j].Key))
			}
		}
	}
}
