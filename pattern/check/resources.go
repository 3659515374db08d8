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
				negative(l.list, func(name corev1.ResourceName, q *resource.Quantity) {
					x.report(r, c, ".resources."+l.name+"."+string(name), invalid(q.String(), "must be greater than or equal to 0", "a positive quantity"))
				})
			}
		}
	}},
	{"req-gt-limit", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			for _, name := range sortedNames(c.Resources.Requests) {
				request := c.Resources.Requests[name]
				if limit, ok := c.Resources.Limits[name]; ok && request.Cmp(limit) > 0 {
					// Quantity.String caches into its receiver: both are copies here.
					x.report(r, c, ".resources.requests", invalid(request.String(), "must be less than or equal to "+string(name)+" limit of "+limit.String(), "lower the request or raise the limit"))
				}
			}
		}
	}},
}

func negative(list corev1.ResourceList, do func(corev1.ResourceName, *resource.Quantity)) {
	for _, name := range sortedNames(list) {
		if q := list[name]; q.Sign() < 0 {
			do(name, &q)
		}
	}
}

func sortedNames(list corev1.ResourceList) []corev1.ResourceName {
	if len(list) == 0 {
		return nil
	}
	out := make([]corev1.ResourceName, 0, len(list))
	for name := range list {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
