package webhook

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
)

// percentHas says whether an object is among those that Percent looks at.
func (s *settings) percentHas(namespace string, o *object) bool {
	kind, name := o.owner()
	return bucket(namespace, kind, name) < s.percent
}

// bucket gives each owner a number from 0 to 99 that never changes.
func bucket(namespace, kind, name string) int {
	sum := sha256.Sum256([]byte(namespace + "/" + kind + "/" + name))
	return int(binary.BigEndian.Uint64(sum[:]) % 100)
}

// rolloutHash is the label by which Argo Rollouts tells its ReplicaSets apart.
// upstream: argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/types.go
const rolloutHash = "rollouts-pod-template-hash"

// owner gives the kind and name of the workload that an object belongs to.
func (o *object) owner() (kind, name string) {
	c := o.Metadata.controller()
	if c == nil {
		if o.Metadata.GenerateName != "" {
			return o.Kind, o.Metadata.GenerateName
		}
		return o.Kind, o.Metadata.Name
	}
	switch c.Kind {
	case "ReplicaSet":
		if name, is := strings.CutSuffix(c.Name, "-"+o.Metadata.Labels[appsv1.DefaultDeploymentUniqueLabelKey]); is {
			return "Deployment", name
		}
		if name, is := strings.CutSuffix(c.Name, "-"+o.Metadata.Labels[rolloutHash]); is {
			return "Rollout", name
		}
	case "Job":
		if name, is := withoutMinute(c.Name); is {
			return "CronJob", name
		}
	}
	return c.Kind, c.Name
}

// withoutMinute takes off what a CronJob puts behind the name of a Job: the minute it is
// for, counted from 1970, which has eight digits until 2160.
// upstream: kubernetes/kubernetes pkg/controller/cronjob/cronjob_controllerv2.go getJobName
func withoutMinute(name string) (string, bool) {
	i := strings.LastIndexByte(name, '-')
	if i < 1 || len(name)-i-1 != 8 || strings.Trim(name[i+1:], "0123456789") != "" {
		return name, false
	}
	return name[:i], true
}
