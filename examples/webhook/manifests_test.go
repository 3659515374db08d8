package main

import (
	"bytes"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestTheManifestsAreThoseBeside(t *testing.T) {
	var errs bytes.Buffer
	require.Zero(t, pattern.Run([]string{"-strict", "-check", "manifests.yaml"}, nil, &errs, manifests()...), errs.String())
	require.Empty(t, errs.String())
}

// What the webhook is told by its flags and what the API server is told must be the same.
func TestTheWebhookLeavesItsOwnPodsAlone(t *testing.T) {
	require.Contains(t, exceptNamespaces(), namespace)
	require.Contains(t, exceptNamespaces(), "kube-system")
	require.Equal(t, exceptNamespaces(), mutatingWebhook().Webhooks[0].NamespaceSelector.MatchExpressions[0].Values)
}

// The pod of nearly nothing that anybody may have.
func TestTheBundleFitsAPlainPod(t *testing.T) {
	plain := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "registry.example.com/app:1"}}}}
	found := bundle().Findings(&plain)
	require.Empty(t, found, found.String())
	require.NoError(t, bundle().ApplyTo(&plain))
	require.NoError(t, check.Template(&plain).Err())
	require.Equal(t, "STATSD_HOST", plain.Spec.Containers[0].Env[0].Name)
}
