package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

const (
	contentType = "application/json"
	apiVersion  = "admission.k8s.io/v1"
	reviewKind  = "AdmissionReview"
)

// request is what of an [admissionv1.AdmissionRequest] is needed. The object stays as it
// came.
type request struct {
	UID         string                  `json:"uid"`
	Kind        metav1.GroupVersionKind `json:"kind"`
	SubResource string                  `json:"subResource"`
	Name        string                  `json:"name"`
	Namespace   string                  `json:"namespace"`
	Operation   admissionv1.Operation   `json:"operation"`
	Object      json.RawMessage         `json:"object"`
	DryRun      bool                    `json:"dryRun"`
}

// readRequest reads the request out of the body of a call.
func readRequest(w http.ResponseWriter, r *http.Request, maxBody int64) (*request, *failure) {
	if r.Method != http.MethodPost {
		return nil, failed(http.StatusMethodNotAllowed, "the method is %s, not POST", r.Method)
	}
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != contentType {
		return nil, failed(http.StatusUnsupportedMediaType, "the Content-Type is %q, not %s", r.Header.Get("Content-Type"), contentType)
	}
	body, bad := readBody(w, r, maxBody)
	if bad != nil {
		return nil, bad
	}
	var in struct {
		metav1.TypeMeta `json:",inline"`
		Request         *request `json:"request"`
	}
	if err := utiljson.Unmarshal(body, &in); err != nil {
		return nil, failed(http.StatusBadRequest, "the body is no AdmissionReview: %v", err)
	}
	switch {
	case in.Kind != reviewKind:
		return nil, failed(http.StatusBadRequest, "the kind is %q, not %s", in.Kind, reviewKind)
	case in.APIVersion != apiVersion:
		return nil, failed(http.StatusBadRequest, "the apiVersion is %q, not %s: admissionReviewVersions must be [v1]", in.APIVersion, apiVersion)
	case in.Request == nil:
		return nil, failed(http.StatusBadRequest, "the AdmissionReview has no request")
	case in.Request.UID == "":
		return nil, failed(http.StatusBadRequest, "the request has no uid")
	case in.Request.Operation == "":
		return nil, failed(http.StatusBadRequest, "the request has no operation")
	}
	return in.Request, nil
}

// readBody reads a body of at most maxBody bytes.
func readBody(w http.ResponseWriter, r *http.Request, maxBody int64) ([]byte, *failure) {
	tooLarge := failed(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", maxBody)
	if r.ContentLength > maxBody {
		return nil, tooLarge
	}
	var b bytes.Buffer
	// What the caller says of its length is not believed beyond 1 MiB.
	b.Grow(int(min(max(r.ContentLength, 0), 1<<20)) + bytes.MinRead)
	if _, err := b.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			return nil, tooLarge
		}
		return nil, failed(http.StatusBadRequest, "the body can't be read: %v", err)
	}
	if b.Len() == 0 {
		return nil, failed(http.StatusBadRequest, "the body is empty")
	}
	return b.Bytes(), nil
}

// builtIn says whether the object is of the API server's own kinds, of which there are no
// others of the same name: groups of custom resources have a dot.
func (r *request) builtIn() bool { return !strings.Contains(r.Kind.Group, ".") }

// unasked says why nothing is to be done, whatever the object is; "": something may be.
func (r *request) unasked() string {
	switch {
	case r.Operation != admissionv1.Create && r.Operation != admissionv1.Update:
		return "operation " + string(r.Operation)
	case r.SubResource != "":
		return "subresource " + r.SubResource
	case r.Operation == admissionv1.Update && r.Kind.Kind == "Pod" && r.builtIn():
		return "update of a pod, which can get no containers any more"
	case r.Operation == admissionv1.Update && r.Kind.Kind == "Job" && r.builtIn():
		return "update of a Job, whose template can't change any more"
	}
	return ""
}
