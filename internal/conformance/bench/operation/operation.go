// Package operation has what is measured inside one process. It is no test: a program
// runs an operation too, so that its instructions can be counted.
package operation

import (
	"encoding/json"
	"fmt"

	"github.com/podpattern/podpattern/internal/measured/literal"
	"github.com/podpattern/podpattern/internal/measured/recorded"
	"github.com/podpattern/podpattern/internal/yamlenc"
	"sigs.k8s.io/yaml"
)

// Operation is one of them.
type Operation struct {
	Name string
	// Run gives an object that it makes, so that the compiler leaves nothing out.
	Run func() (any, error)
}

// The names of the operations.
const (
	Literal       = "struct literal"
	DeepCopy      = "DeepCopy"
	RecordBuild   = "recording + Build"
	Build         = "Build"
	PodDeepCopy   = "DeepCopy of the pod"
	Check         = "all checks of the pod"
	Check25       = "all checks of a pod of 25 containers"
	Check200      = "all checks of a pod of 200 containers"
	YAML          = "YAML"
	SigsYAML      = "YAML by sigs.k8s.io/yaml"
	JSON          = "JSON"
	PlainJSON     = "JSON by encoding/json"
	RecordToYAML  = "recording + Build + YAML"
	LiteralToYAML = "struct literal + YAML by sigs.k8s.io/yaml"
	TypedPatch    = "ApplyTo of one helper"
	TypedMerge    = "template + strategic merge"
	RawPatch      = "JSONPatch of one helper"
	RawMerge      = "template + strategic merge + diff"
)

// All gives the operations. What they work on is made here.
func All() ([]Operation, error) {
	deployment := literal.Deployment("web")
	d := recorded.Deployment("web")
	var room []byte // of the object before, as a stream has it
	all := []Operation{
		{Name: Literal, Run: func() (any, error) { return literal.Deployment("web"), nil }},
		{Name: DeepCopy, Run: func() (any, error) { return deployment.DeepCopy(), nil }},
		{Name: RecordBuild, Run: func() (any, error) { return recorded.Deployment("web").Build() }},
		{Name: Build, Run: func() (any, error) { return d.Build() }},
		{Name: YAML, Run: text(func() (_ []byte, err error) { room, err = yamlenc.AppendYAML(room[:0], deployment); return room, err })},
		{Name: SigsYAML, Run: text(func() ([]byte, error) { return yaml.Marshal(deployment) })},
		{Name: JSON, Run: text(func() (_ []byte, err error) { room, err = yamlenc.AppendJSON(room[:0], deployment); return room, err })},
		{Name: PlainJSON, Run: text(func() ([]byte, error) { return json.Marshal(deployment) })},
		{Name: RecordToYAML, Run: text(func() ([]byte, error) { return recorded.Deployment("web").YAML() })},
		{Name: LiteralToYAML, Run: text(func() ([]byte, error) { return yaml.Marshal(literal.Deployment("web")) })},
	}
	checks, err := checksOfPods()
	if err != nil {
		return nil, err
	}
	patches, err := patches()
	if err != nil {
		return nil, err
	}
	all = append(append(all, checks...), patches...)
	for _, o := range all {
		if _, err := o.Run(); err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return all, nil
}

// text is an operation that makes text. That isn't given: to wrap it would be one more
// allocation.
func text(f func() ([]byte, error)) func() (any, error) {
	return func() (any, error) {
		_, err := f()
		return nil, err
	}
}
