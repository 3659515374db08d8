package check

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// annotations reports keys that can't be, and too much of them.
// upstream: kubernetes/apimachinery pkg/api/validation/objectmeta.go ValidateAnnotations
func (v volumeSite) annotations(annotations map[string]string, fields string) {
	size := 0
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		size += len(key) + len(annotations[key])
		v.reportEach(fields, key, validation.IsQualifiedName(strings.ToLower(key)))
	}
	if size > maxAnnotations {
		v.report(fields, manyAnnotations())
	}
}

// claimSource looks at what the claim is to be filled from.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimSpec
func (v volumeSite) claimSource(s *corev1.PersistentVolumeClaimSpec) {
	const spec = ".ephemeral.volumeClaimTemplate.spec"
	if d := s.DataSource; d != nil {
		v.dataSource(d.APIGroup, d.Kind, d.Name, spec+".dataSource")
	}
	ref := s.DataSourceRef
	if ref == nil {
		return
	}
	v.dataSource(ref.APIGroup, ref.Kind, ref.Name, spec+".dataSourceRef")
	switch namespaced := ref.Namespace != nil && *ref.Namespace != ""; {
	case namespaced:
		v.label(*ref.Namespace, spec+".dataSourceRef.namespace")
		if s.DataSource != nil {
			v.report(spec, invalid("dataSource", "may not be specified when dataSourceRef.namespace is specified", "leave dataSource out"))
		}
	case s.DataSource != nil && !sameDataSource(s.DataSource, ref):
		v.report(spec, invalid("dataSource", "must match dataSourceRef", "leave dataSource out"))
	}
}

func (v volumeSite) dataSource(group *string, kind, name, fields string) {
	v.require(name, fields+".name")
	v.require(kind, fields+".kind")
	if group != nil && *group != "" {
		v.reportEach(fields+".apiGroup", *group, v.subdomain(*group))
	} else if kind != "PersistentVolumeClaim" {
		v.report(fields, invalid(kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup", ""))
	}
}

func sameDataSource(s *corev1.TypedLocalObjectReference, ref *corev1.TypedObjectReference) bool {
	group := s.APIGroup == ref.APIGroup || s.APIGroup != nil && ref.APIGroup != nil && *s.APIGroup == *ref.APIGroup
	return group && s.Kind == ref.Kind && s.Name == ref.Name
}
