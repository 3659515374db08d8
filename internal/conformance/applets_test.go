package conformance_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// firstOf gives the program of that name in the first folder that has one.
func firstOf(path []string, name string) string {
	for _, folder := range path {
		file := filepath.Join(folder, name)
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return name
}

// installed gives a folder with programs of this machine.
func installed(t *testing.T, programs []string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range programs {
		program, err := exec.LookPath(name)
		require.NoError(t, err, "these tests need %s", name)
		require.NoError(t, os.Symlink(program, filepath.Join(folder, filepath.Base(name))))
	}
	return folder
}

// busybox gives a folder that has its programs, and nothing else. Tests share it.
func busybox(t *testing.T) string {
	t.Helper()
	folder, err := applets()
	require.NoError(t, err, "these tests need busybox")
	return folder
}

// applets makes the folder of busybox, once: it has some hundred links.
var applets = sync.OnceValues(func() (string, error) {
	program, err := exec.LookPath("busybox")
	if err != nil {
		return "", err
	}
	list, err := exec.Command(program, "--list").Output()
	if err != nil {
		return "", err
	}
	folder := appletsFolder()
	_ = os.RemoveAll(folder) // of a run that was killed
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", err
	}
	for _, name := range strings.Fields(string(list)) {
		if err := os.Symlink(program, filepath.Join(folder, name)); err != nil {
			return "", err
		}
	}
	return folder, nil
})

// appletsFolder is where applets are while the tests of this process run.
func appletsFolder() string {
	return filepath.Join(os.TempDir(), "podpattern-busybox-"+strconv.Itoa(os.Getpid()))
}

// Tests here wait for other processes more than they compute.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil { // unless go test says another number
		panic(err)
	}
	m.Run()
	_ = os.RemoveAll(appletsFolder())
}
