package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// peer is a program that prints the Deployments.
type peer struct {
	name    string
	command func(t *testing.T, n int) []string
	largest int // the number above which it takes minutes
}

// The rows of the tables; all ratios are to library.
const (
	library     = "podpattern, `pattern.Main`"
	stream      = "podpattern, `pattern.Encoder`, one after the other"
	plain       = "struct literals, sigs.k8s.io/yaml"
	applyconfig = "client-go's apply configurations, sigs.k8s.io/yaml"
	helm        = "helm template"
	jsonnet     = "jsonnet"
	cdk8s       = "cdk8s, cdk8s-plus"
	cue         = "cue export"
	kustomize   = "kustomize build"
)

var peers = []peer{
	{library, numbered("library"), 10_000},
	{stream, numbered("stream"), 10_000},
	{plain, numbered("plain"), 10_000},
	{applyconfig, numbered("applyconfig"), 10_000},
	{helm, func(_ *testing.T, n int) []string {
		return []string{"helm", "template", "bench", "peers/helm", "--set", fmt.Sprintf("n=%d", n)}
	}, 10_000},
	{jsonnet, func(_ *testing.T, n int) []string {
		return []string{"jsonnet", "-y", "--tla-code", fmt.Sprintf("n=%d", n), "peers/jsonnet/deployments.jsonnet"}
	}, 10_000},
	{cdk8s, numbered("cdk8s-node", "peers/cdk8s/main.js"), 10_000},
	{cue, func(_ *testing.T, n int) []string {
		return []string{"cue", "export", "peers/cue/deployments.cue", "-e", "stream", "--out", "text", "-t", fmt.Sprintf("n=%d", n)}
	}, 10_000},
	{kustomize, func(t *testing.T, n int) []string { return []string{"kustomize", "build", overlays(t, n)} }, 1000},
}

// numbered is a program whose last argument is the number.
func numbered(command ...string) func(*testing.T, int) []string {
	return func(_ *testing.T, n int) []string {
		return append(command[:len(command):len(command)], strconv.Itoa(n))
	}
}

// overlays writes what kustomize needs: a base, and one overlay for each object.
func overlays(t *testing.T, n int) string {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "base"), os.DirFS("peers/kustomize")))
	var root strings.Builder
	root.WriteString("resources:\n")
	for i := range n {
		name := fmt.Sprintf("web-%d", i)
		fmt.Fprintf(&root, "- %s\n", name)
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		overlay := fmt.Sprintf("resources:\n- ../base\nnameSuffix: %q\nlabels:\n- pairs:\n    app: %s\n  includeSelectors: true\n", fmt.Sprintf("-%d", i), name)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name, "kustomization.yaml"), []byte(overlay), 0o644))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(root.String()), 0o644))
	return dir
}
