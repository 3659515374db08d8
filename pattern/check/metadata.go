package check

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxAnnotations is what the annotations of one object may hold together.
// upstream: kubernetes/apimachinery pkg/api/validation/objectmeta.go
const maxAnnotations = 256 << 10

var metadataRules = []rule{
	{"annotations-size", Rejected, func(x *index, r rule) {
		size := 0
		for k, v := range x.meta.Annotations {
			size += len(k) + len(v)
		}
		if size > maxAnnotations {
			x.add(r, Finding{Type: field.ErrorTypeTooLong, Path: x.under + "metadata.annotations",
				Detail: fmt.Sprintf("may not be more than %d bytes", maxAnnotations), Fix: "put what is large into a ConfigMap"})
		}
	}},
}
