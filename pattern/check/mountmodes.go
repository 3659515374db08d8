package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var mountModeRules = []Rule{
	{ID: "mount-propagation", Level: Rejected,
		Title: "mountPropagation is unknown, or Bidirectional without privileged",
		Why:   "mounts that reach back to the node are only for privileged containers: the API server refuses the pod",
		Fix:   "None or HostToContainer; Bidirectional needs a privileged container",
		Bad:   `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, mountPropagation: Bidirectional}]}]}`,
		Good:  `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, mountPropagation: HostToContainer}]}]}`,
		pod: func(x *index, r *Rule) {
			x.mounts(func(c site, i int, m *corev1.VolumeMount) {
				if m.MountPropagation != nil {
					x.propagation(r, c, i, *m.MountPropagation)
				}
			})
		}},
	{ID: "rro-readonly", Level: Rejected,
		Title: "recursiveReadOnly is set on a mount that isn't read-only, or that propagates",
		Why:   "what is mounted below could still be written: the API server refuses the pod",
		Fix:   "set readOnly: true, and leave mountPropagation out",
		Bad:   `{volumes: [{name: data, persistentVolumeClaim: {claimName: data}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, recursiveReadOnly: Enabled}]}]}`,
		Good:  `{volumes: [{name: data, persistentVolumeClaim: {claimName: data}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, readOnly: true, recursiveReadOnly: Enabled}]}]}`,
		pod: func(x *index, r *Rule) {
			if !x.target.Has(release.RecursiveReadOnly) {
				return // the API server drops the field
			}
			x.mounts(func(c site, i int, m *corev1.VolumeMount) {
				if m.RecursiveReadOnly != nil {
					x.recursiveReadOnly(r, c, i, m)
				}
			})
		}},
}

func (x *index) propagation(r *Rule, c site, i int, mode corev1.MountPropagationMode) {
	switch mode {
	case corev1.MountPropagationNone, corev1.MountPropagationHostToContainer:
	case corev1.MountPropagationBidirectional:
		if sc := c.SecurityContext; sc == nil || sc.Privileged == nil || !*sc.Privileged {
			x.report(r, c, ".volumeMounts"+at(i)+".mountPropagation", forbidden("Bidirectional mount propagation is available only to privileged containers", ""))
		}
	default:
		x.report(r, c, ".volumeMounts"+at(i)+".mountPropagation", notSupported(mode, corev1.MountPropagationBidirectional, corev1.MountPropagationHostToContainer, corev1.MountPropagationNone))
	}
}

func (x *index) recursiveReadOnly(r *Rule, c site, i int, m *corev1.VolumeMount) {
	switch mode := *m.RecursiveReadOnly; mode {
	case corev1.RecursiveReadOnlyDisabled:
	case corev1.RecursiveReadOnlyEnabled, corev1.RecursiveReadOnlyIfPossible:
		if !m.ReadOnly {
			x.report(r, c, ".volumeMounts"+at(i)+".recursiveReadOnly", forbidden("may only be specified when readOnly is true", "set readOnly to true"))
		}
		if m.MountPropagation != nil && *m.MountPropagation != corev1.MountPropagationNone {
			x.report(r, c, ".volumeMounts"+at(i)+".recursiveReadOnly", forbidden("may only be specified when mountPropagation is None or not specified", "leave mountPropagation out"))
		}
	default:
		x.report(r, c, ".volumeMounts"+at(i)+".recursiveReadOnly", notSupported(mode, corev1.RecursiveReadOnlyDisabled, corev1.RecursiveReadOnlyEnabled, corev1.RecursiveReadOnlyIfPossible))
	}
}
