package conformance_test

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// target is a program that says which of its processes got a signal; it has a
// second process of its own name, as nginx has its workers.
const target = `#!/bin/sh
( trap 'echo worker' HUP; while :; do sleep 0.05 & wait $!; done ) &
trap 'echo master' HUP
while :; do sleep 0.05 & wait $!; done
`

// configFolder is a folder as the kubelet makes one of a ConfigMap.
func configFolder(t *testing.T, value string) string {
	t.Helper()
	dir := t.TempDir()
	swap(t, dir, "1", value)
	require.NoError(t, os.Symlink("..data/key", filepath.Join(dir, "key")))
	return dir
}

// swap changes the ConfigMap as the kubelet does: by one link.
func swap(t *testing.T, dir, version, value string) {
	t.Helper()
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".."+version), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".."+version, "key"), []byte(value), 0o644))
	require.NoError(t, os.Symlink(".."+version, filepath.Join(dir, "..data_tmp")))
	require.NoError(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
}

// reloader starts what ConfigReloader runs for a folder.
func reloader(t *testing.T, dir, program string) *process {
	t.Helper()
	config := pattern.ConfigMap("config").Volume("config")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Reads(config, "/config")).
		WithSidecar(sidecar.ConfigReloader(config, sidecar.ReloadBySignal("HUP", program, 10001), sidecar.ConfigReloaderOptions{PeriodSeconds: 1}))
	c := container(t, pod, "config-reloader")
	c.Command = slices.Clone(c.Command)
	at := slices.Index(c.Command, "/config")
	require.Positive(t, at)
	c.Command[at] = dir
	return start(t, c, nil)
}

// A change of the files, and nothing else, sends the signal, to the process that
// started the others; and a stopped pod does not wait for the reloader.
func TestConfigReloaderSignals(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "pp-target")
	require.NoError(t, os.WriteFile(script, []byte(target), 0o755))
	out := filepath.Join(t.TempDir(), "out")
	log, err := os.Create(out)
	require.NoError(t, err)
	defer log.Close()
	cmd := exec.Command(script)
	cmd.Stdout, cmd.SysProcAttr = log, &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); _ = cmd.Wait() })
	got := func() string { text, _ := os.ReadFile(out); return string(text) }

	dir := configFolder(t, "one")
	p := reloader(t, dir, "pp-target")
	time.Sleep(2500 * time.Millisecond)
	require.Empty(t, got(), "nothing changed")
	swap(t, dir, "2", "two")
	require.Eventually(t, func() bool { return got() == "master\n" }, 5*time.Second, 50*time.Millisecond)
	time.Sleep(1500 * time.Millisecond)
	require.Equal(t, "master\n", got(), "one signal for one change, and none for the worker")

	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Zero(t, p.end(t), p.said(t))
	require.Less(t, time.Since(told), atOnce)
}

// A change while the program is down is not forgotten.
func TestConfigReloaderTriesAgain(t *testing.T) {
	t.Parallel()
	dir := configFolder(t, "one")
	p := reloader(t, dir, "pp-absent")
	time.Sleep(500 * time.Millisecond)
	swap(t, dir, "2", "two")
	require.Eventually(t, func() bool { return strings.Count(p.said(t), "trying again") > 1 }, 6*time.Second, 50*time.Millisecond)
}

// configReloader refuses what prometheus-config-reloader refuses; kingpin, with
// which it reads its flags, takes these as pflag does.
// upstream: prometheus-operator/prometheus-operator v0.93.0 cmd/prometheus-config-reloader/main.go.
func configReloader(args []string) error {
	f := flagsOf(map[string]string{
		"Duration":    "watch-interval delay-interval retry-interval reload-timeout",
		"StringSlice": "watched-dir",
		"String": `config-file config-envsubst-file auto-gomemlimit-ratio reload-method process-executable-name statefulset-ordinal-from-envvar listen-address
			web-config-file log-format log-level reload-url runtimeinfo-url`,
	})
	if err := f.parse(args); err != nil {
		return err
	}
	if f.Changed("reload-method") && !slices.Contains([]string{"http", "signal"}, f.text("reload-method")) {
		return errors.New("--reload-method must be http or signal")
	}
	if d, _ := f.GetDuration("watch-interval"); f.Changed("watch-interval") && d == 0 {
		return errors.New("it ends after the first look")
	}
	if len(f.list("watched-dir")) == 0 && f.text("config-file") == "" {
		return errors.New("nothing is watched")
	}
	_, err := url.Parse(f.text("reload-url"))
	return err
}

func TestConfigReloaderTakesTheFlags(t *testing.T) {
	for name, c := range usesOf(t, "sidecar.ConfigReloader") {
		if c.command == nil { // else a script, which the tests above run
			require.NoError(t, configReloader(c.args), name)
		}
	}
	require.Error(t, configReloader([]string{"--reload-url=http://127.0.0.1"}), "nothing to watch")
	require.Error(t, configReloader([]string{"--watched-dir=/x", "--volume-dir=/x"}), "a flag of configmap-reload")
	require.Error(t, configReloader([]string{"--watched-dir=/x", "--watch-interval=5"}), "a number as a time")
	require.Error(t, configReloader([]string{"--watched-dir=/x", "--watch-interval=0s"}), "once only")
}
