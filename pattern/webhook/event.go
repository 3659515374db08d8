package webhook

import (
	"cmp"
	"strconv"
	"time"

	"github.com/podpattern/podpattern/pattern/check"
	admissionv1 "k8s.io/api/admission/v1"
)

// Outcome says what became of a request.
type Outcome uint8

const (
	// Injected: the answer has a patch.
	Injected Outcome = iota + 1
	// Unchanged: the object has the bundle already, as it should be.
	Unchanged
	// LeftOut: there was nothing to look at, or the options or the annotation leave
	// the object out.
	LeftOut
	// Denied: the bundle can't be added to the object.
	Denied
	// AdmittedUnfit: the bundle can't be added to the object, which was admitted without
	// it, see [AdmitUnfit].
	AdmittedUnfit
	// Failed: the answer was an HTTP error.
	Failed
)

// String gives the outcome as a metric has it: injected, unchanged, left_out, denied,
// admitted_unfit or failed.
func (o Outcome) String() string {
	if o < Injected || o > Failed {
		return "Outcome(" + strconv.Itoa(int(o)) + ")"
	}
	return [...]string{"injected", "unchanged", "left_out", "denied", "admitted_unfit", "failed"}[o-1]
}

// Event is a request and its answer. Of a request that couldn't be read there is only
// what was wrong with it.
type Event struct {
	Outcome Outcome
	// Code is the HTTP status of the answer: 200, also of a denial, unless Outcome is
	// Failed.
	Code int
	// Reason says why an object was left out, or what failed, such as "namespace
	// kube-system".
	Reason string
	// UID, Operation, Kind and DryRun are those of the request.
	UID       string
	Operation admissionv1.Operation
	Kind      string
	DryRun    bool
	// Namespace and Name are those of the object; of one without a name, its
	// generateName.
	Namespace, Name string
	// Findings are what the bundle brings to the object, warnings too.
	Findings check.Findings
	// Duration is the time that the answer took, with reading the body and without
	// writing the answer.
	Duration time.Duration
}

func (e *Event) fill(req *request) {
	e.UID, e.Operation, e.Kind, e.DryRun = req.UID, req.Operation, req.Kind.Kind, req.DryRun
	e.Namespace, e.Name = req.Namespace, req.Name
}

func (e *Event) fillObject(o *object) {
	e.Name = cmp.Or(e.Name, o.Metadata.Name, o.Metadata.GenerateName)
}

// leaveOut admits an object as it is.
func (e *Event) leaveOut(why string) *admissionv1.AdmissionResponse {
	e.Outcome, e.Reason = LeftOut, why
	return &admissionv1.AdmissionResponse{Allowed: true}
}
