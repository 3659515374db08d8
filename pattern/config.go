package pattern

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// configFile is a file that is generated for a container.
type configFile struct {
	path, content string
	at            stack
}

const (
	// maxObject is what a ConfigMap may hold.
	// upstream: kubernetes/kubernetes pkg/apis/core/validation, MaxSecretSize
	maxObject = 1 << 20
	// configAnnotation is before the annotations that carry files, see InlineConfig.
	configAnnotation = "config.podpattern.dev/"
)

// Config gives this container a file with that content. The files ride in one
// immutable ConfigMap, whose name ends in the content's hash, so that a change
// rolls the pods; see also [PodBuilder.InlineConfig]. The folder of the file is
// mounted as a whole, and hides what the image has there, unless it is a folder
// of the root, such as /etc: there the file is mounted alone. A path that is
// relative or right below the root, one path twice, and content that is no UTF-8 or more than 1 MiB are errors.
func (c Container[R]) Config(file, content string) Container[R] {
	switch {
	case !path.IsAbs(file) || path.Clean(file) != file || path.Dir(file) == "/" || strings.Contains(file, ":") || strings.HasPrefix(path.Base(file), ".."):
		return c.reject(invalid("config", ".volumeMounts", file, "is no path of a file in a folder", "such as /etc/app/app.conf"))
	case !utf8.ValidString(content):
		return c.reject(invalid("config", ".volumeMounts", file, "the content is no UTF-8", "mount a Secret or ConfigMap of your own"))
	case len(content) > maxObject:
		return c.reject(invalid("config", ".volumeMounts", file, fmt.Sprintf("the content has %d bytes, a ConfigMap holds %d", len(content), maxObject), "put it into an image or a volume"))
	}
	f := configFile{file, content, here(ofConstructor)}
	return c.add(func(d *draft) { d.own().configs = append(d.configs, f) })
}

// settleConfig turns the files of a container into volumes and mounts, and into
// a ConfigMap or annotations that hold them.
func (r *resolver) settleConfig(d *draft) {
	d.settleConfigFrom()
	if len(d.configs) == 0 {
		return
	}
	data := make(map[string]string, len(d.configs))
	keys := make([]string, len(d.configs))
	parts := make([]string, 0, 2*len(d.configs))
	for i, f := range d.configs {
		if slices.ContainsFunc(d.configs[:i], func(o configFile) bool { return o.path == f.path }) {
			d.report(flaw{rule: "config", field: ".volumeMounts", value: f.path, at: f.at, detail: "the container has this file already", fix: "one Config for one path"})
			continue
		}
		keys[i] = configKey(data, path.Base(f.path))
		data[keys[i]] = f.content
		parts = append(parts, f.path, f.content)
	}
	var source func(items []corev1.KeyToPath) *corev1.VolumeSource
	size := 0
	for _, content := range data {
		size += len(content)
	}
	if size > maxObject {
		d.report(flaw{rule: "config", field: ".volumeMounts", value: size, at: d.origin, detail: "the files together have more bytes than a ConfigMap holds", fix: "put the largest into an image or a volume"})
	}
	if r.inline {
		source = r.inlineSource(d, data)
	} else {
		source = r.configMapSource(d, data, names.Hash(parts...))
	}
	r.mountConfig(d, keys, source)
}

// mountConfig makes a volume for each folder.
func (r *resolver) mountConfig(d *draft, keys []string, source func([]corev1.KeyToPath) *corev1.VolumeSource) {
	var dirs []string
	items := make(map[string][]corev1.KeyToPath)
	for i, f := range d.configs {
		if keys[i] == "" {
			continue
		}
		dir := path.Dir(f.path)
		if items[dir] == nil {
			dirs = append(dirs, dir)
		}
		items[dir] = append(items[dir], corev1.KeyToPath{Key: keys[i], Path: path.Base(f.path)})
	}
	for i, dir := range dirs {
		purpose := "config"
		if i > 0 {
			purpose = fmt.Sprint("config-", i+1)
		}
		name := r.generatedName(d, purpose)
		v := Volume{&volume{name: name, source: source(items[dir]), at: d.origin}}
		if strings.Count(dir, "/") > 1 {
			d.mounts = append(d.mounts, mount{v, dir, reads})
			continue
		}
		for _, item := range items[dir] {
			d.mounts = append(d.mounts, mount{v.SubPath(item.Path), path.Join(dir, item.Path), reads})
		}
	}
}

// configKey gives a file a key that a ConfigMap and an annotation can have: its
// name, as far as that goes.
func configKey(taken map[string]string, base string) string {
	plain := strings.Trim(strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '_'
	}, base), "-_.")
	key := names.Join(40, plain) // an annotation's has 63, the container's name included
	for i := 2; ; i++ {
		if _, dup := taken[key]; !dup && key != "" {
			return key
		}
		key = names.Join(40, strings.Trim(fmt.Sprintf("%s-%d", plain, i), "-"))
	}
}

func (r *resolver) configMapSource(d *draft, data map[string]string, hash string) func([]corev1.KeyToPath) *corev1.VolumeSource {
	name := names.Join(253-len(hash)-1, r.base.Name, d.c.Name) + "-" + hash
	r.objects = append(r.objects, &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: objectMeta(name, r.base.Namespace),
		Immutable:  new(true),
		Data:       data,
	})
	return func(items []corev1.KeyToPath) *corev1.VolumeSource {
		return &corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: items}}
	}
}

// inlineSource lets the files ride in annotations of the pod, which a
// downwardAPI volume mounts.
func (r *resolver) inlineSource(d *draft, data map[string]string) func([]corev1.KeyToPath) *corev1.VolumeSource {
	annotation := func(key string) string {
		return configAnnotation + names.Join(names.Label, d.c.Name+"."+key)
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		d.own().annotations = append(d.annotations, pair{annotation(key), data[key]})
	}
	return func(items []corev1.KeyToPath) *corev1.VolumeSource {
		files := make([]corev1.DownwardAPIVolumeFile, len(items))
		for i, item := range items {
			files[i] = corev1.DownwardAPIVolumeFile{Path: item.Path, FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.annotations['" + annotation(item.Key) + "']"}}
		}
		return &corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{Items: files}}
	}
}

// carry adds an object that something in the pod uses, once.
func (r *resolver) carry(o *generated) {
	for ; o != nil; o = o.more {
		if slices.Contains(r.carried, o.data) {
			continue
		}
		if o.namespace != "" && r.base.Namespace != "" && o.namespace != r.base.Namespace {
			r.reportAt("metadata.namespace", flaw{rule: "config-namespace", level: check.Broken, value: o.namespace, at: o.at,
				detail: o.what + " is in another namespace than the pod, " + r.base.Namespace + ", which can't use it", fix: "leave the object's namespace out: it is the pod's"})
		}
		r.carried = append(r.carried, o.data)
		r.objects = append(r.objects, o.make(r.base.Namespace))
	}
}
