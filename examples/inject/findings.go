package main

import (
	"fmt"
	"io"

	"github.com/podpattern/podpattern/pattern/check"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// tell prints findings under the name of their object, without the lines of this
// program, and says whether there are only warnings.
func tell(errs io.Writer, o *unstructured.Unstructured, found check.Findings) bool {
	for _, f := range found {
		f.Object, f.At = nameOf(o), ""
		for i := range f.Parties {
			f.Parties[i].At = ""
		}
		fmt.Fprintln(errs, f)
	}
	return found.Err() == nil
}

// findingsIn gives the findings that an error of a bundle joins.
func findingsIn(err error) check.Findings {
	switch e := err.(type) {
	case nil:
		return nil
	case check.Finding:
		return check.Findings{e}
	case interface{ Unwrap() []error }:
		var out check.Findings
		for _, err := range e.Unwrap() {
			out = append(out, findingsIn(err)...)
		}
		return out
	}
	return check.Findings{{Level: check.Rejected, Detail: err.Error()}}
}

// nameOf gives the name of an object as the checks write it.
func nameOf(o *unstructured.Unstructured) string {
	name := o.GetKind()
	if o.GetNamespace() != "" {
		name += "/" + o.GetNamespace()
	}
	if o.GetName() != "" {
		return name + "/" + o.GetName()
	}
	return name + "/" + o.GetGenerateName() + "*"
}
