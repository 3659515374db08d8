package check

import (
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go,
// validateFileKeySelector, validateFileKeyRefVolumes
var envFileRules = []Rule{
	{ID: "filekeyref", Level: Rejected,
		Title: "a variable comes from a file that can't be found",
		Why:   "the file must be in an emptyDir of the pod, which another container fills: the API server refuses the pod",
		Fix:   "name an emptyDir volume, a path in it, and the variable in the file",
		Bad:   `containers: [{name: web, env: [{name: TIER, valueFrom: {fileKeyRef: {volumeName: config, path: web.env, key: TIER}}}]}]`,
		Good: `{volumes: [{name: config, emptyDir: {sizeLimit: 1Mi}}], initContainers: [{name: configure, volumeMounts: [{name: config, mountPath: /config}]}],
containers: [{name: web, env: [{name: TIER, valueFrom: {fileKeyRef: {volumeName: config, path: web.env, key: TIER}}}]}]}`,
		pod: func(x *index, r *Rule) {
			if !x.target.Has(release.EnvFiles) {
				return // env-source
			}
			x.sources(func(c site, i int, s *corev1.EnvVarSource) {
				if s.FileKeyRef != nil {
					x.fileKey(r, c, ".env"+at(i)+".valueFrom.fileKeyRef", s.FileKeyRef)
				}
			})
		}},
}

func (x *index) fileKey(r *Rule, c site, fields string, f *corev1.FileKeySelector) {
	if f.Key == "" {
		x.report(r, c, fields+".key", required("", "the name of the variable in the file"))
	} else if !names.IsEnv(f.Key) {
		x.reportEach(r, c, fields+".key", f.Key, validation.IsRelaxedEnvVarName(f.Key))
	}
	if f.VolumeName == "" {
		x.report(r, c, fields+".volumeName", required("", "the name of an emptyDir volume"))
	} else if !names.IsLabel(f.VolumeName) {
		x.reportEach(r, c, fields+".volumeName", f.VolumeName, validation.IsDNS1123Label(f.VolumeName))
	}
	if f.Path == "" {
		x.report(r, c, fields+".path", required("", "the path of the file in the volume"))
	} else if hasBackstep(f.Path) {
		x.report(r, c, fields+".path", invalid(f.Path, "must not contain '..'", ""))
	}
	if v := x.lastVolume(f.VolumeName); v == nil {
		x.report(r, c, fields+".volumeName", notFound(f.VolumeName, "the name of an emptyDir volume"))
	} else if v.EmptyDir == nil && v.VolumeSource != (corev1.VolumeSource{}) { // one without a source is an emptyDir
		x.report(r, c, fields+".volumeName", invalid(f.VolumeName, "referenced volume must be of type emptyDir", "the name of an emptyDir volume"))
	}
}

// lastVolume gives the volume of a name, of two the last, as the API server does.
func (x *index) lastVolume(name string) *corev1.Volume {
	for i := len(x.spec.Volumes) - 1; i >= 0; i-- {
		if x.spec.Volumes[i].Name == name {
			return &x.spec.Volumes[i]
		}
	}
	return nil
}
