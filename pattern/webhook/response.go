package webhook

import (
	"encoding/json"
	"net/http"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// review writes a response to a request.
func review(req *request, response *admissionv1.AdmissionResponse) ([]byte, *failure) {
	response.UID = types.UID(req.UID)
	body, err := json.Marshal(&admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: apiVersion, Kind: reviewKind},
		Response: response,
	})
	if err != nil {
		return nil, failed(http.StatusInternalServerError, "the answer can't be written: %v", err)
	}
	return body, nil
}

// fit admits an object with a patch.
func (h *handler) fit(patch []byte, o *object, e *Event) *admissionv1.AdmissionResponse {
	response := &admissionv1.AdmissionResponse{Allowed: true, Warnings: bounded(append(h.optOutWarnings(o), h.fitWarnings(e.Findings)...))}
	e.Outcome = Unchanged
	if string(patch) != "[]" {
		e.Outcome = Injected
		kind := admissionv1.PatchTypeJSONPatch
		response.Patch, response.PatchType = patch, &kind
	}
	return response
}

// unfit answers for an object to which the bundle can't be added.
func (h *handler) unfit(req *request, o *object, e *Event) (*admissionv1.AdmissionResponse, *failure) {
	for _, f := range e.Findings {
		if f.Rule == "bundle-object" && req.builtIn() {
			return nil, failed(http.StatusBadRequest, "the object can't be read: %s", f.Detail)
		}
	}
	if h.admitUnfit {
		e.Outcome = AdmittedUnfit
		return &admissionv1.AdmissionResponse{Allowed: true, Warnings: bounded(append(h.unfitWarnings(e.Findings), h.optOutWarnings(o)...))}, nil
	}
	e.Outcome = Denied
	return &admissionv1.AdmissionResponse{Result: h.denial(req, e), Warnings: bounded(h.optOutWarnings(o))}, nil
}
