package pattern

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Projection is a part of a [Projected] volume: a [ConfigMap], a [Secret], a
// [ServiceAccountToken], or a [PodField].
type Projection interface {
	projection() (corev1.VolumeProjection, *flaw)
	generated() *generated
}

// Projected is a volume made of several sources. Without sources it is an error.
func Projected(name string, sources ...Projection) Volume {
	p := &corev1.ProjectedVolumeSource{}
	v := Volume{newVolume(name, &corev1.VolumeSource{Projected: p}, here(ofHandle))}
	for i, s := range sources {
		if isNil(s) {
			v = v.bad(missing("nil-argument", ".projected.sources"+index(i), "give a source"))
			continue
		}
		projection, bad := s.projection()
		for ; bad != nil; bad = bad.prev {
			f := bad.under(".projected.sources" + index(i))
			v = v.bad(&f)
		}
		p.Sources = append(p.Sources, projection)
		if o := s.generated(); o != nil {
			v = v.with(func(out *volume) { out.object = o.and(out.object) })
		}
	}
	if len(sources) == 0 {
		return v.bad(missing("volume-source", ".projected.sources", "give its sources"))
	}
	return v
}

// TokenProjection is a token of the pod's service account in a [Projected]
// volume.
type TokenProjection struct {
	token corev1.ServiceAccountTokenProjection
}

// ServiceAccountToken is a token of the pod's service account in the file path,
// for the API server, valid for an hour and renewed in time.
func ServiceAccountToken(path string) TokenProjection {
	return TokenProjection{corev1.ServiceAccountTokenProjection{Path: path}}
}

// Audience replaces whom the token is for.
func (t TokenProjection) Audience(audience string) TokenProjection {
	t.token.Audience = audience
	return t
}

// ExpirationSeconds replaces how long the token is valid; at least 600.
func (t TokenProjection) ExpirationSeconds(seconds int64) TokenProjection {
	t.token.ExpirationSeconds = &seconds
	return t
}

func (t TokenProjection) projection() (corev1.VolumeProjection, *flaw) {
	bad := filePath("volume-source", ".serviceAccountToken.path", t.token.Path)
	if s := t.token.ExpirationSeconds; s != nil && (*s < 600 || *s > 1<<32) {
		bad = bad.and(invalid("volume-source", ".serviceAccountToken.expirationSeconds", *s, "must be between 10 minutes and 2^32 seconds", "such as 3600"))
	}
	return corev1.VolumeProjection{ServiceAccountToken: t.token.DeepCopy()}, bad
}

func (TokenProjection) generated() *generated { return nil }

// FieldFile is a file of a [DownwardAPI] or [Projected] volume that holds
// something about the pod.
type FieldFile struct{ file corev1.DownwardAPIVolumeFile }

// PodField is a file with a field of the pod, such as metadata.labels.
func PodField(path, fieldPath string) FieldFile {
	return FieldFile{corev1.DownwardAPIVolumeFile{Path: path, FieldRef: &corev1.ObjectFieldSelector{FieldPath: fieldPath}}}
}

// ResourceField is a file with a request or limit of a container, such as
// limits.memory.
func ResourceField(path, container, field string) FieldFile {
	return FieldFile{corev1.DownwardAPIVolumeFile{Path: path, ResourceFieldRef: &corev1.ResourceFieldSelector{ContainerName: container, Resource: field}}}
}

func (f FieldFile) bad() *flaw {
	bad := filePath("volume-source", ".path", f.file.Path)
	if ref := f.file.FieldRef; bad == nil && ref != nil && ref.FieldPath == "" {
		bad = missing("volume-source", ".fieldRef.fieldPath", "name the field, such as metadata.name")
	}
	if ref := f.file.ResourceFieldRef; bad == nil && ref != nil && (ref.ContainerName == "" || ref.Resource == "") {
		bad = missing("volume-source", ".resourceFieldRef", "name the container and the resource, such as limits.memory")
	}
	return bad
}

func (f FieldFile) projection() (corev1.VolumeProjection, *flaw) {
	bad := f.bad()
	if bad != nil {
		bad.field = ".downwardAPI.items[0]" + bad.field
	}
	return corev1.VolumeProjection{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{*f.file.DeepCopy()}}}, bad
}

func (FieldFile) generated() *generated { return nil }

// DownwardAPI is a volume of files about the pod itself. Without files it is an
// error.
func DownwardAPI(name string, files ...FieldFile) Volume {
	s := &corev1.DownwardAPIVolumeSource{}
	v := Volume{newVolume(name, &corev1.VolumeSource{DownwardAPI: s}, here(ofHandle))}
	if len(files) == 0 {
		v = v.bad(missing("volume-source", ".downwardAPI.items", "give its files"))
	}
	for i, f := range slices.Clone(files) {
		s.Items = append(s.Items, *f.file.DeepCopy())
		if bad := f.bad(); bad != nil {
			b := bad.under(".downwardAPI.items" + index(i))
			v = v.bad(&b)
		}
	}
	return v
}
