package e2e_test

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// The commands that -o debug prints can be run as they stand, and show what they say.
func TestTheCommandsToDebugWith(t *testing.T) {
	s, start := newSpace(t), time.Now()
	logs := pattern.EmptyDir("logs").SizeLimit("1Mi")
	pod := pattern.Pod("web").Namespace(s.name).TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("web", "busybox:1.36").Shell(`echo serving; touch "/var/log/web/a b.log"; exec sleep 3600`).Writes(logs, "/var/log/web")).
		WithSidecar(pattern.Sidecar("reader", "busybox:1.36").Shell(`echo reading; exec sleep 3600`).Reads(logs, "/it's $HOME/logs")).
		WithInit(pattern.Init("prepare", "busybox:1.36").Shell(`echo prepared`))
	deployment := pod.Deployment(1)
	s.apply(deployment)
	s.podOf("app=web", "Ready", waitLong, isReady)
	s.prints(s.podOf("app=web", "Ready", waitLong, isReady).Name, "web", "serving")

	var script, errs bytes.Buffer
	require.Zero(t, pattern.Run([]string{"-o", "debug"}, &script, &errs, deployment), errs.String())
	out, err := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script.String()).CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, part := range []string{"1/1", "Started", "prepared", "reading", "serving", "a b.log"} {
		require.Contains(t, string(out), part)
	}
	require.Len(t, regexp.MustCompile(`(?m)^-rw.* a b\.log$`).FindAllString(string(out), -1), 2, "both see the file")
	s.observed(start, "all %d commands of `-o debug` ran and showed what they say", strings.Count(script.String(), "\nkubectl")+strings.Count(script.String(), "\npod="))
}
