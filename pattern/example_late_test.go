package pattern_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
)

// A port that may move has its number only when the pod is settled.
func ExampleContainer_Late() {
	proxy := pattern.Sidecar("proxy", "proxy:1").Port("http", 8080).MovePorts().
		Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Args(fmt.Sprintf("--listen=:%d", v.Port("http")))
		})
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080)).WithSidecar(proxy)
	showFields(pod, "spec.initContainers")
	// Output:
	// initContainers:
	// - args:
	//   - --listen=:8081
	//   image: proxy:1
	//   name: proxy
	//   ports:
	//   - containerPort: 8081
	//     name: proxy-http
	//   restartPolicy: Always
}

func ExampleView_Port() {
	showContainer(pattern.App("web", "web:1.4").Port("http", 8080).
		Late(func(v pattern.View, c pattern.AppContainer) pattern.AppContainer {
			return c.Env("LISTEN", fmt.Sprintf(":%d", v.Port("http")))
		}), "env")
	// Output:
	// env:
	// - name: LISTEN
	//   value: :8080
}

// A runtime that knows its limit collects its garbage in time.
func ExampleView_MemoryLimit() {
	collector := pattern.Sidecar("collector", "collector:1").Limits("", "128Mi").
		Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Env("GOMEMLIMIT", fmt.Sprint(v.MemoryLimit()*8/10))
		})
	showContainer(collector.Limits("", "256Mi"), "env")
	// Output:
	// env:
	// - name: GOMEMLIMIT
	//   value: "214748364"
}

// The name is the final one, whatever the constructor of the helper gave.
func ExampleView_Name() {
	shipper := pattern.Sidecar("shipper", "shipper:2").
		Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Args("--client-id", v.Name())
		})
	showContainer(shipper.Name("audit-shipper"), "args")
	// Output:
	// args:
	// - --client-id
	// - audit-shipper
}

// A classic proxy starts together with the app, which must wait for it by itself.
func ExampleView_Native() {
	proxy := pattern.Ambassador("proxy", "proxy:1").
		Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
			if v.Native() {
				return c
			}
			return c.AppEnv("WAIT_FOR_PROXY", "30s")
		})
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithAmbassador(proxy)
	showFields(pod, "spec.containers.0.env")
	showFields(pod.Target("1.28"), "spec.containers.0.env")
	// Output:
	// env: null
	// env:
	// - name: WAIT_FOR_PROXY
	//   value: 30s
}

func ExampleView_Kind() {
	shipper := pattern.Sidecar("shipper", "shipper:2").
		Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Args("--label", "workload="+v.Kind())
		})
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(shipper)
	showFields(pod.DaemonSet(), "spec.template.spec.initContainers.0.args")
	// Output:
	// args:
	// - --label
	// - workload=DaemonSet
}

func ExampleView_PodName() {
	shipper := pattern.Sidecar("shipper", "shipper:2").
		Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Args("--label", "job="+v.PodName())
		})
	showContainer(shipper, "args")
	// Output:
	// args:
	// - --label
	// - job=web
}

func ExampleView_Namespace() {
	shipper := pattern.Sidecar("shipper", "shipper:2").
		Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Args("--tenant", v.Namespace())
		})
	pod := pattern.Pod("web").Namespace("shop").WithApp(pattern.App("web", "web:1.4")).WithSidecar(shipper)
	showFields(pod, "spec.initContainers.0.args")
	// Output:
	// args:
	// - --tenant
	// - shop
}

// What is still open when the pod stops gets the time that there is, less what
// the helper itself needs.
func ExampleView_GracePeriodSeconds() {
	proxy := pattern.Ambassador("proxy", "proxy:1").
		Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
			return c.Args(fmt.Sprintf("--drain=%ds", v.GracePeriodSeconds()-5))
		})
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithAmbassador(proxy)
	showFields(pod, "spec.initContainers.0.args")
	showFields(pod.TerminationGracePeriodSeconds(60), "spec.initContainers.0.args")
	// Output:
	// args:
	// - --drain=25s
	// args:
	// - --drain=55s
}
