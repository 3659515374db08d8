package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// The mesh adds its proxy when the pod is created; the manifest only asks for it.
func ExampleInjected() {
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		Apply(ambassador.Injected(ambassador.Istio, ambassador.InjectedOptions{SkipOutbound: []int{5432}})).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pod.Labels["sidecar.istio.io/inject"])
	fmt.Println(pod.Annotations["sidecar.istio.io/nativeSidecar"])
	fmt.Println(pod.Annotations["traffic.sidecar.istio.io/excludeOutboundPorts"])
	// Output:
	// true
	// true
	// 5432
}
