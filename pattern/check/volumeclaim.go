package check

import (
	"fmt"
	"slices"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

var volumeClaimRules = []Rule{
	{ID: "ephemeral-claim", Level: Rejected,
		Title: "an ephemeral volume has no template that a claim can be made from",
		Why:   "the pod gets a claim of its own, made from the template: the API server refuses the pod if that can't work",
		Fix:   "a volumeClaimTemplate with accessModes and a size in resources.requests, and nothing but labels and annotations in its metadata",
		Bad:   `{volumes: [{name: scratch, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}], containers: [{name: web, volumeMounts: [{name: scratch, mountPath: /scratch}]}]}`,
		Good:  `{volumes: [{name: scratch, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}], containers: [{name: web, volumeMounts: [{name: scratch, mountPath: /scratch}]}]}`,
		pod:   ephemeralClaim},
}

func ephemeralClaim(x *index, r *Rule) {
	x.eachVolume(r, func(v volumeSite) {
		if v.Ephemeral != nil && v.source == "ephemeral" {
			v.ephemeral()
		}
		if claim := v.PersistentVolumeClaim; claim != nil && x.makesClaim(claim.ClaimName) {
			v.report(".persistentVolumeClaim.claimName", invalid(claim.ClaimName, claimClash, "name another claim, or the ephemeral volume otherwise"))
		}
	})
}

// podName gives the name of the pod; a template has none, and neither has one that
// the API server is to name.
func (x *index) podName() string {
	if x.template {
		return ""
	}
	return x.meta.Name
}

// makesClaim says whether the pod makes a claim of that name for a volume.
func (x *index) makesClaim(claim string) bool {
	pod := x.podName()
	if pod == "" || len(claim) <= len(pod) || claim[:len(pod)] != pod || claim[len(pod)] != '-' {
		return false
	}
	return slices.ContainsFunc(x.spec.Volumes, func(v corev1.Volume) bool { return v.Ephemeral != nil && v.Name == claim[len(pod)+1:] })
}

func (v volumeSite) ephemeral() {
	template := v.Ephemeral.VolumeClaimTemplate
	if template == nil {
		v.report(".ephemeral.volumeClaimTemplate", required("", ""))
	} else {
		v.claimMeta(&template.ObjectMeta)
		v.claimSpec(&template.Spec)
		v.claimSource(&template.Spec)
	}
	if pod := v.x.podName(); pod != "" && v.Name != "" && !(names.IsLabel(pod) && names.IsLabel(v.Name)) {
		claim := pod + "-" + v.Name
		for _, msg := range validation.IsDNS1123Subdomain(claim) {
			v.report(".name", invalid(v.Name, fmt.Sprintf("PVC name %q: %v", claim, msg), "a shorter name"))
		}
	}
}

// claimMeta: a claim template has labels and annotations only.
func (v volumeSite) claimMeta(m *metav1.ObjectMeta) {
	const metadata = ".ephemeral.volumeClaimTemplate.metadata"
	for _, f := range [...]struct {
		name string
		set  bool
	}{
		{"name", m.Name != ""}, {"generateName", m.GenerateName != ""}, {"namespace", m.Namespace != ""},
		//lint:ignore SA1019 the API server refuses it too
		{"selfLink", m.SelfLink != ""},
		{"uid", m.UID != ""}, {"resourceVersion", m.ResourceVersion != ""},
		{"generation", m.Generation != 0}, {"creationTimestamp", !m.CreationTimestamp.IsZero()},
		{"deletionTimestamp", m.DeletionTimestamp != nil}, {"deletionGracePeriodSeconds", m.DeletionGracePeriodSeconds != nil},
		{"ownerReferences", len(m.OwnerReferences) > 0}, {"finalizers", len(m.Finalizers) > 0}, {"managedFields", len(m.ManagedFields) > 0},
	} {
		if f.set {
			v.report(metadata+"."+f.name, forbidden("cannot be set", "leave it out"))
		}
	}
	if len(m.Annotations) > 0 {
		v.annotations(m.Annotations, metadata+".annotations")
	}
	if len(m.Labels) > 0 {
		volume := trail{name: "spec.volumes", item: v.index + 1}
		labels := volume.field(metadata + ".labels")
		v.x.labels(v.r, &labels, m.Labels)
	}
}

func (v volumeSite) claimSpec(s *corev1.PersistentVolumeClaimSpec) {
	const spec = ".ephemeral.volumeClaimTemplate.spec"
	v.accessModes(s.AccessModes, spec+".accessModes")
	if s.Selector != nil {
		volume := trail{name: "spec.volumes", item: v.index + 1}
		selector := volume.field(spec + ".selector")
		v.x.labelSelector(v.r, &selector, s.Selector)
	}
	if size, ok := s.Resources.Requests[corev1.ResourceStorage]; !ok {
		v.report(spec+".resources.requests[storage]", required("", "such as 1Gi"))
	} else if size.Sign() <= 0 {
		v.report(spec+".resources.requests[storage]", invalid(text(size), "must be greater than zero", "such as 1Gi"))
	}
	v.className(s.StorageClassName, spec+".storageClassName")
	if v.x.target.Has(release.VolumeAttributesClass) {
		v.className(s.VolumeAttributesClassName, spec+".volumeAttributesClassName")
	}
	if m := s.VolumeMode; m != nil && *m != corev1.PersistentVolumeBlock && *m != corev1.PersistentVolumeFilesystem {
		v.report(spec+".volumeMode", notSupported(*m, corev1.PersistentVolumeBlock, corev1.PersistentVolumeFilesystem))
	}
}

func (v volumeSite) accessModes(modes []corev1.PersistentVolumeAccessMode, fields string) {
	if len(modes) == 0 {
		v.report(fields, required("at least 1 access mode is required", ""))
	}
	alone, other := false, false
	for i, mode := range modes {
		switch mode {
		case corev1.ReadWriteOncePod:
			alone = true
		case corev1.ReadWriteOnce, corev1.ReadOnlyMany, corev1.ReadWriteMany:
			other = true
		default:
			v.report(fields+at(i), notSupported(mode, corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOnce, corev1.ReadWriteOncePod))
		}
	}
	if alone && other {
		v.report(fields, forbidden("may not use ReadWriteOncePod with other access modes", "keep one"))
	}
}

func (v volumeSite) className(name *string, fields string) {
	if name == nil {
		return
	}
	v.reportEach(fields, *name, v.subdomain(*name))
}
