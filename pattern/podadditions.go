package pattern

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// wiredPair is a label or an annotation, and who wants it.
type wiredPair struct {
	pair
	by *draft
}

// podAdditions is what the plan adds to the pod itself.
type podAdditions struct {
	labels, annotations []wiredPair
	fsGroup             *int64
	fsGroupBy           *draft
	sharePID            bool
	noAutomount         bool
	serviceAccount      string
	pullSecrets         []string
	hostAliases         []corev1.HostAlias
}

// settlePod collects what the containers ask of the pod itself. What the pod has
// already stays; what two containers want differently is an error.
func (r *resolver) settlePod(add *podAdditions) {
	for _, d := range r.drafts {
		r.settleScrapes(d)
		add.labels = r.pairs(add.labels, d, d.labels, r.base.Labels, "metadata.labels")
		add.annotations = r.pairs(add.annotations, d, d.annotations, r.base.Annotations, "metadata.annotations")
		add.sharePID = add.sharePID || d.sharePID && r.base.Spec.ShareProcessNamespace == nil
		if d.fsGroup != nil && (r.base.Spec.SecurityContext == nil || r.base.Spec.SecurityContext.FSGroup == nil) {
			if add.fsGroup != nil && *add.fsGroup != *d.fsGroup {
				r.reportAt("spec.securityContext.fsGroup", flaw{rule: "wiring-clash", value: *d.fsGroup, at: d.origin, others: []party{{d: d}, {d: add.fsGroupBy}},
					detail: fmt.Sprintf("container %s needs group %d", add.fsGroupBy.c.Name, *add.fsGroup), fix: "set FSGroup on the pod"})
			} else if add.fsGroup == nil {
				add.fsGroup, add.fsGroupBy = d.fsGroup, d
			}
		}
		for _, s := range d.pullSecrets {
			if slices.Contains(r.base.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: s.name}) || slices.Contains(add.pullSecrets, s.name) {
				continue
			}
			d.reportAll(s.bad, "spec.imagePullSecrets"+at(len(r.base.Spec.ImagePullSecrets)+len(add.pullSecrets), s.bad))
			add.pullSecrets = append(add.pullSecrets, s.name)
		}
		for _, a := range d.hostAliases {
			d.reportAll(a.bad, "spec.hostAliases"+at(len(r.base.Spec.HostAliases)+len(add.hostAliases), a.bad))
			same := func(o corev1.HostAlias) bool { return o.IP == a.IP && slices.Equal(o.Hostnames, a.Hostnames) }
			if !slices.ContainsFunc(r.base.Spec.HostAliases, same) && !slices.ContainsFunc(add.hostAliases, same) {
				add.hostAliases = append(add.hostAliases, a.HostAlias)
			}
		}
	}
}

func (r *resolver) pairs(out []wiredPair, d *draft, wanted []pair, there map[string]string, path string) []wiredPair {
	for _, w := range wanted {
		if _, set := there[w.key]; set {
			continue
		}
		i := slices.IndexFunc(out, func(o wiredPair) bool { return o.key == w.key })
		switch {
		case i < 0:
			out = append(out, wiredPair{w, d})
		case out[i].value != w.value:
			r.reportAt(path, flaw{rule: "wiring-clash", value: w.key + "=" + w.value, at: d.origin, others: []party{{d: d}, {d: out[i].by}},
				detail: "container " + out[i].by.c.Name + " gives it the value " + out[i].value, fix: "set it on the pod"})
		}
	}
	return out
}

func (a *podAdditions) apply(t *corev1.PodTemplateSpec) {
	for _, l := range a.labels {
		set(&t.Labels, l.key, l.value)
	}
	for _, l := range a.annotations {
		set(&t.Annotations, l.key, l.value)
	}
	if a.fsGroup != nil {
		if t.Spec.SecurityContext == nil {
			t.Spec.SecurityContext = &corev1.PodSecurityContext{}
		}
		t.Spec.SecurityContext.FSGroup = a.fsGroup
	}
	if a.sharePID {
		t.Spec.ShareProcessNamespace = new(true)
	}
	if a.noAutomount {
		t.Spec.AutomountServiceAccountToken = new(false)
	}
	if a.serviceAccount != "" {
		t.Spec.ServiceAccountName = a.serviceAccount
	}
	for _, name := range a.pullSecrets {
		t.Spec.ImagePullSecrets = append(t.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	t.Spec.HostAliases = append(t.Spec.HostAliases, a.hostAliases...)
}
