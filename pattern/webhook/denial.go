package webhook

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const (
	maxMessage = 8192 // of a denial, in bytes
	maxCause   = 1024
	maxCauses  = 32
)

// denial is the status by which the API server refuses what is invalid, with a cause for
// each finding. kubectl prints the causes and not the message, so each says all of it.
// upstream: kubernetes/apimachinery pkg/api/errors/errors.go NewInvalid,
// kubernetes/kubectl pkg/cmd/util/helpers.go checkErr
func (h *handler) denial(req *request, e *Event) *metav1.Status {
	what := "bundle " + h.bundle.Name() + " can't be added: "
	var lines []string
	var causes []metav1.StatusCause
	for _, f := range e.Findings {
		if f.Level == check.Warning {
			continue
		}
		f = forUsers(f)
		lines = append(lines, f.Error())
		path := f.Path
		f.Path = ""
		causes = append(causes, metav1.StatusCause{Type: metav1.CauseType(orInvalid(f.Type)), Field: path, Message: cut(what+f.Error(), maxCause)})
	}
	if more := len(causes) - maxCauses; more > 0 {
		causes = append(causes[:maxCauses], metav1.StatusCause{Message: fmt.Sprintf("and %d findings more", more)})
	}
	return &metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusUnprocessableEntity,
		Reason:  metav1.StatusReasonInvalid,
		Message: cut(what+strings.Join(lines, "\n"), maxMessage),
		Details: &metav1.StatusDetails{Group: req.Kind.Group, Kind: req.Kind.Kind, Name: e.Name, Causes: causes},
	}
}

func orInvalid(t field.ErrorType) field.ErrorType {
	if t == "" {
		return field.ErrorTypeInvalid
	}
	return t
}

// forUsers takes the lines of Go out of a finding: they are the server's, which is not
// the code of who made the pod.
func forUsers(f check.Finding) check.Finding {
	f.At = ""
	f.Parties = slices.Clone(f.Parties)
	for i := range f.Parties {
		f.Parties[i].At = ""
	}
	return f
}
