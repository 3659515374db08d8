package pattern_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/podpattern/podpattern/pattern"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The whole program behind "go run ./deploy > web.yaml".
func ExampleMain() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	pattern.Main(web.Deployment(3), web.Service())
}

// A test of a generator passes the flags itself.
func ExampleRun() {
	logs := pattern.EmptyDir("logs")
	web := pattern.App("web", "web:1.4").Port("http", 8080).Writes(logs, "/var/log/web")
	shipper := pattern.Sidecar("shipper", "shipper:2").Reads(logs, "/logs").Dials("loki", 3100)
	pod := pattern.Pod("web").WithApp(web).WithSidecar(shipper)
	code := pattern.Run([]string{"-o", "tree"}, os.Stdout, os.Stderr, pod)
	fmt.Println("exit code", code)
	// Output:
	// Pod web, for Kubernetes 1.35
	// ├─ starts, in this order
	// │    1.  shipper  native sidecar  stays
	// │    2.  web      app             stays
	// ├─ volumes
	// │    logs  emptyDir  web writes /var/log/web
	// │                    shipper reads /logs
	// ├─ listens
	// │    web  :8080  http
	// └─ talks to
	//      shipper  -> loki:3100
	// exit code 0
}

// With findings that make an object unusable nothing is printed.
func ExampleRun_findings() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", ""))
	code := pattern.Run(nil, os.Stdout, io.Discard, pod)
	fmt.Println("exit code", code)
	// Output:
	// exit code 1
}

func ExampleYAML() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	text, err := pattern.YAML(pattern.Namespace("shop"), web.Namespace("shop").Service())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// apiVersion: v1
	// kind: Namespace
	// metadata:
	//   name: shop
	// ---
	// apiVersion: v1
	// kind: Service
	// metadata:
	//   name: web
	//   namespace: shop
	// spec:
	//   ports:
	//   - name: http
	//     port: 8080
	//     targetPort: http
	//   selector:
	//     app: web
}

func ExampleWriteYAML() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	if err := pattern.WriteYAML(os.Stdout, web); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: web
	// spec:
	//   containers:
	//   - image: web:1.4
	//     name: web
}

// Each shard is built, checked, printed and forgotten before the next one.
func ExampleNewEncoder() {
	out := pattern.NewEncoder(os.Stdout)
	for i := range 2 {
		shard := pattern.Pod(fmt.Sprintf("shard-%d", i)).WithApp(pattern.App("web", "web:1.4"))
		if err := out.Encode(shard); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: shard-0
	// spec:
	//   containers:
	//   - image: web:1.4
	//     name: web
	// ---
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: shard-1
	// spec:
	//   containers:
	//   - image: web:1.4
	//     name: web
}

// What belongs together is looked at together: the finding is that of the group.
func ExampleEncoder_Encode() {
	out := pattern.NewEncoder(os.Stdout)
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	fmt.Println(out.Encode(web, web.Label("tier", "front")))
	// Output:
	// example_emission_test.go:129: metadata.name: Invalid value: "Pod web": two objects of this kind and name differ. Fix: give one of the two another name [A object-clash]
}

// The ConfigMap that the app's file is in comes before the Deployment, and once.
func ExampleObjects() {
	web := pattern.App("web", "nginx:1.30").Port("http", 8080).Config("/etc/nginx/conf.d/web.conf", "server { listen 8080; }\n")
	pod := pattern.Pod("web").WithApp(web)
	objects, err := pattern.Objects(pod.Deployment(3), pod.Service())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range objects {
		fmt.Println(o.GetObjectKind().GroupVersionKind().Kind)
	}
	// Output:
	// ConfigMap
	// Deployment
	// Service
}

// What the library doesn't make is printed beside the rest.
func ExampleRaw() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	budget := &policyv1.PodDisruptionBudget{
		TypeMeta:   metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"},
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec:       policyv1.PodDisruptionBudgetSpec{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}},
	}
	showObjects(web.Deployment(3), pattern.Raw(budget))
	// Output:
	// Deployment web
	// PodDisruptionBudget web
}

func ExampleManifest_Build() {
	deployment, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).Deployment(3).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(deployment.Name, *deployment.Spec.Replicas, deployment.Spec.Selector.MatchLabels)
	// Output:
	// web 3 map[app:web]
}

// The paths are those of the workload, as its users see them.
func ExampleManifest_Findings() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Limits("", "lots"))
	for _, e := range web.Deployment(3).Findings().Errors() {
		fmt.Println(e.Origin, e.Field)
	}
	// Output:
	// quantity spec.template.spec.containers[0].resources.limits[memory]
}

func ExampleManifest_Objects() {
	web := pattern.App("web", "nginx:1.30").Config("/etc/nginx/conf.d/web.conf", "server { listen 8080; }\n")
	objects, err := pattern.Pod("web").WithApp(web).Deployment(3).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range objects {
		fmt.Println(o.GetObjectKind().GroupVersionKind().Kind)
	}
	// Output:
	// ConfigMap
	// Deployment
}

func ExampleManifest_YAML() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	text, err := web.Service().YAML()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// apiVersion: v1
	// kind: Service
	// metadata:
	//   name: web
	// spec:
	//   ports:
	//   - name: http
	//     port: 8080
	//     targetPort: http
	//   selector:
	//     app: web
}

func ExampleManifest_MarshalJSON() {
	text, err := json.Marshal(pattern.Namespace("shop"))
	fmt.Println(string(text), err)
	// Output:
	// {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}} <nil>
}
