package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var envValueRules = []Rule{
	{ID: "env-ref-undefined", Level: Warning,
		Title: "$(NAME) names a variable that isn't known there",
		Why:   "the kubelet then leaves $(NAME) as it is written, and the program gets that; a value knows only the variables above it",
		Fix:   "define the variable in this container, above where it is used, or write $$(NAME) if that is meant",
		Bad:   `containers: [{name: web, args: ["--node=$(NODE_NAME)"]}]`,
		Good:  `containers: [{name: web, args: ["--node=$(NODE_NAME)"], env: [{name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}]`,
		pod:   envRefs},
	{ID: "env-diverges", Level: Warning,
		Title: "two containers have different values for one variable",
		Why:   "they talk to two different places under one name, and mostly one of the two was forgotten",
		Fix:   "give both the same value, from one ConfigMap, or give the variables two names",
		Bad:   `containers: [{name: web, env: [{name: REDIS_HOST, value: cache}]}, {name: worker, readinessProbe: null, env: [{name: REDIS_HOST, value: cache.old}]}]`,
		Good:  `containers: [{name: web, env: [{name: REDIS_HOST, value: cache}]}]`,
		pod:   envDiverges},
}

func envRefs(x *index, r *Rule) {
	for _, c := range x.containers {
		if len(c.EnvFrom) > 0 {
			continue // any name may be in there
		}
		var told []string
		for i := range c.Env {
			x.envRefsIn(r, c, ".env", i, ".value", c.Env[i].Value, c.Env[:i], &told)
		}
		for i, text := range c.Command {
			x.envRefsIn(r, c, ".command", i, "", text, c.Env, &told)
		}
		for i, text := range c.Args {
			x.envRefsIn(r, c, ".args", i, "", text, c.Env, &told)
		}
	}
}

// envRefsIn finds references in one text; known are the variables that it may
// refer to, and told the names that have been reported.
func (x *index) envRefsIn(r *Rule, c site, list string, i int, field, text string, known []corev1.EnvVar, told *[]string) {
	for rest := text; ; {
		name, after, found := nextRef(rest)
		if !found {
			return
		}
		rest = after
		if defined(known, name) >= 0 || x.fromService(name) || slices.Contains(*told, name) {
			continue
		}
		later := defined(c.Env, name)
		// What isn't in capitals is a command of a shell, and so is a function.
		if later < 0 && (!capitals(name) || strings.Contains(text, name+"()")) {
			continue
		}
		*told = append(*told, name)
		where := list + at(i) + field
		if later >= 0 {
			detail := "is defined only further down, and stays as it is written"
			if list == ".env" && later == i {
				detail = "is what is being defined, and stays as it is written"
			}
			x.report(r, c, where, invalid("$("+name+")", detail, ""), x.party(c, ".env"+at(later)))
			continue
		}
		var others []Party
		for _, o := range x.containers {
			if j := defined(o.Env, name); j >= 0 {
				others = []Party{x.party(o, ".env"+at(j))}
				break
			}
		}
		x.report(r, c, where, invalid("$("+name+")", "is not defined in container "+c.Name+", and stays as it is written", ""), others...)
	}
}

// nextRef gives the first reference of a text, and what stands behind it. $$ is a
// dollar, and what has no end is none.
// upstream: kubernetes/kubernetes third_party/forked/golang/expansion/expand.go
func nextRef(text string) (name, rest string, found bool) {
	for {
		i := strings.IndexByte(text, '$')
		if i < 0 || i+1 == len(text) {
			return "", "", false
		}
		if text[i+1] == '(' {
			if end := strings.IndexByte(text[i:], ')'); end > 0 {
				return text[i+2 : i+end], text[i+end+1:], true
			}
		}
		text = text[i+2:]
	}
}

// defined gives where a variable stands; -1 is nowhere.
func defined(env []corev1.EnvVar, name string) int {
	for i := range env {
		if env[i].Name == name {
			return i
		}
	}
	return -1
}

// capitals says whether name is written as variables are: NODE_NAME.
func capitals(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && (c < 'A' || c > 'Z') && (i == 0 || !digit(c)) {
			return false
		}
	}
	return len(name) > 1
}

// fromService says whether the kubelet may make a variable from the Services of
// the namespace, such as DB_SERVICE_HOST; those of the API server are always there.
// upstream: kubernetes/kubernetes pkg/kubelet/envvars/envvars.go
func (x *index) fromService(name string) bool {
	if strings.HasPrefix(name, "KUBERNETES_") {
		return true
	}
	if links := x.spec.EnableServiceLinks; links != nil && !*links {
		return false
	}
	return strings.HasSuffix(name, "_SERVICE_HOST") || strings.HasSuffix(name, "_SERVICE_PORT") || strings.Contains(name, "_SERVICE_PORT_") ||
		strings.HasSuffix(name, "_PORT") || strings.Contains(name, "_PORT_")
}
