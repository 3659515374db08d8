package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The app starts when the database accepts connections, at the latest after 30
// seconds, or the pod shows that it doesn't.
func ExampleWaitForTCP() {
	wait := initc.WaitForTCP("postgres.prod.svc:5432", initc.WaitOptions{TimeoutSeconds: 30})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(wait).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, c.Command[len(c.Command)-4:])
	// Output:
	// wait-for-postgres-5432 [postgres.prod.svc 5432 30 8]
}

// An address without a port is refused, with the line that names it.
func ExampleWaitForTCP_refused() {
	wait := initc.WaitForTCP("postgres")
	for _, e := range pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(wait).Findings().Errors() {
		fmt.Println(e.Field, e.BadValue, e.Detail)
	}
	// Output:
	// spec.initContainers[0] postgres addr: want host:port, such as db:5432
}
