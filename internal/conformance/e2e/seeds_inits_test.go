package e2e_test

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func appFindsWhatInitLeft(s *space, pod string) string {
	p := s.allRunning(pod)
	end := status(p, "init-setup").State.Terminated
	require.Zero(s, end.ExitCode)
	took := end.FinishedAt.Sub(end.StartedAt.Time)
	require.GreaterOrEqual(s, took, 5*time.Second)
	require.False(s, status(p, "main-app").State.Running.StartedAt.Before(&end.FinishedAt))
	require.Equal(s, "Setup complete\n", s.run(pod, "main-app", "cat", "/work-dir/ready.txt"))
	return fmt.Sprintf("the app started after the init container's %s, and read its file", took)
}

// It fails as long as there is no server, and goes on by itself when there is one.
func configurationIsLoaded(s *space, pod string) string {
	p := s.pod(pod, "failing for lack of its server", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "download-config")
		return c != nil && (c.State.Terminated != nil || c.LastTerminationState.Terminated != nil)
	})
	end := status(p, "download-config").State.Terminated
	if end == nil {
		end = status(p, "download-config").LastTerminationState.Terminated
	}
	require.EqualValues(s, 6, end.ExitCode)
	require.Nil(s, status(p, "application").State.Running)
	s.apply(seedServer("config-server", "config-server:1", 443, "")...)
	p = s.allRunning(pod)
	s.prints(pod, "validate-config", "^Config valid$")
	s.prints(pod, "application", "^configured: mode=tutorial$")
	return fmt.Sprintf("curl failed %d times, then verified the server's certificate, and the app read the file", status(p, "download-config").RestartCount)
}

func waitsForTheDatabase(s *space, pod string) string {
	p := s.pod(pod, "waiting for its database", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "init-wait-db")
		return c != nil && c.State.Running != nil
	})
	require.Zero(s, status(p, "init-config").State.Terminated.ExitCode)
	require.Nil(s, status(p, "app").State.Running)
	s.apply(seedPostgres("db")...)
	p = s.allRunning(pod)
	wait := status(p, "init-wait-db").State.Terminated
	config := status(p, "init-config").State.Terminated
	app := status(p, "app").State.Running
	require.False(s, wait.StartedAt.Before(&config.FinishedAt), "first the configuration, then the wait")
	require.False(s, app.StartedAt.Before(&wait.FinishedAt), "then the app")
	database, err := s.CoreV1().Pods(s.name).Get(s.ctx, "db", metav1.GetOptions{})
	require.NoError(s, err)
	for _, c := range database.Status.Conditions { // a Service has no address before its pod is Ready
		require.False(s, c.Type == corev1.PodReady && wait.FinishedAt.Before(&c.LastTransitionTime), "it waited for the database")
	}
	s.prints(pod, "app", "^mode=demo$")
	return fmt.Sprintf("init-config, init-wait-db, app ran in this order; the second waited %s, and the app printed the file of the first", wait.FinishedAt.Sub(wait.StartedAt.Time))
}
