package pattern

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// oneOf reports a value that is none of those that the API has; nil: it is one.
func oneOf[T ~string](at string, value T, allowed ...T) *flaw {
	quoted := make([]string, 0, len(allowed))
	for _, a := range allowed {
		if a == value {
			return nil
		}
		if a != "" {
			quoted = append(quoted, fmt.Sprintf("%q", string(a)))
		}
	}
	return &flaw{rule: "enum-value", kind: field.ErrorTypeNotSupported, field: at, value: string(value),
		detail: "supported values: " + strings.Join(quoted, ", "), fix: "use one of those", at: here(ofFlaw)}
}
