package pattern

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Reject makes Build fail: it is how a helper says that it was given a value that
// it can't use. Build names the line that called the function that calls Reject.
func (c Container[R]) Reject(field string, value any, why string) Container[R] {
	return c.reject(rejection(field, value, why))
}

// Reject is [Container.Reject] for a function that changes a pod.
func (p PodBuilder) Reject(field string, value any, why string) PodBuilder {
	return p.reject(rejection(field, value, why))
}

func rejection(field string, value any, why string) *flaw {
	switch v := value.(type) {
	case []string: // the caller's, who may change it
		value = slices.Clone(v)
	case string:
		value = withoutPassword(v)
	}
	f := invalid("helper-option", "", value, field+": "+why, "")
	if caller := f.at.above(); caller.own() {
		f.at = caller
	}
	return f
}

// withoutPassword hides the password of an address, such as https://me:secret@host:
// findings end up in logs.
func withoutPassword(address string) string {
	start := 0
	if i := strings.Index(address, "://"); i >= 0 {
		start = i + len("://")
	}
	login, _, found := strings.Cut(address[start:], "@")
	user, _, secret := strings.Cut(login, ":")
	if !found || !secret || strings.ContainsAny(login, "/ \n") {
		return address
	}
	return address[:start] + user + ":***" + address[start+len(login):]
}

// Apply passes the container through functions, such as an organisation's rules
// for all containers. A nil one is an error.
//
//	func house[R pattern.Role](c pattern.Container[R]) pattern.Container[R] {
//		return c.ImagePullPolicy(corev1.PullAlways)
//	}
func (c Container[R]) Apply(fs ...func(Container[R]) Container[R]) Container[R] {
	for _, f := range fs {
		if f == nil {
			c = c.reject(missing("nil-argument", "", "give Apply a function"))
			continue
		}
		c = f(c)
	}
	return c
}

// Edit changes the finished container, for what no method does. It runs last,
// before the checks, and must be a pure function. Another name, and a nil f, are
// errors.
func (c Container[R]) Edit(f func(*corev1.Container)) Container[R] {
	if f == nil {
		return c.reject(missing("nil-argument", "", "give Edit a function"))
	}
	at := here(ofConstructor)
	return c.add(func(d *draft) {
		d.edits = append(d.edits, func(c *corev1.Container) {
			name := c.Name
			f(c)
			if c.Name != name {
				d.report(flaw{rule: "edit-name", field: ".name", value: c.Name, at: at, detail: "Edit changed the name from " + name, fix: "use Name"})
				c.Name = name
			}
		})
	})
}
