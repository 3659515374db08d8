package consumer_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

const (
	// root is the folder of the main module.
	root = "../../.."
	path = "github.com/podpattern/podpattern"
)

// publish makes a module proxy of the files that are in the repository, or would
// be with the next commit. The version has a hash of them, since the go command
// never downloads a version twice.
func publish(t *testing.T) (proxy, version string) {
	t.Helper()
	tree := worktree(t)
	archive := pack(t, tree, "v0.0.0")
	version = fmt.Sprintf("v0.0.0-20000101000000-%x", sha256.Sum256(archive))[:len("v0.0.0-20000101000000-")+12]
	gomod, err := os.ReadFile(filepath.Join(tree, "go.mod"))
	require.NoError(t, err)

	proxy = t.TempDir()
	dir := filepath.Join(proxy, filepath.FromSlash(path), "@v")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	for suffix, content := range map[string][]byte{
		".info": fmt.Appendf(nil, `{"Version":%q,"Time":"2000-01-01T00:00:00Z"}`, version),
		".mod":  gomod,
		".zip":  pack(t, tree, version),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, version+suffix), content, 0o600))
	}
	return proxy, version
}

// pack makes the zip of a version. Modules below the main one aren't in it.
func pack(t *testing.T, tree, version string) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, zip.CreateFromDir(&b, module.Version{Path: path, Version: version}, tree))
	return b.Bytes()
}

// worktree copies the files that git knows or doesn't ignore: what lies about in a
// checkout besides, such as caches, is in no version.
func worktree(t *testing.T) string {
	t.Helper()
	c := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	c.Dir = root
	list, err := c.Output()
	require.NoError(t, err, "git ls-files")
	tree := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, and not yet committed
		}
		require.NoError(t, err)
		file := filepath.Join(tree, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, content, 0o600))
	}
	return tree
}
