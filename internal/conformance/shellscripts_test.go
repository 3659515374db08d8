package conformance_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// shellScripts gives the scripts that the helpers of the catalogue run or mount, each
// with the name of what has it.
func shellScripts(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for _, u := range catalogue.Uses() {
		objects, err := catalogue.Pod(u).Objects()
		require.NoError(t, err)
		for _, o := range objects {
			switch o := o.(type) {
			case *corev1.ConfigMap:
				for file, text := range o.Data {
					if strings.HasPrefix(text, "#!") || path.Ext(file) == ".sh" {
						found[text] = u.Helper + " " + file
					}
				}
			case *corev1.Pod:
				for _, c := range slices.Concat(o.Spec.InitContainers, o.Spec.Containers) {
					if script := scriptOf(expanded(slices.Concat(c.Command, c.Args), c.Env)); script != "" {
						found[script] = u.Helper + " " + c.Name
					}
				}
			}
		}
	}
	return found
}

// scriptOf gives the script of sh -c; "" is that a command has none.
func scriptOf(command []string) string {
	for i, arg := range command {
		shell := path.Base(arg) == "sh" || path.Base(arg) == "ash"
		if rest := command[i+1:]; shell && len(rest) > 1 && strings.HasPrefix(rest[0], "-") && strings.HasSuffix(rest[0], "c") {
			return rest[1]
		}
	}
	return ""
}

// Every script is one that any POSIX shell takes, and that shellcheck has nothing
// against, down to its remarks on style and with none of its codes off: no word splits
// that wasn't meant to.
func TestShellScripts(t *testing.T) {
	scripts := shellScripts(t)
	require.Greater(t, len(scripts), 10)
	for _, script := range slices.Sorted(maps.Keys(scripts)) {
		t.Run(scripts[script], func(t *testing.T) { require.NoError(t, checkScript(t, script), script) })
	}
}

// checkScript gives what busybox' shell or shellcheck says against a script.
func checkScript(t *testing.T, script string) error {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(file, []byte(script), 0o644))
	for _, command := range [][]string{
		{"busybox", "sh", "-n", file},
		{"shellcheck", "--norc", "--shell=sh", file},
	} {
		_, err := exec.LookPath(command[0])
		require.NoError(t, err, "these tests need %s", command[0])
		if said, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", command[0], err, said)
		}
	}
	return nil
}

// What is wrong with a script is found.
func TestShellScriptsAreChecked(t *testing.T) {
	for name, script := range map[string]string{
		"no end":             "if true; then echo x",
		"a word that splits": "rm -rf $1/x",
		"bash":               "[[ $1 == a* ]] && echo x",
	} {
		t.Run(name, func(t *testing.T) { require.Error(t, checkScript(t, script)) })
	}
	for command, script := range map[string]string{
		"sh -c true":             "true",
		"/bin/sh -euc true name": "true",
		"timeout 5 sh -c true":   "true",
		"sh script":              "",
		"haproxy -c true":        "",
	} {
		require.Equal(t, script, scriptOf(strings.Fields(command)), command)
	}
}
