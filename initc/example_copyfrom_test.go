package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The app is started with an agent that comes in an image of its own.
func ExampleCopyFrom() {
	agents := pattern.EmptyDir("agents").SizeLimit("50Mi")
	agent := initc.CopyFrom("registry.example.com/jmx-agent:1.6.0", "/opt/agent/.", agents)
	app := pattern.App("web", "web:1.4").Reads(agents, "/opt/agent").
		Env("JAVA_TOOL_OPTIONS", "-javaagent:/opt/agent/jmx.jar=9404:/opt/agent/config.yaml")
	pod, err := pattern.Pod("web").WithApp(app).WithInit(agent).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, c.Command)
	// Output:
	// copy-from-jmx-agent [cp -RHf /opt/agent/. /copied/]
}
