package check

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	fielderrors "k8s.io/apimachinery/pkg/util/validation/field"
)

var downwardRules = []Rule{
	{ID: "volume-downward-api", Level: Rejected,
		Title: "a file of a downwardAPI volume has no path, or not exactly one source",
		Why:   "there is nothing to write, or nowhere to write it: the API server refuses the pod",
		Fix:   "a path, and either a fieldRef to the metadata or a resourceFieldRef with its containerName",
		Bad:   `{volumes: [{name: info, downwardAPI: {items: [{path: node, fieldRef: {fieldPath: spec.nodeName}}]}}], containers: [{name: web, volumeMounts: [{name: info, mountPath: /info}]}]}`,
		Good:  `{volumes: [{name: info, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}], containers: [{name: web, volumeMounts: [{name: info, mountPath: /info}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.downward) }},
}

// downward looks at the files of the downward API.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateDownwardAPIVolumeFile
func (v volumeSite) downward() {
	switch v.source {
	case "downwardAPI":
		v.downwardFiles(v.DownwardAPI.Items, -1)
	case "projected":
		for i := range v.Projected.Sources {
			if s := v.Projected.Sources[i].DownwardAPI; s != nil {
				v.downwardFiles(s.Items, i)
			}
		}
	}
}

func (v volumeSite) downwardFiles(items []corev1.DownwardAPIVolumeFile, projected int) {
	for i := range items {
		v.downwardFile(&items[i], projected, i)
	}
}

func (v volumeSite) downwardFile(f *corev1.DownwardAPIVolumeFile, projected, i int) {
	if usualFile(f) {
		return
	}
	field := itemPath(projected, ".downwardAPI", i)
	if f.Path == "" {
		v.report(field+".path", required("", ""))
	}
	v.localPath(f.Path, field+".path")
	switch {
	case f.FieldRef != nil:
		fieldFaults(f.FieldRef, fileFields[:], func(under string, fault Finding) {
			if fault.Type == fielderrors.ErrorTypeNotSupported {
				fault.Fix = "read it from an environment variable"
			}
			v.report(field+".fieldRef"+under, fault)
		})
		if f.ResourceFieldRef != nil {
			v.report(field, invalid("resource", "fieldRef and resourceFieldRef can not be specified simultaneously", "keep one of the two"))
		}
	case f.ResourceFieldRef != nil:
		v.resourceFile(f.ResourceFieldRef, field+".resourceFieldRef")
	default:
		v.report(field, required("one of fieldRef and resourceFieldRef is required", ""))
	}
	v.mode(f.Mode, field+".mode")
}

// usualFile spares the usual files the texts.
func usualFile(f *corev1.DownwardAPIVolumeFile) bool {
	return f.Path != "" && !leavesVolume(f.Path) && !badMode(f.Mode) &&
		f.ResourceFieldRef == nil && f.FieldRef != nil &&
		(f.FieldRef.APIVersion == "" || f.FieldRef.APIVersion == "v1") && slices.Contains(fileFields[:], f.FieldRef.FieldPath)
}

// fileFields are the fields that a file can have, sorted.
var fileFields = [...]string{"metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"}

// resourceFile: a file must name its container, and one that doesn't is looked into
// no further but for the unit.
func (v volumeSite) resourceFile(ref *corev1.ResourceFieldSelector, fields string) {
	if ref.ContainerName == "" {
		v.report(fields+".containerName", required("", ""))
	}
	resourceFieldFaults(ref, func(under string, f Finding) {
		if ref.ContainerName != "" || under == ".divisor" {
			v.report(fields+under, f)
		}
	})
}
