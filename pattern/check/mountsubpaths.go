package check

import (
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var subPathRules = []Rule{
	{ID: "subpath", Level: Rejected,
		Title: "a subPath leads out of its volume, or is set together with subPathExpr",
		Why:   "the container could reach files of the node: the API server refuses the pod",
		Fix:   "a relative path without two dots, and only one of the two fields",
		Bad:   `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, subPath: /web}]}]}`,
		Good:  `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, subPath: web}]}]}`,
		pod: func(x *index, r *Rule) {
			x.mounts(func(c site, i int, m *corev1.VolumeMount) {
				if m.SubPath != "" {
					x.subPath(r, c, i, "subPath", m.SubPath)
				}
				if m.SubPathExpr == "" {
					return
				}
				x.subPath(r, c, i, "subPathExpr", m.SubPathExpr)
				if m.SubPath != "" {
					x.report(r, c, ".volumeMounts"+at(i)+".subPathExpr", invalid(m.SubPathExpr, "subPathExpr and subPath are mutually exclusive", "keep one of the two"))
				}
			})
		}},
	{ID: "subpathexpr-undefined", Level: Broken,
		Title: "a subPathExpr names a variable that the container doesn't set, or sets to nothing",
		Why:   "the kubelet doesn't know the variables of the image: it can't make the container, and tries again for ever",
		Fix:   "set the variable in env of the same container",
		Bad:   `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, subPathExpr: $(POD_NAME)}]}]}`,
		Good:  `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}], volumeMounts: [{name: data, mountPath: /data, subPathExpr: $(POD_NAME)}]}]}`,
		pod:   subPathExprUndefined},
	{ID: "subpath-stale", Level: Warning,
		Title: "a container mounts a file of a configMap, secret or token by subPath",
		Why:   "the file stays as it was when the container started: changes and renewed tokens don't reach it",
		Fix:   "mount the whole volume on a folder, or roll the pods out at every change, with a checksum in an annotation of the template",
		Bad:   `{volumes: [{name: config, configMap: {name: web}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web/web.conf, subPath: web.conf}]}]}`,
		Good:  `{volumes: [{name: config, configMap: {name: web}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		pod:   subPathStale},
}

func (x *index) subPath(r *Rule, c site, i int, name, p string) {
	if path.IsAbs(p) {
		x.report(r, c, ".volumeMounts"+at(i)+"."+name, invalid(p, "must be a relative path", "leave out the first /"))
	}
	if hasBackstep(p) {
		x.report(r, c, ".volumeMounts"+at(i)+"."+name, invalid(p, "must not contain '..'", "name the folder without .."))
	}
}

// subPathExprUndefined knows nothing of envFrom, nor of the variables that the
// kubelet adds for Services.
// upstream: kubernetes/kubernetes pkg/kubelet/container/helpers.go ExpandContainerVolumeMounts
func subPathExprUndefined(x *index, r *Rule) {
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		if m.SubPathExpr == "" || len(c.EnvFrom) > 0 {
			return
		}
		for name, rest, found := nextRef(m.SubPathExpr); found; name, rest, found = nextRef(rest) {
			if name == "" || x.fromService(name) {
				continue
			}
			switch defined, empty := lastVariable(c, name); {
			case !defined:
				x.report(r, c, ".volumeMounts"+at(i)+".subPathExpr", invalid(m.SubPathExpr, "container "+c.Name+" has no variable "+name, ""))
				return
			case empty:
				x.report(r, c, ".volumeMounts"+at(i)+".subPathExpr", invalid(m.SubPathExpr, "the variable "+name+" is empty", ""))
				return
			}
		}
	})
}

// lastVariable says whether c sets a variable: the last one of a name counts.
func lastVariable(c site, name string) (defined, empty bool) {
	for i := range c.Env {
		if e := &c.Env[i]; e.Name == name {
			defined, empty = true, e.Value == "" && e.ValueFrom == nil
		}
	}
	return defined, empty
}

// subPathStale spares pods that start again at a change, and init containers, which
// see a file once anyhow.
// docs: https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
func subPathStale(x *index, r *Rule) {
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		if m.SubPath == "" && m.SubPathExpr == "" || c.runsToItsEnd() {
			return
		}
		v, ok := x.volumes.find(m.Name)
		if !ok {
			return
		}
		s := &x.spec.Volumes[v].VolumeSource
		var what string
		switch {
		case projectsToken(s.Projected, false):
			what = "the token in it expires, and the container never gets the next one"
		case x.restartedAtChanges():
			return
		case s.Projected != nil || s.DownwardAPI != nil:
			what = "the container doesn't see changes of it before it starts again"
		case s.ConfigMap != nil && !hashed(s.ConfigMap.Name), s.Secret != nil && !hashed(s.Secret.SecretName):
			what = "the container doesn't see changes of it before it starts again"
		default:
			return
		}
		field, value := ".subPath", m.SubPath
		if value == "" {
			field, value = ".subPathExpr", m.SubPathExpr
		}
		x.report(r, c, ".volumeMounts"+at(i)+field, invalid(value, what, ""))
	})
}

// restartedAtChanges says whether an annotation makes new pods of a new
// configuration: a checksum of it, or one that the Reloader reads.
func (x *index) restartedAtChanges() bool {
	if reloads(x.meta.Annotations) {
		return true
	}
	return x.workload != nil && reloads(x.workload.object.GetAnnotations())
}

func reloads(annotations map[string]string) bool {
	for key := range annotations {
		if strings.Contains(key, "checksum") || strings.Contains(key, "hash") || strings.Contains(key, "sha256") || strings.HasPrefix(key, "reloader.stakater.com/") || strings.HasPrefix(key, "configmap.reloader.stakater.com/") || strings.HasPrefix(key, "secret.reloader.stakater.com/") {
			return true
		}
	}
	return false
}

// hashed says whether a name ends in a hash of the content, so that other content
// has another name.
func hashed(name string) bool {
	i := strings.LastIndexByte(name, '-')
	hash := name[i+1:]
	if i < 0 || len(hash) < 8 || len(hash) > 64 || strings.Trim(hash, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	return strings.ContainsAny(hash, "0123456789") && (strings.Trim(hash, "0123456789abcdef") == "" || strings.Trim(hash, "bcdfghkmt2456789") == "")
}
