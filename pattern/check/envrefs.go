package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var envRefRules = []Rule{
	{ID: "env-ref-undefined", Level: Warning,
		Title: "$(NAME) names a variable that isn't defined there",
		Why:   "the kubelet then leaves $(NAME) as it is written, and the program gets that; a value knows only the variables above it",
		Fix:   "define the variable in this container, above where it is used, or write $$(NAME) if that is meant",
		Bad:   `containers: [{name: web, args: ["--node=$(NODE_NAME)"]}]`,
		Good:  `containers: [{name: web, args: ["--node=$(NODE_NAME)"], env: [{name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}]`,
		pod:   envRefs},
}

func envRefs(x *index, r *Rule) {
	var all firsts[string]
	for _, c := range x.containers {
		if len(c.EnvFrom) > 0 {
			continue // any name may be in there
		}
		refs := envNames{x: x, r: r, c: c, all: &all}
		for t := range c.texts {
			refs.in(t)
		}
	}
}

// envNames are the variables that a container may refer to.
type envNames struct {
	x       *index
	r       *Rule
	c       site
	defined firsts[string]  // the places in the env of c, gathered when they are asked for
	told    firsts[string]  // what was reported
	all     *firsts[string] // the containers that define a variable, gathered likewise
}

// find gives where a variable stands in the container; -1 is nowhere.
func (e *envNames) find(name string) int {
	if e.defined.n == 0 {
		for i := range e.c.Env {
			e.defined.at(e.c.Env[i].Name, i)
		}
	}
	if i, found := e.defined.find(name); found {
		return i
	}
	return -1
}

// elsewhere gives the first container that defines a variable.
func (e *envNames) elsewhere(name string) []Party {
	if e.all.n == 0 {
		for k, c := range e.x.containers {
			for i := range c.Env {
				e.all.at(c.Env[i].Name, k)
			}
		}
	}
	k, found := e.all.find(name)
	if !found {
		return nil
	}
	o := e.x.containers[k]
	return []Party{e.x.party(o, ".env"+at(variableAt(o.Env, name)))}
}

// in finds references in one text. The value of a variable knows only those above it.
func (e *envNames) in(t textSite) {
	x, r, c := e.x, e.r, e.c
	first := len(c.Env)
	if t.inEnv() {
		first = t.index
	}
	for rest := t.text; ; {
		name, after, found := nextRef(rest)
		if !found {
			return
		}
		rest = after
		place := e.find(name)
		if place >= 0 && place < first || x.fromService(name) {
			continue
		}
		if _, told := e.told.find(name); told {
			continue
		}
		// What isn't in capitals is a command of a shell, and so is a function.
		if place < 0 && (!capitals(name) || strings.Contains(t.text, name+"()")) {
			continue
		}
		e.told.at(name, 0)
		where := t.field()
		if place >= 0 {
			detail := "is defined only further down, and stays as it is written"
			if t.inEnv() && place == t.index {
				detail = "is what is being defined, and stays as it is written"
			}
			x.report(r, c, where, invalid("$("+name+")", detail, ""), x.party(c, ".env"+at(place)))
			continue
		}
		x.report(r, c, where, invalid("$("+name+")", "is not defined in container "+c.Name+", and stays as it is written", ""), e.elsewhere(name)...)
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
			end := strings.IndexByte(text[i:], ')')
			if end < 0 {
				return "", "", false // nor has any behind it
			}
			return text[i+2 : i+end], text[i+end+1:], true
		}
		text = text[i+2:]
	}
}

// variableAt gives where a variable stands; -1 is nowhere.
func variableAt(env []corev1.EnvVar, name string) int {
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
	if isFalse(x.spec.EnableServiceLinks) {
		return false
	}
	return strings.HasSuffix(name, "_SERVICE_HOST") || strings.HasSuffix(name, "_SERVICE_PORT") || strings.Contains(name, "_SERVICE_PORT_") ||
		strings.HasSuffix(name, "_PORT") || strings.Contains(name, "_PORT_")
}
