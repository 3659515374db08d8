package check

import "slices"

var volumeNameRules = []Rule{
	{ID: "volume-dup", Level: Rejected,
		Title: "two volumes have the same name",
		Why:   "a mount couldn't tell them apart: the API server refuses the pod",
		Fix:   "one volume a name",
		Bad:   `{volumes: [{name: tmp, emptyDir: {}}, {name: tmp, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: tmp, mountPath: /tmp}]}]}`,
		Good:  `{volumes: [{name: tmp, emptyDir: {}}, {name: cache, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: tmp, mountPath: /tmp}, {name: cache, mountPath: /cache}]}]}`,
		pod:   volumeDup},
}

// volumeDup: to the API server a name is taken only by a volume that is right.
func volumeDup(x *index, r *Rule) {
	for i := range x.spec.Volumes {
		name := x.spec.Volumes[i].Name
		first, _ := x.volumes.find(name)
		if first == i || name == "" || slices.Contains(x.claims, name) {
			continue
		}
		if first, ok := x.volume(name); ok && first < i {
			x.reportPod(r, "spec.volumes"+at(i)+".name", duplicate(name, "", ""))
		}
	}
}
