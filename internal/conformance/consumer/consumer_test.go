package consumer_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever pastes a program of the README into a module of his own and gets the
// library with go get sees what the README says.
func TestReadmePrograms(t *testing.T) {
	programs := readme(t)
	require.NotEmpty(t, programs)
	proxy, version := publish(t)

	user := t.TempDir()
	goTool := func(args ...string) string { return goTool(t, user, proxy, args...) }
	goTool("mod", "init", "example.com/user")
	goTool("get", path+"@"+version)
	for _, p := range programs {
		require.NotEmpty(t, p.want, "no yaml block follows the program:\n%s", p.source)
		require.NoError(t, os.WriteFile(filepath.Join(user, "main.go"), []byte(p.source), 0o600))
		goTool("vet", ".")
		require.Equal(t, p.want, goTool("run", "."))
	}
}

// goTool runs the go command in the user's module and gives what it prints.
func goTool(t *testing.T, user, proxy string, args ...string) string {
	t.Helper()
	others, err := exec.Command("go", "env", "GOPROXY").Output()
	require.NoError(t, err)
	var out, errs bytes.Buffer
	c := exec.Command("go", args...)
	c.Dir = user
	c.Env = append(os.Environ(),
		"GOPROXY=file://"+filepath.ToSlash(proxy)+","+strings.TrimSpace(string(others)),
		"GONOSUMDB="+path, // nobody but this test has seen the version
		"GOFLAGS=-mod=mod",
		"GOWORK=off",
	)
	c.Stdout, c.Stderr = &out, &errs
	require.NoError(t, c.Run(), "go %s: %s", strings.Join(args, " "), &errs)
	return out.String()
}
