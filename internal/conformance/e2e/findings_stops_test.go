package e2e_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// How a pod stops. Each of these gets a deadline when it is up: its containers are stopped
// like those of a pod that is deleted, and can be looked at afterwards.
var stopsBroken = []broken{
	{rule: "grace-budget", saw: "the container was killed in the middle of its shutdown",
		bad:    stoppingWith(3, `exec: {command: [sleep, "3"]}`),
		good:   stoppingWith(20, `exec: {command: [sleep, "3"]}`),
		run:    map[string]string{"web": slowToStop},
		breaks: inTurn(seesDeadline, seesEnd("web", 137, "")), works: inTurn(seesDeadline, seesEnd("web", 0, ""), seesLine("web", "^stopped$"))},
	{rule: "prestop-sleep", level: check.Warning, saw: "a sleep as long as the grace period left the container 2 seconds, and it was killed",
		bad:    stoppingWith(3, `sleep: {seconds: 3}`),
		good:   stoppingWith(20, `sleep: {seconds: 3}`),
		run:    map[string]string{"web": slowToStop},
		breaks: inTurn(seesDeadline, seesEnd("web", 137, "")), works: inTurn(seesDeadline, seesEnd("web", 0, ""), seesLine("web", "^stopped$"))},
	{rule: "native-prestop-unordered", saw: "the app lost the sidecar while it still worked",
		bad:    besideProxy(`, lifecycle: {preStop: {exec: {command: [sh, -c, "kill 1"]}}}`),
		good:   besideProxy(``),
		run:    map[string]string{"proxy": `trap 'kill $!; exit 0' TERM; mkdir -p /tmp/www; echo "this is proxy" >/tmp/www/index.html; cd /tmp/www; httpd -f -p 9090 & wait`, "web": `trap 'sleep 3; ` + asksLocalhost("9090") + `; exit 0' TERM; sleep 1d & wait`},
		breaks: inTurn(seesDeadline, seesLine("web", "Connection refused")), works: inTurn(seesDeadline, seesLine("web", "^this is proxy$"))},
}

// slowToStop takes some seconds to stop.
const slowToStop = `trap 'echo stopping; sleep 5; echo stopped; exit 0' TERM; sleep 1d & wait`

func stoppingWith(grace int, hook string) string {
	return fmt.Sprintf(`{restartPolicy: Never, terminationGracePeriodSeconds: %d, containers: [{name: web, lifecycle: {preStop: {%s}}}]}`, grace, hook)
}

func besideProxy(hook string) string {
	return `{restartPolicy: Never, terminationGracePeriodSeconds: 20, initContainers: [{name: proxy, restartPolicy: Always, startupProbe: {tcpSocket: {port: 9090}, periodSeconds: 1, failureThreshold: 60}` + hook + `}], containers: [{name: web}]}`
}

// seesDeadline lets the deadline of a pod pass once it is up, and waits for it to have
// stopped.
func seesDeadline(s *space, name string) {
	s.Helper()
	s.ready(name)
	_, err := s.CoreV1().Pods(s.name).Patch(s.ctx, name, types.MergePatchType, []byte(`{"spec":{"activeDeadlineSeconds":1}}`), metav1.PatchOptions{})
	require.NoError(s, err)
	s.pod(name, "stopped at its deadline", waitLong, func(p *corev1.Pod) bool {
		for _, c := range p.Status.ContainerStatuses {
			if c.State.Terminated == nil {
				return false
			}
		}
		return p.Status.Phase == corev1.PodFailed && p.Status.Reason == "DeadlineExceeded"
	})
}
