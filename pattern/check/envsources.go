package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go,
// validateEnvVarValueFrom, ValidateEnvFrom, validateConfigMapKeySelector, validateSecretKeySelector
var envSourceRules = []Rule{
	{ID: "env-source", Level: Rejected,
		Title: "a variable has an empty valueFrom, or more than one source",
		Why:   "the kubelet wouldn't know which of them counts: the API server refuses the pod",
		Fix:   "keep the value, or exactly one source",
		Bad:   `containers: [{name: web, env: [{name: POD, value: web, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]`,
		Good:  `containers: [{name: web, env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]`,
		pod:   envSource},
	{ID: "reference-name", Level: Rejected,
		Title: "a reference has a name that no object can have",
		Why:   "a placeholder of a template that nobody filled in, for example, is never found: the API server refuses the pod",
		Fix:   "the name of the object: small letters, digits, - and dots, with a letter or digit at both ends",
		Bad:   `containers: [{name: web, envFrom: [{secretRef: {name: "${ENV}-db"}}]}]`,
		Good:  `containers: [{name: web, envFrom: [{secretRef: {name: prod-db}}]}]`,
		pod:   referenceName},
	{ID: "reference-key", Level: Rejected,
		Title: "a reference has a key that no ConfigMap or Secret can have",
		Why:   "the key would never be found: the API server refuses the pod",
		Fix:   "the key: letters, digits, -, _ and dots",
		Bad:   `containers: [{name: web, env: [{name: DB_USER, valueFrom: {secretKeyRef: {name: db, key: db/user}}}]}]`,
		Good:  `containers: [{name: web, env: [{name: DB_USER, valueFrom: {secretKeyRef: {name: db, key: user}}}]}]`,
		pod: func(x *index, r *Rule) {
			x.sources(func(c site, i int, s *corev1.EnvVarSource) {
				if k := s.ConfigMapKeyRef; k != nil && !names.IsKey(k.Key) {
					x.referenceKey(r, c, ".env"+at(i)+".valueFrom.configMapKeyRef.key", k.Key)
				}
				if k := s.SecretKeyRef; k != nil && !names.IsKey(k.Key) {
					x.referenceKey(r, c, ".env"+at(i)+".valueFrom.secretKeyRef.key", k.Key)
				}
			})
		}},
}

// sources calls do for each variable that has a source.
func (x *index) sources(do func(c site, i int, s *corev1.EnvVarSource)) {
	for _, c := range x.containers {
		for i := range c.Env {
			if s := c.Env[i].ValueFrom; s != nil {
				do(c, i, s)
			}
		}
	}
}

func envSource(x *index, r *Rule) {
	files := x.target.Has(release.EnvFiles)
	x.sources(func(c site, i int, s *corev1.EnvVarSource) {
		n := countTrue(s.FieldRef != nil, s.ResourceFieldRef != nil, s.ConfigMapKeyRef != nil, s.SecretKeyRef != nil, files && s.FileKeyRef != nil)
		path := func() string { return ".env" + at(i) + ".valueFrom" }
		switch {
		case n == 0 && files:
			x.report(r, c, path(), invalid("", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`", "name a source, or give a value"))
		case n == 0 && s.FileKeyRef != nil:
			x.report(r, c, path(), invalid("", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`", "fileKeyRef needs Kubernetes "+release.EnvFiles.String()))
		case n == 0:
			x.report(r, c, path(), invalid("", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`", "name a source, or give a value"))
		case c.Env[i].Value != "":
			x.report(r, c, path(), invalid("", "may not be specified when `value` is not empty", ""))
		case n > 1:
			x.report(r, c, path(), invalid("", "may not have more than one field specified at a time", ""))
		}
	})
	for _, c := range x.containers {
		for i := range c.EnvFrom {
			switch e := &c.EnvFrom[i]; countTrue(e.ConfigMapRef != nil, e.SecretRef != nil) {
			case 0:
				x.report(r, c, ".envFrom"+at(i), invalid("", "must specify one of: `configMapRef` or `secretRef`", "name a source"))
			case 2:
				x.report(r, c, ".envFrom"+at(i), invalid("", "may not have more than one field specified at a time", "make it two entries"))
			}
		}
	}
}

func referenceName(x *index, r *Rule) {
	x.sources(func(c site, i int, s *corev1.EnvVarSource) {
		if k := s.ConfigMapKeyRef; k != nil && !names.IsSubdomain(k.Name) {
			x.reportEach(r, c, ".env"+at(i)+".valueFrom.configMapKeyRef.name", k.Name, validation.IsDNS1123Subdomain(k.Name))
		}
		if k := s.SecretKeyRef; k != nil && !names.IsSubdomain(k.Name) {
			x.reportEach(r, c, ".env"+at(i)+".valueFrom.secretKeyRef.name", k.Name, validation.IsDNS1123Subdomain(k.Name))
		}
	})
	for _, c := range x.containers {
		for i := range c.EnvFrom {
			if s := c.EnvFrom[i].ConfigMapRef; s != nil && !names.IsSubdomain(s.Name) {
				x.envFromName(r, c, ".envFrom"+at(i)+".configMapRef.name", s.Name)
			}
			if s := c.EnvFrom[i].SecretRef; s != nil && !names.IsSubdomain(s.Name) {
				x.envFromName(r, c, ".envFrom"+at(i)+".secretRef.name", s.Name)
			}
		}
	}
}

func (x *index) envFromName(r *Rule, c site, fields, name string) {
	if name == "" {
		x.report(r, c, fields, required("", ""))
		return
	}
	x.reportEach(r, c, fields, name, validation.IsDNS1123Subdomain(unfinished(name)))
}

// unfinished puts a letter for the dash that may end the beginning of a name, and
// for the character before the dash, which is how the API server reads the names of envFrom and generateName.
// upstream: kubernetes/apimachinery pkg/api/validation/generic.go, maskTrailingDash
func unfinished(name string) string {
	if len(name) > 1 && strings.HasSuffix(name, "-") {
		return name[:len(name)-2] + "a"
	}
	return name
}

func (x *index) referenceKey(r *Rule, c site, fields, key string) {
	if key == "" {
		x.report(r, c, fields, required("", ""))
		return
	}
	x.reportEach(r, c, fields, key, validation.IsConfigMapKey(key))
}

func countTrue(those ...bool) (n int) {
	for _, is := range those {
		if is {
			n++
		}
	}
	return n
}
