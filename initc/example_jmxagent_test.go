package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The image has the agent and the command cp; the app's JVM loads the agent.
func ExampleJMXAgent() {
	web := pattern.App("web", "web:1.4").Port("http", 8080).Port("metrics", 9404)
	agent := initc.JMXAgent("registry.example.com/jmx-agent:1.6.0", "/jmx_prometheus_javaagent-1.6.0.jar",
		initc.JMXAgentOptions{Scrape: true, Include: []string{"java.lang:*"}})
	pod, err := pattern.Pod("web").WithApp(web).WithInit(agent).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pod.Spec.Containers[0].Env[0])
	fmt.Println(pod.Spec.InitContainers[0].Command)
	fmt.Println(pod.Annotations["prometheus.io/port"])
	// Output:
	// {JAVA_TOOL_OPTIONS -javaagent:/opt/jmx-agent/jmx_prometheus_javaagent-1.6.0.jar=9404:/opt/jmx-agent/config.yaml nil}
	// [cp /jmx_prometheus_javaagent-1.6.0.jar /etc/jmx-agent/config.yaml /opt/jmx-agent/]
	// 9404
}
