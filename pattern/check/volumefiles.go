package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var volumeFileRules = []Rule{
	{ID: "key-path", Level: Rejected,
		Title: "an item of a volume lacks its key or path, or its path leads out of the volume",
		Why:   "a file would be missing, or would overwrite one of the node: the API server refuses the pod",
		Fix:   "a key of the object, and a relative path without two dots",
		Bad:   `{volumes: [{name: config, configMap: {name: web, items: [{key: web.conf, path: /etc/web.conf}]}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		Good:  `{volumes: [{name: config, configMap: {name: web, items: [{key: web.conf, path: web.conf}]}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.items) }},
	{ID: "keypath-overlap", Level: Warning,
		Title: "two files of a volume have the same path, or one lies inside the other",
		Why:   "the later file replaces the other; or, where one would have to be a folder, the volume is never set up and the pod waits for ever",
		Fix:   "give each file a path of its own",
		Bad:   `{volumes: [{name: config, configMap: {name: web, items: [{key: web.conf, path: web}, {key: tls.conf, path: web/tls}]}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		Good:  `{volumes: [{name: config, configMap: {name: web, items: [{key: web.conf, path: web.conf}, {key: tls.conf, path: tls.conf}]}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.overlaps) }},
}

func (v volumeSite) items() {
	switch v.source {
	case "configMap":
		v.keys(v.ConfigMap.Items, -1, ".configMap")
	case "secret":
		v.keys(v.Secret.Items, -1, ".secret")
	case "projected":
		for i := range v.Projected.Sources {
			if s := v.Projected.Sources[i].Secret; s != nil {
				v.keys(s.Items, i, ".secret")
			}
			if s := v.Projected.Sources[i].ConfigMap; s != nil {
				v.keys(s.Items, i, ".configMap")
			}
		}
	}
}

// keys looks at the items of a source: the volume's own, or one that it projects.
func (v volumeSite) keys(items []corev1.KeyToPath, projected int, source string) {
	for i := range items {
		item := &items[i]
		if item.Key == "" {
			v.report(itemPath(projected, source, i)+".key", required("", ""))
		}
		if item.Path == "" {
			v.report(itemPath(projected, source, i)+".path", required("", ""))
		}
		if leavesVolume(item.Path) {
			v.localPath(item.Path, itemPath(projected, source, i)+".path")
		}
		if badMode(item.Mode) {
			v.mode(item.Mode, itemPath(projected, source, i)+".mode")
		}
	}
}

// itemPath gives the path of an item; projected is negative for the volume's own.
func itemPath(projected int, source string, item int) string {
	if projected >= 0 {
		source = ".projected.sources" + at(projected) + source
	}
	return source + ".items" + at(item)
}

func badMode(mode *int32) bool { return mode != nil && (*mode < 0 || *mode > 0o777) }

func leavesVolume(p string) bool {
	return strings.HasPrefix(p, "/") || strings.Contains(p, "..")
}

// localPath reports a path that leads out of the volume, or that the kubelet keeps
// for itself.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go ValidateLocalNonReservedPath
func (v volumeSite) localPath(p, fields string) {
	v.descends(p, fields)
	if strings.HasPrefix(p, "..") && !strings.HasPrefix(p, "../") {
		v.report(fields, invalid(p, "must not start with '..'", "names that start with .. are the kubelet's own"))
	}
}

// volumeFile is a file that a volume is to have, and the field that says so.
type volumeFile struct {
	path      string
	projected int // the place in the sources; negative: the volume's own
	source    string
	item      int // negative: the source is one file
}

func (f volumeFile) field() string {
	if f.item < 0 {
		return ".projected.sources" + at(f.projected) + f.source
	}
	return itemPath(f.projected, f.source, f.item) + ".path"
}

// overlaps finds what the API server warns of, but for what it refuses.
// upstream: kubernetes/kubernetes pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths
func (v volumeSite) overlaps() {
	var seen firsts[string]
	v.files(func(f volumeFile) {
		single := 0
		if f.item < 0 {
			single = 1
		}
		// The API server refuses two items of a projected volume: see projected-source.
		if first, dup := seen.at(f.path, single); dup && (v.source != "projected" || first+single > 0) {
			v.report(f.field(), invalid(f.path, "overlapping paths: it is the path of another file too", ""))
		}
	})
	if seen.n < 2 {
		return
	}
	v.files(func(f volumeFile) {
		for i := range len(f.path) {
			if f.path[i] != '/' {
				continue
			}
			if _, inside := seen.find(f.path[:i]); inside {
				v.report(f.field(), invalid(f.path, "overlapping paths: it lies inside "+f.path[:i]+", which is a file", ""))
				break
			}
		}
	})
}

// files calls do for each file that has a path.
func (v volumeSite) files(do func(volumeFile)) {
	switch v.source {
	case "configMap":
		keyFiles(v.ConfigMap.Items, -1, ".configMap", do)
	case "secret":
		keyFiles(v.Secret.Items, -1, ".secret", do)
	case "downwardAPI":
		downwardFiles(v.DownwardAPI.Items, -1, do)
	case "projected":
		for i := range v.Projected.Sources {
			s := &v.Projected.Sources[i]
			if s.ConfigMap != nil {
				keyFiles(s.ConfigMap.Items, i, ".configMap", do)
			}
			if s.Secret != nil {
				keyFiles(s.Secret.Items, i, ".secret", do)
			}
			if s.DownwardAPI != nil {
				downwardFiles(s.DownwardAPI.Items, i, do)
			}
			if s.ServiceAccountToken != nil && s.ServiceAccountToken.Path != "" {
				do(volumeFile{strings.TrimRight(s.ServiceAccountToken.Path, "/"), i, ".serviceAccountToken.path", -1})
			}
		}
	}
}

func keyFiles(items []corev1.KeyToPath, projected int, source string, do func(volumeFile)) {
	for i := range items {
		if p := strings.TrimRight(items[i].Path, "/"); p != "" {
			do(volumeFile{p, projected, source, i})
		}
	}
}

func downwardFiles(items []corev1.DownwardAPIVolumeFile, projected int, do func(volumeFile)) {
	for i := range items {
		if p := strings.TrimRight(items[i].Path, "/"); p != "" {
			do(volumeFile{p, projected, ".downwardAPI", i})
		}
	}
}
