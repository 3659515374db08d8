package check

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go, ValidateEnv, ValidateEnvFrom
var envRules = []Rule{
	{ID: "env-name", Level: Rejected,
		Title: "the name of an environment variable, or the prefix of an envFrom, has the wrong form",
		Why:   "no program could be given such a variable: the API server refuses the pod",
		Fix:   "letters, digits and _",
		Bad:   `containers: [{name: web, env: [{name: "LOG=LEVEL", value: debug}]}]`,
		Good:  `containers: [{name: web, env: [{name: LOG_LEVEL, value: debug}]}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				for i := range c.Env {
					if name := c.Env[i].Name; name == "" {
						x.report(r, c, ".env"+at(i)+".name", required("", "give the variable a name"))
					} else if !names.IsEnv(name) {
						x.reportEach(r, c, ".env"+at(i)+".name", name, x.envNameFaults(name))
					}
				}
				for i := range c.EnvFrom {
					if prefix := c.EnvFrom[i].Prefix; prefix != "" && !names.IsEnv(prefix) {
						x.reportEach(r, c, ".envFrom"+at(i)+".prefix", prefix, x.envNameFaults(prefix))
					}
				}
			}
		}},
	{ID: "env-dup", Level: Warning,
		Title: "a container sets a variable twice",
		Why:   "the later one counts, but the name is the key of the list: kubectl apply may keep the other",
		Fix:   "remove one of the two",
		Bad:   `containers: [{name: web, env: [{name: LOG_LEVEL, value: info}, {name: LOG_LEVEL, value: debug}]}]`,
		Good:  `containers: [{name: web, env: [{name: LOG_LEVEL, value: debug}]}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if len(c.Env) < 2 {
					continue
				}
				var seen firsts[string]
				for i := range c.Env {
					e := &c.Env[i]
					if first, dup := seen.at(e.Name, i); dup && e.Name != "" && hides(e) {
						x.report(r, c, ".env"+at(i), duplicate(e.Name, fmt.Sprintf("hides previous definition of %q, which may be dropped when using apply", e.Name), ""), x.party(c, ".env"+at(first)))
					}
				}
			}
		}},
}

// envNameFaults says what is wrong with the name of a variable.
func (x *index) envNameFaults(name string) []string {
	if x.target.Has(release.RelaxedEnvNames) {
		return validation.IsRelaxedEnvVarName(name)
	}
	return validation.IsEnvVarName(name)
}

// hides says whether a second definition forgets the first: PATH=$(PATH):/more
// doesn't.
// upstream: kubernetes/kubernetes pkg/api/pod/warnings.go
func hides(e *corev1.EnvVar) bool {
	ref := "$(" + e.Name + ")"
	return e.ValueFrom != nil || e.Value == ref || !strings.Contains(e.Value, ref)
}
