package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// A configuration that nginx doesn't take keeps the pod from starting, and the last
// lines of nginx' own message are in the pod's status.
func ExampleGate() {
	const image = "docker.io/nginxinc/nginx-unprivileged:1.30.4"
	config := pattern.ConfigMap("site").Volume("site")
	check := initc.Gate("check-config", image, initc.GateOptions{Command: []string{"nginx", "-t"}, TimeoutSeconds: 30}).
		Reads(config, "/etc/nginx/conf.d")
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", image).Reads(config, "/etc/nginx/conf.d")).WithInit(check).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, c.Command[4:], c.TerminationMessagePolicy)
	// Output:
	// check-config [30 nginx -t] FallbackToLogsOnError
}

// A search engine maps many files: a parameter of the node, for all of its pods.
func ExampleSysctl() {
	pod := pattern.Pod("search").Hardened().
		WithApp(pattern.App("search", "search:9.1").RunAsUser(1000).Requests("1", "2Gi").Limits("", "2Gi")).
		WithInit(initc.Sysctl(map[string]string{"vm.max_map_count": "262144"}))
	for _, f := range pod.Findings() {
		fmt.Println(f.Level, f.Rule)
	}
	fmt.Println(len(pod.Allow("pss-baseline", "its nodes are its own").Findings()))
	// Output:
	// W pss-baseline
	// 0
}

// What the pod can be allowed is refused here, with the better way.
func ExampleSysctl_refused() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		WithInit(initc.Sysctl(map[string]string{"net.ipv4.tcp_keepalive_time": "60"}))
	for _, e := range pod.Findings().Errors() {
		fmt.Println(e.BadValue, e.Detail)
	}
	// Output:
	// net.ipv4.tcp_keepalive_time settings: is allowed in every pod: set it with PodBuilder.Sysctl, without a privileged container
}
