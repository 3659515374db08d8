package main

import (
	"bytes"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	rbacv1 "k8s.io/api/rbac/v1"
)

// The file beside this one is what the program prints, and it has no findings.
func TestManifests(t *testing.T) {
	var text, errs bytes.Buffer
	require.Zero(t, pattern.Run(nil, &text, &errs, manifests(logging(lokiInCluster))...))
	require.Empty(t, errs.String())
	golden.Equal(t, "manifests.yaml", text.String())
}

// A bundle whose helpers need rights gives the controller those rights, and that to create
// what they are granted by.
func TestRulesFollowFromTheBundle(t *testing.T) {
	plain := rules(logging(lokiInCluster))
	synced := rules(pattern.Bundle("sync", sidecar.ConfigSync("synced", pattern.EmptyDir("configs"))))
	require.Equal(t, plain, synced[:len(plain)])
	require.ElementsMatch(t, []rbacv1.PolicyRule{
		{APIGroups: []string{rbacv1.GroupName}, Resources: []string{"roles"}, Verbs: []string{"create", "patch"}},
		{APIGroups: []string{rbacv1.GroupName}, Resources: []string{"rolebindings"}, Verbs: []string{"create", "patch"}},
		{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"get", "list", "watch"}},
	}, synced[len(plain):])
}

// The bundle fits a well-written pod, without a finding.
func TestTheBundleHasNoFindings(t *testing.T) {
	template, err := pattern.Pod("web").Hardened().WithApp(patterntest.App()).Template()
	require.NoError(t, err)
	require.Empty(t, logging(lokiInCluster).Findings(template))
}
