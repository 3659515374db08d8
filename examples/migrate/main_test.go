package main

import (
	"fmt"
	"testing"

	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

// Each stage can be rolled out.
func TestStages(t *testing.T) {
	for i, pod := range stages() {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			patterntest.Golden(t, fmt.Sprintf("stage-%d", i), pod.Deployment(2))
		})
	}
}

// In each stage clients reach what they reached.
func TestClientsGoOn(t *testing.T) {
	for i, pod := range stages() {
		service, err := pod.Service().Build()
		require.NoError(t, err)
		want := "http"
		if i == len(stages())-1 {
			want = "https"
		}
		require.Len(t, service.Spec.Ports, 1)
		require.Equal(t, want, service.Spec.Ports[0].TargetPort.String())
	}
}
