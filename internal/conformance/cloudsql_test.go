package conformance_test

import (
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// Google's proxy takes the arguments, and answers all probes; it listens for each
// instance, and ends well when it is told to. It does so without Google as long as
// nobody connects.
func TestCloudSQLProxyStarts(t *testing.T) {
	free := closedPorts(t, 3)
	o := ambassador.CloudSQLOptions{
		Instances: []ambassador.CloudSQLInstance{{Name: "reports", Instance: "example.com:shop:europe-west1:reports", Database: ambassador.CloudSQLMySQL, Port: port(t, free[1])}},
		PrivateIP: true, LazyRefresh: true, MaxConnections: 10, GateOnUpstream: true, Impersonate: "db@shop.iam.gserviceaccount.com",
		Port: port(t, free[0]), StatusPort: port(t, free[2]),
	}
	c := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAmbassador(ambassador.CloudSQL("db", "shop:europe-west1:orders", o)), "db")
	run := cloudSQLProxy(t, c.Args...)
	require.NoError(t, run.Start())
	t.Cleanup(func() { _ = run.Process.Kill() })
	require.Eventually(t, func() bool { return get(free[2], c.StartupProbe.HTTPGet.Path) == 200 }, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, 200, get(free[2], c.LivenessProbe.HTTPGet.Path))
	require.Equal(t, 200, get(free[2], c.ReadinessProbe.HTTPGet.Path))
	require.Equal(t, 200, get(free[2], "/metrics"))
	require.True(t, listens(free[0]))
	require.True(t, listens(free[1]))

	told := time.Now()
	require.NoError(t, run.Process.Signal(syscall.SIGTERM))
	require.NoError(t, run.Wait(), "it ends with exit code 0")
	require.Less(t, time.Since(told), atOnce)
}

// The test above can fail: the proxy refuses what it doesn't know.
func TestCloudSQLProxyRefusesArguments(t *testing.T) {
	for name, args := range map[string][]string{
		"a flag of version 1": {"-instances=shop:europe-west1:orders=tcp:5432"},
		"two ways":            {"--private-ip", "--psc", "shop:europe-west1:orders"},
		"no instance":         {"--health-check"},
		"half an instance":    {"europe-west1:orders"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := cloudSQLProxy(t, args...).CombinedOutput()
			require.Error(t, err)
			require.NotContains(t, string(out), "ready for new connections")
		})
	}
}

// cloudSQLProxy runs it with an identity of its own, which nobody asks for here.
func cloudSQLProxy(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program, err := exec.LookPath("cloud-sql-proxy")
	require.NoError(t, err, "these tests need cloud-sql-proxy: see programs.sh")
	return exec.Command("timeout", slices.Concat([]string{"30", program, "--token", "none"}, args)...)
}
