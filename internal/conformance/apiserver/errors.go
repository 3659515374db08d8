package apiserver

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/capabilities"
)

// Errors gives what the API server says against an object of a kind that [Judge]
// knows, or against a PodTemplate, error by error. The object needs what the
// server would give it: a namespace, and a name. An error is an object that can't
// be judged.
func Errors(object runtime.Object) (field.ErrorList, error) {
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true})

	kind := object.GetObjectKind().GroupVersionKind()
	strategy, known := strategies()[kind]
	if !known {
		return nil, fmt.Errorf("%s: a kind that isn't judged", kind)
	}
	data, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	// As it comes over the wire, with defaults.
	object, err = runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), data)
	if err != nil {
		return nil, err
	}
	admit(object)
	m, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	ctx := request.WithNamespace(context.Background(), m.GetNamespace())
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{Verb: "create", APIGroup: kind.Group, APIVersion: kind.Version})
	strategy.PrepareForCreate(ctx, object)
	return strategy.Validate(ctx, object), nil
}

// Validation gives the API server's validation of a pod template alone, ready to
// be called: what comes before it, from the decoder to the defaults, is done.
func Validation(template *corev1.PodTemplateSpec) (func() field.ErrorList, error) {
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true})
	object := &corev1.PodTemplate{Template: *template.DeepCopy()}
	legacyscheme.Scheme.Default(object)
	var internal core.PodTemplate
	if err := legacyscheme.Scheme.Convert(object, &internal, nil); err != nil {
		return nil, err
	}
	t := &internal.Template
	options := pod.GetValidationOptionsFromPodTemplate(t, nil)
	path := field.NewPath("spec", "template")
	return func() field.ErrorList { return validation.ValidatePodTemplateSpec(t, path, options) }, nil
}
