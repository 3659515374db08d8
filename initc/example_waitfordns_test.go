package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The app starts when a pod behind the headless Service cassandra is ready.
func ExampleWaitForDNS() {
	wait := initc.WaitForDNS("cassandra.prod.svc", initc.WaitOptions{TimeoutSeconds: 300})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(wait).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, c.Command[4:])
	// Output:
	// wait-for-cassandra-dns [cassandra.prod.svc search 300 8]
}
