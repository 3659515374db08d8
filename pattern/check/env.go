package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"k8s.io/apimachinery/pkg/util/validation"
)

var envRules = []rule{
	{"env-name", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			for i := range c.Env {
				name := c.Env[i].Name
				if names.IsEnv(name) {
					continue
				}
				if name == "" {
					x.report(r, c, ".env"+at(i)+".name", required("", "give the variable a name"))
				} else if msgs := validation.IsRelaxedEnvVarName(name); len(msgs) > 0 {
					x.report(r, c, ".env"+at(i)+".name", invalid(name, strings.Join(msgs, "; "), "letters, digits and _"))
				}
			}
		}
	}},
	{"env-source", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			for i := range c.Env {
				if e := &c.Env[i]; e.Value != "" && e.ValueFrom != nil {
					x.report(r, c, ".env"+at(i)+".valueFrom", invalid("", "may not be specified when `value` is not empty", "keep the value or the source"))
				}
			}
		}
	}},
}
