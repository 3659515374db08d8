// Package apiserver judges manifests as the API server does, without a cluster:
// it is the API server's own code, from the decoder to the registry.
//
// What needs other objects isn't judged: admission by quota, the limits of a
// namespace, whether a Secret that is named exists.
package apiserver

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/capabilities"
	"sigs.k8s.io/yaml"
)

// Verdict is what the API server says of one object.
type Verdict struct {
	Kind, Name string

	// Err is why the object is rejected, nil if it isn't.
	Err error
	// Warnings are what the client is told of an object that is accepted.
	Warnings []string
	// Forbidden is why a namespace that enforces Pod Security restricted rejects
	// an object that is accepted otherwise. It is empty if that one accepts it
	// too, or if the object carries no pod.
	Forbidden string
}

// Fine says whether there is nothing to say against the object, whatever Pod
// Security makes of it.
func (v Verdict) Fine() bool { return v.Err == nil && len(v.Warnings) == 0 }

// Judge gives a verdict on each object of a YAML stream. An error is a stream that
// it can't judge: one that can't be read, that is empty, or that has an object of
// a kind that it doesn't know.
func Judge(stream []byte) ([]Verdict, error) {
	// Clusters allow what needs privileges; the API server's default doesn't.
	capabilities.Initialize(capabilities.Capabilities{AllowPrivileged: true})

	var verdicts []Verdict
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(stream)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the stream: %w", err)
		}
		if blank(document) {
			continue
		}
		v, err := judge(document)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", len(verdicts)+1, err)
		}
		verdicts = append(verdicts, v)
	}
	if len(verdicts) == 0 {
		return nil, errors.New("no object in the stream")
	}
	return verdicts, nil
}

// blank says whether a document has nothing but comments.
func blank(document []byte) bool {
	var v any
	return yaml.Unmarshal(document, &v) == nil && v == nil
}

func judge(document []byte) (Verdict, error) {
	var head struct {
		runtime.TypeMeta `json:",inline"`
		Metadata         struct{ Name string }
	}
	if err := yaml.Unmarshal(document, &head); err != nil {
		return Verdict{}, err
	}
	kind := schema.FromAPIVersionAndKind(head.APIVersion, head.Kind)
	strategy, known := strategies()[kind]
	if !known {
		return Verdict{}, fmt.Errorf("%s: a kind that isn't judged", kind)
	}
	v := Verdict{Kind: kind.Kind, Name: head.Metadata.Name}
	object, err := decode(document)
	if err != nil {
		v.Err = err
		return v, nil
	}
	if v.Warnings, v.Err = create(strategy, kind, object); v.Err != nil {
		return v, nil
	}
	v.Forbidden, err = forbidden(object, kind)
	return v, err
}

// decode gives the object with its defaults. A field that the kind doesn't have,
// or that comes twice, is an error, as it is for kubectl apply.
func decode(document []byte) (runtime.Object, error) {
	codecs := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)
	return runtime.Decode(codecs.UniversalDecoder(), document)
}

// create does what the API server does with an object that isn't there yet, up to
// the point where it would store it.
func create(strategy rest.RESTCreateStrategy, kind schema.GroupVersionKind, object runtime.Object) ([]string, error) {
	m, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	namespace := ""
	if strategy.NamespaceScoped() {
		namespace = "default"
		if m.GetNamespace() != "" {
			namespace = m.GetNamespace()
		}
	}
	rest.FillObjectMetaSystemFields(m)
	if m.GetName() == "" && m.GetGenerateName() != "" {
		m.SetName(strategy.GenerateName(m.GetGenerateName()))
	}
	admit(object)
	said := &recorder{}
	ctx := request.WithNamespace(context.Background(), namespace)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{Verb: "create", APIGroup: kind.Group, APIVersion: kind.Version})
	err = rest.BeforeCreate(strategy, warning.WithWarningRecorder(ctx, said), object)
	return said.warnings, err
}

// admit sets what other parts of the API server set before it validates: the
// addresses of a Service, the account of a pod.
func admit(object runtime.Object) {
	switch o := object.(type) {
	case *core.Service:
		if o.Spec.ClusterIP != "" && o.Spec.ClusterIPs == nil {
			o.Spec.ClusterIPs = []string{o.Spec.ClusterIP}
		}
	case *core.Pod:
		if o.Spec.ServiceAccountName == "" {
			o.Spec.ServiceAccountName = "default"
		}
	}
}

// recorder keeps what the API server would send in Warning headers.
type recorder struct{ warnings []string }

func (r *recorder) AddWarning(_, text string) { r.warnings = append(r.warnings, text) }

// String gives all that the verdict says, a line each.
func (v Verdict) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s/%s:", v.Kind, v.Name)
	if v.Err != nil {
		fmt.Fprintf(&b, "\n  rejected: %v", v.Err)
	}
	for _, w := range v.Warnings {
		fmt.Fprintf(&b, "\n  warning: %s", w)
	}
	if v.Forbidden != "" {
		fmt.Fprintf(&b, "\n  restricted: %s", v.Forbidden)
	}
	return b.String()
}
