package webhook

import (
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Option changes what [Handler] does. An object has to pass all that are given.
type Option func(*settings)

type settings struct {
	only, except []string // namespaces
	selector     labels.Selector
	optOut       string
	percent      int
	maxBody      int64
	admitUnfit   bool
	observe      func(Event)
	bad          []string // what is wrong with the options
}

// DefaultOptOut is the annotation by which a pod opts out where [OptOut] says no other.
const DefaultOptOut = "podpattern.dev/inject"

// defaultMaxBody is more than twice what the API server takes of a client, since a
// review has the old object too.
const defaultMaxBody = 8 << 20

func newSettings(options []Option) settings {
	s := settings{optOut: DefaultOptOut, percent: 100, maxBody: defaultMaxBody}
	for _, o := range options {
		if o == nil {
			s.bad = append(s.bad, "an option is nil")
			continue
		}
		o(&s)
	}
	return s
}

// wrong says what is wrong with the options; "": nothing.
func (s *settings) wrong() string {
	if len(s.bad) == 0 {
		return ""
	}
	return "the webhook's options are wrong: " + strings.Join(s.bad, "; ")
}

func (s *settings) reject(what string) { s.bad = append(s.bad, what) }

// Namespaces looks at objects of these namespaces only; several calls add up. Default:
// all namespaces. No name at all, and one that no namespace can have, are errors.
func Namespaces(names ...string) Option {
	names = slices.Clone(names)
	return func(s *settings) {
		s.checkNamespaces("Namespaces", names)
		s.only = append(s.only, names...)
	}
}

// ExceptNamespaces leaves the objects of these namespaces out, also where [Namespaces]
// has them; several calls add up. Default: none. No name at all, and one that no
// namespace can have, are errors.
func ExceptNamespaces(names ...string) Option {
	names = slices.Clone(names)
	return func(s *settings) {
		s.checkNamespaces("ExceptNamespaces", names)
		s.except = append(s.except, names...)
	}
}

func (s *settings) checkNamespaces(option string, given []string) {
	if len(given) == 0 {
		s.reject(option + " has no namespace")
	}
	for _, n := range given {
		if !names.IsLabel(n) {
			s.reject(option + ": " + strconv.Quote(n) + " is no name of a namespace")
		}
	}
}

// Labels looks at pods with these labels only: those of the pod, and of a workload those
// of its template, so that both get the same answer. The last call wins. Default: any
// labels. A nil selector is an error.
func Labels(selector labels.Selector) Option {
	return func(s *settings) {
		if selector == nil {
			s.reject("Labels has no selector")
			return
		}
		s.selector = selector
	}
}

// OptOut says by which annotation, with the value "false", a pod opts out. It stands in
// the pod, in the template of a workload, or in the workload itself; the latter opts out
// the workload alone, and not its pods where the webhook gets those too. Another value
// than true and false changes nothing and gets a warning. Default: [DefaultOptOut]. What
// is no name of an annotation is an error.
func OptOut(annotation string) Option {
	return func(s *settings) {
		if len(validation.IsQualifiedName(strings.ToLower(annotation))) > 0 {
			s.reject("OptOut: " + strconv.Quote(annotation) + " is no name of an annotation")
			return
		}
		s.optOut = annotation
	}
}

// Percent looks at n percent of the workloads, from 0 to 100, to bring a bundle in
// bit by bit. Which ones follows from the namespace and the owner of a pod alone: all pods
// of a Deployment get the same answer, always, and a larger n only adds workloads.
// The owner is the controller, where a ReplicaSet stands for its Deployment or Rollout
// and a Job that a CronJob made for that; a pod or workload without a controller is its
// own owner, by generateName if it has one. The last call wins. Default: 100. Another n
// is an error.
func Percent(n int) Option {
	return func(s *settings) {
		if n < 0 || n > 100 {
			s.reject("Percent(" + strconv.Itoa(n) + ") is not from 0 to 100")
			return
		}
		s.percent = n
	}
}

// AdmitUnfit admits what the bundle can't be added to as it is, with warnings that say
// why. Default: it is denied.
func AdmitUnfit() Option { return func(s *settings) { s.admitUnfit = true } }

// MaxBody bounds the body of a request, in bytes; a larger one is answered with HTTP 413.
// Default: 8 MiB. Less than one byte is an error.
func MaxBody(bytes int64) Option {
	return func(s *settings) {
		if bytes < 1 {
			s.reject("MaxBody(" + strconv.FormatInt(bytes, 10) + ") leaves no byte")
			return
		}
		s.maxBody = bytes
	}
}

// Observe calls f once for each request, after the answer has been written, for metrics
// and logs. Calls may be concurrent, and the request isn't over before f returns. A panic
// of f is logged where the server logs its own. The last call wins. A nil f is an error.
func Observe(f func(Event)) Option {
	return func(s *settings) {
		if f == nil {
			s.reject("Observe has no function")
			return
		}
		s.observe = f
	}
}
