package check_test

import (
	"errors"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// fieldError is the error of the API server in a finding.
func fieldError(f check.Finding) *field.Error {
	var out *field.Error
	if !errors.As(f, &out) {
		return nil
	}
	return out
}

func TestTheTextOfAFinding(t *testing.T) {
	full := check.Finding{
		Rule: "port-clash-pod", Level: check.Broken, Type: field.ErrorTypeDuplicate, Path: "spec.containers[1].ports[0].containerPort", Value: int32(80),
		Detail: "taken", Fix: "take another", At: "main.go:3",
		Parties: []check.Party{{Container: "b", At: "main.go:3"}, {Container: "a", At: "main.go:2"}},
	}
	for _, tt := range []struct {
		name string
		f    check.Finding
		want string
	}{
		{"all of it", full, "main.go:3: spec.containers[1].ports[0].containerPort: Duplicate value: 80: taken (container b, container a at main.go:2). Fix: take another [E port-clash-pod]"},
		{"nothing but a rule", check.Finding{Rule: "r", Level: check.Warning}, "Invalid value [W r]"},
		{"no value", check.Finding{Rule: "r", Level: check.Rejected, Path: "spec", Detail: "why"}, "spec: Invalid value: why [A r]"},
		{"a party without a name", check.Finding{Rule: "r", Level: check.Rejected, Path: "spec", Type: field.ErrorTypeRequired, Parties: []check.Party{{At: "main.go:1"}}}, "spec: Required value [A r]"},
		{"one container twice", check.Finding{Rule: "r", Level: check.Rejected, Path: "spec", Type: field.ErrorTypeRequired, Parties: []check.Party{{Container: "a"}, {Container: "a"}}}, "spec: Required value (container a) [A r]"},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, tt.f.Error()) })
	}
}

func TestFindingsByTheirLevel(t *testing.T) {
	fs := check.Findings{
		{Rule: "a", Level: check.Rejected, Path: "spec.a", Type: field.ErrorTypeRequired},
		{Rule: "e", Level: check.Broken, Path: "spec.e", Value: "x", Detail: "breaks"},
		{Rule: "w", Level: check.Warning, Path: "spec.w", Detail: "think again"},
	}
	require.Equal(t, "spec.a: Required value [A a]\nspec.e: Invalid value: \"x\": breaks [E e]\nspec.w: think again [W w]", fs.String())

	list := fs.Errors()
	require.Len(t, list, 2)
	require.Equal(t, "spec.a: Required value", list[0].Error())
	require.Equal(t, "a", list[0].Origin)
	require.Equal(t, `spec.e: Invalid value: "x": breaks`, list[1].Error())
	require.Equal(t, []string{"spec.w: think again"}, fs.Warnings(), "as the API server prints its own: path: text")

	err := fs.Err()
	var finding check.Finding
	require.ErrorAs(t, err, &finding)
	require.Equal(t, "a", finding.Rule)
	var fieldErr *field.Error
	require.ErrorAs(t, err, &fieldErr)
	require.Equal(t, "spec.a", fieldErr.Field)
	require.NotContains(t, err.Error(), "think again")
	require.NoError(t, fs[2:].Err(), "a warning is no error")
	require.Empty(t, fs[2:].Errors())
}

// A clash names both sides, each with its own field.
func TestPartiesOfAClash(t *testing.T) {
	p := goodPod()
	webOf(p).Ports, sideOf(p).Ports = []corev1.ContainerPort{port("", 80)}, []corev1.ContainerPort{port("x", 1), port("", 80)}
	fs := of(check.Pod(p), "port-clash-pod")
	require.Len(t, fs, 1)
	require.Equal(t, []check.Party{
		{Container: "web", Path: "spec.containers[0].ports[0].containerPort"},
		{Container: "side", Path: "spec.initContainers[1].ports[1].containerPort"},
	}, fs[0].Parties)
}
