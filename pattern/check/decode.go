package check

import (
	"encoding/json"
	"errors"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// Decode gives the typed object of a manifest, in YAML or JSON, for [Objects]. It
// is nil for a kind that no check knows. A field that the kind doesn't have, or
// that comes twice, is an error, as it is for kubectl apply.
func Decode(manifest []byte) (runtime.Object, error) {
	data, err := yaml.YAMLToJSONStrict(manifest)
	if err != nil {
		return nil, err
	}
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, errors.New("is no object")
	}
	if head.Kind == "" || head.APIVersion == "" {
		return nil, errors.New("has no kind and apiVersion")
	}
	o := empty(head.APIVersion, head.Kind)
	if o == nil {
		return nil, nil
	}
	if err := yaml.UnmarshalStrict(data, o); err != nil {
		return nil, fmt.Errorf("%s: %w", head.Kind, err)
	}
	return o, nil
}

// empty gives an object to decode into; nil: no check knows the kind.
func empty(apiVersion, kind string) runtime.Object {
	switch apiVersion + " " + kind {
	case "v1 Pod":
		return new(corev1.Pod)
	case "v1 List":
		return new(corev1.List)
	case "v1 Service":
		return new(corev1.Service)
	case "v1 Secret":
		return new(corev1.Secret)
	case "v1 ConfigMap":
		return new(corev1.ConfigMap)
	case "v1 PersistentVolumeClaim":
		return new(corev1.PersistentVolumeClaim)
	case "apps/v1 Deployment":
		return new(appsv1.Deployment)
	case "apps/v1 ReplicaSet":
		return new(appsv1.ReplicaSet)
	case "apps/v1 StatefulSet":
		return new(appsv1.StatefulSet)
	case "apps/v1 DaemonSet":
		return new(appsv1.DaemonSet)
	case "batch/v1 Job":
		return new(batchv1.Job)
	case "batch/v1 CronJob":
		return new(batchv1.CronJob)
	case "autoscaling/v1 HorizontalPodAutoscaler":
		return new(autoscalingv1.HorizontalPodAutoscaler)
	case "autoscaling/v2 HorizontalPodAutoscaler":
		return new(autoscalingv2.HorizontalPodAutoscaler)
	}
	return nil
}
