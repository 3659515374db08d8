package pattern

import corev1 "k8s.io/api/core/v1"

// Images replaces the image of every container, and of every image volume, by
// what f makes of it: another registry's, or a digest. It sees what Image and
// Edit of a container have set; further calls go over what the earlier made. f must
// be a pure function; a nil one is an error.
//
//	pod.Images(func(image string) string { return "mirror.example.com/" + image })
func (p PodBuilder) Images(f func(image string) string) PodBuilder {
	if f == nil {
		return p.reject(missing("nil-argument", "", "give Images a function"))
	}
	return p.add(func(s *podDraft) { s.images = append(s.images, f) })
}

// mapImages carries Images out.
func (s *podDraft) mapImages() {
	for _, f := range s.images {
		for _, list := range [...][]corev1.Container{s.t.Spec.InitContainers, s.t.Spec.Containers} {
			for i := range list {
				list[i].Image = f(list[i].Image)
			}
		}
		for i := range s.t.Spec.Volumes {
			if image := s.t.Spec.Volumes[i].Image; image != nil {
				image.Reference = f(image.Reference)
			}
		}
	}
}
