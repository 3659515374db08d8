// Inject adds helpers to pods that somebody else wrote, as they come from a cluster, a
// chart or a file, and takes them out again:
//
//	kubectl get deploy shop -o yaml | go run ./examples/inject -helper log-shipper -loki http://loki.logging.svc:3100 | kubectl apply -f -
//	helm template ./chart | go run ./examples/inject -helper wait-for-tcp -upstream postgres.prod.svc:5432 -plan
//	kubectl get deploy shop -o yaml | go run ./examples/inject -remove -bundle log-shipper | kubectl replace -f -
//
// Taking out needs replace, since apply leaves in what it did not put in. This program is
// a few lines around pattern.Bundle. Fields that no type has stay as they are, and so do
// objects without a pod; comments don't.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	exitFine     = 0
	exitFindings = 1
	exitUnread   = 2
)

func main() { os.Exit(inject(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func inject(args []string, in io.Reader, out, errs io.Writer) int {
	f, err := parseFlags(args, errs)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine
	case err != nil:
		return exitUnread
	case f.list:
		printHelpers(out)
		return exitFine
	}
	documents, err := read(in)
	if err != nil {
		fmt.Fprintln(errs, "stdin:", err)
		return exitUnread
	}
	b, fine := f.bundle(), true
	var plan bytes.Buffer
	for _, d := range documents {
		for _, o := range d.pods() {
			fine = f.change(b, o, &plan, errs) && fine
		}
	}
	if !fine {
		return exitFindings
	}
	text := plan.Bytes()
	if !f.plan {
		text, err = print(documents)
	}
	if err == nil {
		_, err = out.Write(text)
	}
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitUnread
	}
	return exitFine
}

// change adds a bundle to an object, takes it out, or tells what it would add. It says
// whether that went without errors.
func (f *flags) change(b pattern.Injection, o *unstructured.Unstructured, plan, errs io.Writer) bool {
	if f.remove {
		return tell(errs, o, findingsIn(b.RemoveFromObject(o)))
	}
	raw, err := o.MarshalJSON()
	if err != nil {
		fmt.Fprintf(errs, "%s: %v\n", nameOf(o), err)
		return false
	}
	if _, found := b.Review(raw); !tell(errs, o, found) {
		return false
	}
	if !f.plan {
		return tell(errs, o, findingsIn(b.ApplyToObject(o)))
	}
	text, err := b.Plan(o)
	if text != "" {
		fmt.Fprintf(plan, "%s:\n%s", nameOf(o), text)
	}
	return tell(errs, o, findingsIn(err))
}
