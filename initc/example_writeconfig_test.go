package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The app's installer writes to its configuration, which a ConfigMap doesn't allow.
func ExampleWriteConfig() {
	config := pattern.EmptyDir("config").SizeLimit("1Mi")
	written := initc.WriteConfig(map[string]string{"app.ini": "[server]\nport = 8080\n"}, config)
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Writes(config, "/etc/web")).WithInit(written).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, c.Command[4:])
	for _, m := range c.VolumeMounts {
		fmt.Println(m.Name, m.MountPath)
	}
	// Output:
	// write-config [replace 666 app.ini]
	// config /written
	// write-config-config /etc/config
}
