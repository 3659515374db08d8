package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"k8s.io/apimachinery/pkg/util/validation"
)

var nameRules = []Rule{
	{ID: "name-label", Level: Rejected,
		Title: "the name of a container or a volume is no DNS label",
		Why:   "the names become parts of other names and of paths on the node: the API server refuses the pod",
		Fix:   "at most 63 of a-z, 0-9 and -, with a letter or digit at both ends",
		Bad:   `containers: [{name: Web_App}]`,
		Good:  `containers: [{name: web-app}]`,
		pod:   nameLabel},
	{ID: "container-name-dup", Level: Rejected,
		Title: "two containers have one name",
		Why:   "logs, metrics and kubectl know a container by its name, and init containers share the names with the regular ones: the API server refuses the pod",
		Fix:   "give one of the two another name",
		Bad:   `{initContainers: [{name: web}], containers: [{name: web}]}`,
		Good:  `{initContainers: [{name: migrate}], containers: [{name: web}]}`,
		pod:   nameDup},
	{ID: "name-vague", Level: Warning,
		Title: "the name of a container doesn't say what it does",
		Why:   "in a pod of several, logs, metrics and kubectl tell the containers apart by their names alone",
		Fix:   "name it after its job, such as log-shipper or migrate",
		Bad:   `containers: [{name: web}, {name: container2, readinessProbe: null}]`,
		Good:  `containers: [{name: web}, {name: log-shipper, readinessProbe: null}]`,
		pod: func(x *index, r *Rule) {
			if len(x.containers) < 2 {
				return
			}
			for _, c := range x.containers {
				if vague(c.Name) {
					x.report(r, c, ".name", invalid(c.Name, "doesn't say what the container does", ""))
				}
			}
		}},
}

func nameLabel(x *index, r *Rule) {
	for _, c := range x.containers {
		if c.Name == "" {
			x.report(r, c, ".name", required("", "give it a name"))
		} else if !names.IsLabel(c.Name) {
			x.reportEach(r, c, ".name", c.Name, validation.IsDNS1123Label(c.Name))
		}
	}
	for i := range x.spec.Volumes {
		name := x.spec.Volumes[i].Name
		if name == "" {
			x.reportPod(r, "spec.volumes"+at(i)+".name", required("", "give it a name"))
		} else if !names.IsLabel(name) {
			x.reportPodEach(r, "spec.volumes"+at(i)+".name", name, validation.IsDNS1123Label(name))
		}
	}
}

// nameDup reads the regular containers first, as the API server does. To it an
// empty name is a name too, except that init containers don't take it.
func nameDup(x *index, r *Rule) {
	var names firsts[string]
	for i, c := range x.containers {
		if c.init {
			continue
		}
		if o, dup := names.at(c.Name, i); dup {
			x.report(r, c, ".name", duplicate(c.Name, "", ""), x.party(x.containers[o], ".name"))
		}
	}
	for i, c := range x.containers {
		if !c.init {
			break
		}
		var o int
		var dup bool
		if c.Name == "" {
			o, dup = names.find("")
		} else {
			o, dup = names.at(c.Name, i)
		}
		if dup {
			x.report(r, c, ".name", duplicate(c.Name, "", ""), x.party(x.containers[o], ".name"))
		}
	}
}

// vague says whether a name says no job: what every container of a pod could be
// called, and a number behind it. The name of a role, such as proxy, is none.
func vague(name string) bool {
	word := strings.TrimRight(name, "0123456789")
	numbered := word != name
	word = strings.TrimSuffix(word, "-")
	switch word {
	case "container", "my-container", "mycontainer", "first-container", "second-container",
		"init-container", "initcontainer", "my-init-container",
		"sidecar", "side-car", "sidecar-container", "my-sidecar",
		"helper", "helper-container", "my-helper":
		return true
	case "app", "c", "cont", "ctr", "init", "main", "pod":
		return numbered
	}
	return false
}
