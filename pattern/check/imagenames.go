package check

import "strings"

// imageParts takes an image apart: registry.example.com:5000/web:1.4@sha256:….
func imageParts(image string) (repository, tag string, digest bool) {
	repository, _, digest = strings.Cut(image, "@")
	name := strings.LastIndexByte(repository, '/') + 1
	if i := strings.IndexByte(repository[name:], ':'); i >= 0 {
		return repository[:name+i], repository[name+i+1:], digest
	}
	return repository, "", digest
}

// imageName gives the last part of the repository of an image: web.
func imageName(image string) string {
	repository, _, _ := imageParts(image)
	return repository[strings.LastIndexByte(repository, '/')+1:]
}

// isImageOf says whether the repository of an image ends in one of the names, which
// may have several parts.
func isImageOf(image string, names []string) bool {
	repository, _, _ := imageParts(image)
	for _, name := range names {
		if rest, ok := strings.CutSuffix(repository, name); ok && (rest == "" || strings.HasSuffix(rest, "/")) {
			return true
		}
	}
	return false
}

// hubImage gives the repository of an image on Docker Hub or one of its mirrors; of
// any other image it is "".
func hubImage(image string) string {
	repository, _, _ := imageParts(image)
	for _, registry := range [...]string{"docker.io/", "index.docker.io/", "mirror.gcr.io/", "public.ecr.aws/docker/"} {
		if rest, ok := strings.CutPrefix(repository, registry); ok {
			repository = rest
			break
		}
	}
	host, _, ok := strings.Cut(repository, "/")
	if ok && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return ""
	}
	return strings.TrimPrefix(repository, "library/")
}
