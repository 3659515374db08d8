package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// atOnce is long for a shell that reacts to a signal, and short beside the 30
// seconds that the kubelet waits.
const atOnce = 2 * time.Second

// process is a container's command that runs here, with busybox for all programs.
type process struct {
	cmd     *exec.Cmd
	log     string // the file with what it says
	started time.Time
}

// start runs the command of a container. folders says where its mounts are here;
// programs are those of this machine that it has in place of busybox' own.
func start(t *testing.T, c corev1.Container, folders map[string]string, programs ...string) *process {
	t.Helper()
	path := []string{busybox(t)}
	if len(programs) > 0 {
		path = slices.Insert(path, 0, installed(t, programs))
	}
	argv := slices.Concat(c.Command, c.Args)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer log.Close()
	p := &process{started: time.Now(), log: log.Name(), cmd: &exec.Cmd{
		Path:   firstOf(path, argv[0]),
		Args:   argv,
		Env:    []string{"PATH=" + strings.Join(path, ":")},
		Stdout: log,
		Stderr: log,
		// What it starts ends with the container there, and with the group here.
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}}
	for _, e := range c.Env {
		value := e.Value
		if here, mounted := folders[value]; mounted {
			value = here
		}
		p.cmd.Env = append(p.cmd.Env, e.Name+"="+value)
	}
	require.NoError(t, p.cmd.Start())
	group := -p.cmd.Process.Pid
	t.Cleanup(func() { _ = syscall.Kill(group, syscall.SIGKILL) })
	return p
}

// end waits for the process, and gives its exit code: -1 if a signal ended it, as
// one that it doesn't catch. A process that is PID 1 would have ignored that one.
func (p *process) end(t *testing.T) int {
	t.Helper()
	late := time.AfterFunc(time.Minute, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	if err := p.cmd.Wait(); p.cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// said gives what the process has said so far.
func (p *process) said(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(p.log)
	require.NoError(t, err)
	return strings.TrimSpace(string(text))
}

// lastLine gives what a reader of the log sees first.
func (p *process) lastLine(t *testing.T) string {
	t.Helper()
	text := p.said(t)
	return text[strings.LastIndex(text, "\n")+1:]
}

// container gives the container of that name from a pod, with its command line as the
// kubelet makes it.
func container(t *testing.T, p pattern.PodBuilder, name string) corev1.Container {
	t.Helper()
	pod, err := p.Build()
	require.NoError(t, err)
	for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
		if c.Name == name {
			c.Command, c.Args = expanded(c.Command, c.Env), expanded(c.Args, c.Env)
			return c
		}
	}
	require.Fail(t, "no container "+name)
	return corev1.Container{}
}
