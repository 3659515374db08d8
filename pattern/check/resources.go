package check

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var resourceRules = []rule{
	{"quantity", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			for _, l := range [...]struct {
				name string
				list corev1.ResourceList
			}{{"requests", c.Resources.Requests}, {"limits", c.Resources.Limits}} {
				for _, name := range pick(l.list, negative) {
					x.report(r, c, ".resources."+l.name+"["+string(name)+"]", invalid(text(l.list[name]), "must be greater than or equal to 0", "a positive quantity"))
				}
			}
		}
	}},
	{"req-gt-limit", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			limits := c.Resources.Limits
			if len(limits) == 0 {
				continue
			}
			more := func(name corev1.ResourceName, request resource.Quantity) bool {
				limit, limited := limits[name]
				return limited && request.Cmp(limit) > 0
			}
			for _, name := range pick(c.Resources.Requests, more) {
				x.report(r, c, ".resources.requests", invalid(text(c.Resources.Requests[name]), "must be less than or equal to "+string(name)+" limit of "+text(limits[name]), "lower the request or raise the limit"))
			}
		}
	}},
}

func negative(_ corev1.ResourceName, q resource.Quantity) bool { return q.Sign() < 0 }

// pick gives the resources that a test is true of, sorted.
func pick(list corev1.ResourceList, test func(corev1.ResourceName, resource.Quantity) bool) []corev1.ResourceName {
	var out []corev1.ResourceName
	for name, q := range list {
		if test(name, q) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// text prints a copy: Quantity.String caches what it prints in its receiver.
func text(q resource.Quantity) string { return q.String() }
