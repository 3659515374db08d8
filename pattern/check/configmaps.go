package check

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxConfigMap is what the values of a ConfigMap may hold together.
// upstream: kubernetes/kubernetes pkg/apis/core/validation ValidateConfigMap
const maxConfigMap = 1 << 20

var configMapRules = []Rule{
	{ID: "config-size", Level: Rejected,
		Title: "a ConfigMap is larger than 1 MiB",
		Why:   "the API server refuses what its store can't take well",
		Fix:   "split it, or put the files into an image or a volume",
		Bad:   "kind: ConfigMap\ndata: {a: <300 KiB>, b: <300 KiB>, c: <300 KiB>, d: <300 KiB>}",
		Good:  "kind: ConfigMap\ndata: {a: <300 KiB>, b: <300 KiB>}",
		objects: func(s *set, r *Rule) {
			for _, c := range s.configMaps {
				size := 0
				for _, v := range c.Data {
					size += len(v)
				}
				for _, v := range c.BinaryData {
					size += len(v)
				}
				if size > maxConfigMap {
					s.report(r, objectName("ConfigMap", c), "data", Finding{Type: field.ErrorTypeTooLong, Detail: fmt.Sprintf("may not be more than %d bytes", maxConfigMap)})
				}
			}
		}},
}
