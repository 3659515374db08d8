package check

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

var sharedClaimRules = []Rule{
	{ID: "rwo-replicas", Level: Warning,
		Title: "several pods share a claim that only one node or pod can mount",
		Why:   "with ReadWriteOnce the pods on other nodes wait for ever, with ReadWriteOncePod all pods but one",
		Fix:   "use a StatefulSet with a claim template, one replica, or a claim with ReadWriteMany",
		Bad:   "kind: Deployment\nspec: {replicas: 2, template: {spec: {containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}], volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}}}\n---\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
		Good:  "kind: Deployment\nspec: {replicas: 2, template: {spec: {containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}], volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}}}\n---\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}",
		objects: func(s *set, r *Rule) {
			for i := range s.workloads {
				sharedClaims(s, r, &s.workloads[i])
			}
		}},
}

// sharedClaims looks at the claims that the pods of one workload share.
func sharedClaims(s *set, r *Rule, w *workload) {
	if w.kind != "Deployment" && w.kind != "ReplicaSet" || w.replicas == nil || *w.replicas < 2 {
		return
	}
	for i := range w.template.Spec.Volumes {
		v := w.template.Spec.Volumes[i].PersistentVolumeClaim
		if v == nil {
			continue
		}
		if mode, one := s.oneNodeClaim(w.object.GetNamespace(), v.ClaimName); one {
			s.report(r, w.String(), w.path+".spec.volumes"+at(i)+".persistentVolumeClaim.claimName",
				invalid(v.ClaimName, fmt.Sprintf("%d pods share a claim that is %s", *w.replicas, mode), ""))
		}
	}
}

// oneNodeClaim says whether every claim of a name is for one node, and how; several
// of one name are variants.
func (s *set) oneNodeClaim(namespace, name string) (mode corev1.PersistentVolumeAccessMode, one bool) {
	for _, c := range s.persistent[key{namespace, name}] {
		if !oneNode(c.Spec.AccessModes) {
			return "", false
		}
		if !one {
			mode, one = c.Spec.AccessModes[0], true
		}
	}
	return mode, one
}

// oneNode says whether no mode lets pods on several nodes write.
func oneNode(modes []corev1.PersistentVolumeAccessMode) bool {
	return len(modes) > 0 && !slices.ContainsFunc(modes, func(m corev1.PersistentVolumeAccessMode) bool {
		return m != corev1.ReadWriteOnce && m != corev1.ReadWriteOncePod
	})
}
