package conformance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"istio.io/api/annotation"
	"istio.io/api/label"
	meshv1 "istio.io/api/mesh/v1alpha1"
)

// What ambassador.Injected puts on a pod is what the meshes read there: Istio's own
// list of labels and annotations, and Linkerd's documented one.
func TestTheMeshesKnowWhatTheyAreAsked(t *testing.T) {
	all := ambassador.InjectedOptions{SkipOutbound: []int{5432}, SkipInbound: []int{9100}, CPU: "50m", Memory: "64Mi", MemoryLimit: "256Mi"}
	classic, revision := all, all
	classic.Classic, revision.Revision = true, "canary"
	for name, tt := range map[string]struct {
		mesh  ambassador.Injector
		opts  ambassador.InjectedOptions
		known func(labels, annotations map[string]string) error
	}{
		"Istio":                {ambassador.Istio, ambassador.InjectedOptions{}, istio},
		"Istio, all options":   {ambassador.Istio, revision, istio},
		"Istio, classic":       {ambassador.Istio, classic, istio},
		"Linkerd":              {ambassador.Linkerd, ambassador.InjectedOptions{}, linkerd},
		"Linkerd, all options": {ambassador.Linkerd, all, linkerd},
		"Linkerd, classic":     {ambassador.Linkerd, classic, linkerd},
	} {
		t.Run(name, func(t *testing.T) {
			pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).Apply(ambassador.Injected(tt.mesh, tt.opts)).Build()
			require.NoError(t, err)
			require.NotEmpty(t, pod.Annotations)
			require.NoError(t, tt.known(pod.Labels, pod.Annotations))
		})
	}
}

// The checks above can fail.
func TestTheMeshesDoNotKnowEverything(t *testing.T) {
	require.ErrorContains(t, istio(map[string]string{"sidecar.istio.io/injected": "true"}, nil), "sidecar.istio.io/injected")
	require.ErrorContains(t, istio(nil, map[string]string{"sidecar.istio.io/inject": "true"}), "deprecated")
	require.ErrorContains(t, istio(nil, map[string]string{"sidecar.istio.io/proxyCpu": "1"}), "sidecar.istio.io/proxyCpu")
	require.ErrorContains(t, istio(nil, map[string]string{"proxy.istio.io/config": `{"holdApplication": true}`}), "holdApplication")
	require.ErrorContains(t, linkerd(nil, map[string]string{"config.linkerd.io/skip-outbound": "1"}), "config.linkerd.io/skip-outbound")
	require.ErrorContains(t, linkerd(map[string]string{"linkerd.io/inject": "enabled"}, nil), "linkerd.io/inject")
}

func istio(labels, annotations map[string]string) error {
	for key := range labels {
		if !slices.ContainsFunc(label.AllResourceLabels(), func(l *label.Instance) bool {
			return l.Name == key && !l.Deprecated && slices.Contains(l.Resources, label.Pod)
		}) {
			return fmt.Errorf("Istio reads no label %s of a pod", key)
		}
	}
	for key, value := range annotations {
		i := slices.IndexFunc(annotation.AllResourceAnnotations(), func(a *annotation.Instance) bool {
			return a.Name == key && slices.Contains(a.Resources, annotation.Pod)
		})
		switch {
		case i < 0:
			return fmt.Errorf("Istio reads no annotation %s of a pod", key)
		case annotation.AllResourceAnnotations()[i].Deprecated:
			return fmt.Errorf("the annotation %s is deprecated", key)
		case key == annotation.ProxyConfig.Name:
			if err := protojson.Unmarshal([]byte(value), &meshv1.ProxyConfig{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkerd knows annotations by its documentation: linkerd.io/2/reference/proxy-configuration,
// and linkerd/linkerd2#15267 for the one of native sidecars.
func linkerd(labels, annotations map[string]string) error {
	for key := range labels {
		return fmt.Errorf("Linkerd reads no label %s", key)
	}
	for key := range annotations {
		if !slices.Contains([]string{
			"linkerd.io/inject", "config.linkerd.io/proxy-enable-native-sidecar", "config.beta.linkerd.io/proxy-enable-native-sidecar",
			"config.linkerd.io/skip-outbound-ports", "config.linkerd.io/skip-inbound-ports",
			"config.linkerd.io/proxy-cpu-request", "config.linkerd.io/proxy-memory-request", "config.linkerd.io/proxy-memory-limit",
		}, key) {
			return fmt.Errorf("Linkerd reads no annotation %s", key)
		}
	}
	return nil
}
