package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var ephemeralRules = []Rule{
	{ID: "ephemeral-containers", Level: Rejected,
		Title: "the pod is to start with ephemeral containers",
		Why:   "they are added to a pod that runs, to debug it: the API server refuses a new pod or a template that has some",
		Fix:   "remove them; kubectl debug adds one to a running pod",
		Bad:   `ephemeralContainers: [{name: debug, image: "busybox:1.37.0"}]`,
		Good:  `containers: [{name: web}]`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.EphemeralContainers) == 0 {
				return
			}
			detail := "cannot be set on create"
			if x.template {
				detail = "ephemeral containers not allowed in pod template"
			}
			x.reportPod(r, "spec.ephemeralContainers", forbidden(detail, ""))
			x.ephemeralNames(r)
			for i := range x.spec.EphemeralContainers {
				x.ephemeralFields(r, i)
			}
			x.asContainers()
		}},
}

// ephemeralGroups are the rules about what all kinds of containers have in common.
var ephemeralGroups = [...][]Rule{
	nameRules, imageRules, portRules, envRules, envSourceRules, envFieldRules, envFileRules, mountRules, containerRules, resourceRules,
	securityRules, podSecurityRules, platformRules,
}

// asContainers puts the ephemeral containers to the rules of other containers, in
// a pod that has no others.
// upstream: pkg/apis/core/validation/validation.go validateEphemeralContainers
func (x *index) asContainers() {
	spec := *x.spec
	spec.InitContainers, spec.EphemeralContainers, spec.Resources = nil, nil, nil
	spec.Containers = make([]corev1.Container, len(x.spec.EphemeralContainers))
	for i := range spec.Containers {
		spec.Containers[i] = corev1.Container(x.spec.EphemeralContainers[i].EphemeralContainerCommon)
	}
	y := newIndex(x.meta, &spec, x.options)
	y.template = true // no defaults of a pod: requests don't follow limits
	for g := range ephemeralGroups {
		for i := range ephemeralGroups[g] {
			if r := &ephemeralGroups[g][i]; r.pod != nil && r.ID != "container-name-dup" && !strings.HasPrefix(r.ID, "host") {
				r.pod(y, r)
			}
		}
	}
	regular, ephemeral := x.under+"spec.containers[", x.under+"spec.ephemeralContainers["
	for _, f := range y.found {
		if f.Rule == "image-whitespace" {
			f.Level = Rejected // in a template too
		}
		if f.Level != Rejected || !strings.HasPrefix(f.Path, regular) {
			continue
		}
		f.Path = ephemeral + strings.TrimPrefix(f.Path, regular)
		for i := range f.Parties {
			if p := &f.Parties[i].Path; strings.HasPrefix(*p, regular) {
				*p = ephemeral + strings.TrimPrefix(*p, regular)
			}
		}
		x.found = append(x.found, f)
	}
}

// ephemeralNames holds the names against those of all containers, and the targets
// against those of the others.
func (x *index) ephemeralNames(r *Rule) {
	var names firsts[string]
	for i, c := range x.containers {
		names.at(c.Name, i)
	}
	for i := range x.spec.EphemeralContainers {
		c := &x.spec.EphemeralContainers[i]
		path := "spec.ephemeralContainers" + at(i)
		if first, seen := names.at(c.Name, len(x.containers)+i); seen {
			x.reportPod(r, path+".name", duplicate(c.Name, "", ""), x.ephemeralParty(i, ".name"), x.anyParty(first, ".name"))
		}
		if c.TargetContainerName == "" {
			continue
		}
		if first, seen := names.find(c.TargetContainerName); !seen || first >= len(x.containers) {
			x.reportPod(r, path+".targetContainerName", notFound(c.TargetContainerName, ""), x.ephemeralParty(i, ".targetContainerName"))
		}
	}
}

// ephemeralFields finds fault with what such a container can't have.
func (x *index) ephemeralFields(r *Rule, i int) {
	c := &x.spec.EphemeralContainers[i]
	rules := x.target.Has(release.RestartRules) // otherwise dropped
	path := "spec.ephemeralContainers" + at(i)
	for _, one := range [...]struct {
		name string
		set  bool
	}{
		{"ports", len(c.Ports) > 0},
		{"resources", len(c.Resources.Limits)+len(c.Resources.Requests)+len(c.Resources.Claims) > 0},
		{"resizePolicy", len(c.ResizePolicy) > 0},
		{"restartPolicy", rules && c.RestartPolicy != nil},
		{"restartPolicyRules", rules && len(c.RestartPolicyRules) > 0},
		{"livenessProbe", c.LivenessProbe != nil},
		{"readinessProbe", c.ReadinessProbe != nil},
		{"startupProbe", c.StartupProbe != nil},
		{"lifecycle", c.Lifecycle != nil && !onlyStopSignal(c.Lifecycle)},
	} {
		if one.set {
			x.reportPod(r, path+"."+one.name, forbidden("cannot be set for an Ephemeral Container", ""), x.ephemeralParty(i, "."+one.name))
		}
	}
	for j := range c.VolumeMounts {
		if c.VolumeMounts[j].SubPath != "" {
			x.reportPod(r, path+".volumeMounts"+at(j)+".subPath", forbidden("cannot be set for an Ephemeral Container", ""), x.ephemeralParty(i, ".volumeMounts"))
		}
		if c.VolumeMounts[j].SubPathExpr != "" {
			x.reportPod(r, path+".volumeMounts"+at(j)+".subPathExpr", forbidden("cannot be set for an Ephemeral Container", ""), x.ephemeralParty(i, ".volumeMounts"))
		}
	}
}

func (x *index) ephemeralParty(i int, fields string) Party {
	return Party{Container: x.spec.EphemeralContainers[i].Name, Path: x.under + "spec.ephemeralContainers" + at(i) + fields}
}

// anyParty gives the container at a place among the others and then the ephemeral
// ones.
func (x *index) anyParty(place int, fields string) Party {
	if place < len(x.containers) {
		return x.party(x.containers[place], fields)
	}
	return x.ephemeralParty(place-len(x.containers), fields)
}
