package check

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

var lifecycleRules = []rule{
	{"prestop-sleep", Rejected, func(x *index, r rule) {
		grace := int64(corev1.DefaultTerminationGracePeriodSeconds)
		if x.spec.TerminationGracePeriodSeconds != nil {
			grace = *x.spec.TerminationGracePeriodSeconds
		}
		for _, c := range x.containers {
			if c.Lifecycle == nil {
				continue
			}
			for _, h := range [...]struct {
				name string
				hook *corev1.LifecycleHandler
			}{{"postStart", c.Lifecycle.PostStart}, {"preStop", c.Lifecycle.PreStop}} {
				if h.hook == nil || h.hook.Sleep == nil || h.hook.Sleep.Seconds >= 0 && h.hook.Sleep.Seconds <= grace {
					continue
				}
				x.report(r, c, ".lifecycle."+h.name+".sleep", invalid(h.hook.Sleep.Seconds, fmt.Sprintf("must be non-negative and less than terminationGracePeriodSeconds (%d)", grace), "a shorter sleep, or a longer grace period"))
			}
		}
	}},
}
