package webhook

import (
	"cmp"
	"fmt"
	"log"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/podpattern/podpattern/pattern"
	admissionv1 "k8s.io/api/admission/v1"
)

// Handler answers the API server's AdmissionReviews (admission.k8s.io/v1) with the
// patch that adds a bundle to the object, or brings the bundle in it up to date: on
// CREATE of pods and of what carries a pod template, and on UPDATE of the latter. All
// else is admitted as it is, as is what the options leave out. What the bundle can't be
// added to is denied, see [AdmitUnfit].
//
// With a mistake in the options or in the bundle itself every request is answered with
// HTTP 500 and what is wrong.
//
// The handler has no state and is safe for concurrent use.
func Handler(b pattern.Injection, options ...Option) http.Handler {
	h := &handler{bundle: b, settings: newSettings(options)}
	h.broken = cmp.Or(h.wrong(), flawsOf(b))
	return h
}

type handler struct {
	settings
	bundle pattern.Injection
	broken string // what is wrong with the options or the bundle
}

// failure is an answer that isn't a review: the API server takes it for a call that
// failed, and the failurePolicy decides.
type failure struct {
	code   int
	reason string
}

func failed(code int, format string, args ...any) *failure {
	return &failure{code, cut(printable(fmt.Sprintf(format, args...)), maxReason)}
}

// maxReason bounds the text of a failure, in bytes.
const maxReason = 1024

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	e := Event{Code: http.StatusOK}
	body, bad := h.answer(w, r, &e)
	if bad != nil {
		e.Outcome, e.Code, e.Reason = Failed, bad.code, bad.reason
	}
	e.Duration = time.Since(start)
	if bad != nil {
		if bad.code == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", http.MethodPost)
		}
		http.Error(w, bad.reason, bad.code)
	} else {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // who has gone needs no answer
	}
	h.tell(r, e)
}

// answer gives the body of the answer.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, e *Event) (body []byte, bad *failure) {
	defer func() {
		if p := recover(); p != nil {
			logPanic(r, p)
			bad = failed(http.StatusInternalServerError, "bundle %s panicked: %v", h.bundle.Name(), p)
		}
	}()
	if h.broken != "" {
		return nil, failed(http.StatusInternalServerError, "%s", h.broken)
	}
	req, bad := readRequest(w, r, h.maxBody)
	if bad != nil {
		return nil, bad
	}
	e.fill(req)
	response, bad := h.decide(req, e)
	if bad != nil {
		return nil, bad
	}
	return review(req, response)
}

// decide answers a request that could be read.
func (h *handler) decide(req *request, e *Event) (*admissionv1.AdmissionResponse, *failure) {
	if why := cmp.Or(req.unasked(), h.leavesNamespace(req.Namespace)); why != "" {
		return e.leaveOut(why), nil
	}
	o, bad := readObject(req)
	if bad != nil {
		return nil, bad
	}
	e.fillObject(o)
	why := o.unfitting()
	if why == "" {
		why = h.leavesOut(o, req.Namespace)
	}
	if why != "" {
		response := e.leaveOut(why)
		response.Warnings = bounded(h.keptWarnings(o))
		return response, nil
	}
	patch, found := h.bundle.Review(req.Object)
	e.Findings = found
	if found.Err() != nil {
		return h.unfit(req, o, e)
	}
	return h.fit(patch, o, e), nil
}

// tell hands the event to the observer. One that panics must not take the answer with
// it, which may still be in a buffer.
func (h *handler) tell(r *http.Request, e Event) {
	if h.observe == nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			logPanic(r, p)
		}
	}()
	h.observe(e)
}

// logPanic writes where the server of the request writes its own errors.
func logPanic(r *http.Request, p any) {
	printf := log.Printf
	if s, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && s.ErrorLog != nil {
		printf = s.ErrorLog.Printf
	}
	printf("podpattern webhook: panic: %v\n%s", p, debug.Stack())
}
