package pattern_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The images of all containers come from a mirror, those of the helpers too.
func ExamplePodBuilder_Images() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "docker.io/example/web:1.4")).
		Images(func(image string) string {
			return strings.Replace(image, "docker.io/", "mirror.example.com/hub/", 1)
		})
	showFields(web, "spec.containers")
	// Output:
	// containers:
	// - image: mirror.example.com/hub/example/web:1.4
	//   name: web
}

func ExamplePod() {
	logs := pattern.EmptyDir("logs")
	web := pattern.App("web", "web:1.4").Port("http", 8080).Writes(logs, "/var/log/web")
	shipper := pattern.Sidecar("shipper", "shipper:2").Reads(logs, "/logs")
	showFields(pattern.Pod("web").WithApp(web).WithSidecar(shipper))
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: web
	// spec:
	//   containers:
	//   - image: web:1.4
	//     name: web
	//     ports:
	//     - containerPort: 8080
	//       name: http
	//     volumeMounts:
	//     - mountPath: /var/log/web
	//       name: logs
	//   initContainers:
	//   - image: shipper:2
	//     name: shipper
	//     restartPolicy: Always
	//     volumeMounts:
	//     - mountPath: /logs
	//       name: logs
	//       readOnly: true
	//   volumes:
	//   - emptyDir: {}
	//     name: logs
}

// A base can be kept and forked: no call changes it.
func ExamplePod_fork() {
	base := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	debug := base.WithSidecar(pattern.Sidecar("shell", "busybox:1.38").Stdin(true))
	showOrder(base)
	showOrder(debug)
	// Output:
	// web
	// shell -> web
}

// The app is the one that kubectl logs and exec take, wherever it stands.
func ExamplePodBuilder_WithApp() {
	proxy := pattern.Sidecar("proxy", "proxy:1").Classic()
	pod := pattern.Pod("web").WithSidecar(proxy).WithApp(pattern.App("web", "web:1.4"))
	showOrder(pod)
	showFields(pod, "metadata.annotations")
	// Output:
	// proxy + web
	// annotations:
	//   kubectl.kubernetes.io/default-container: web
}

func ExamplePodBuilder_WithSidecar() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		WithSidecar(pattern.Sidecar("shipper", "shipper:2"), pattern.Sidecar("cache", "memcached:1.6"))
	showOrder(pod)
	// Output:
	// shipper -> cache -> web
}

func ExamplePodBuilder_WithAmbassador() {
	db := pattern.Ambassador("db", "tunnel:1").Port("db", 5432).Endpoint("db", "db")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithAmbassador(db)
	showFields(pod, "spec.containers.0.env")
	// Output:
	// env:
	// - name: DB_HOST
	//   value: 127.0.0.1
	// - name: DB_PORT
	//   value: "5432"
}

func ExamplePodBuilder_WithAdapter() {
	metrics := pattern.Adapter("metrics", "exporter:1").Port("metrics", 9100).Scrape("metrics", "/metrics")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithAdapter(metrics)
	showOrder(pod)
	showFields(pod, "metadata.annotations")
	// Output:
	// metrics -> web
	// annotations:
	//   prometheus.io/path: /metrics
	//   prometheus.io/port: "9100"
	//   prometheus.io/scrape: "true"
}

func ExamplePodBuilder_WithInit() {
	migrate := pattern.Init("migrate", "web:1.4").Args("migrate")
	seed := pattern.Init("seed", "web:1.4").Args("seed")
	showOrder(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(migrate, seed))
	// Output:
	// migrate -> seed -> web
}

// What belongs to the pod follows it.
func ExamplePodBuilder_Namespace() {
	pod := pattern.Pod("web").Namespace("shop").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	showFields(pod.Service(), "metadata")
	// Output:
	// metadata:
	//   name: web
	//   namespace: shop
}

func ExamplePodBuilder_Label() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		Label("app.kubernetes.io/part-of", "shop").
		Label("tier", "back").Label("tier", "front") // the last one holds
	showFields(pod, "metadata.labels")
	// Output:
	// labels:
	//   app.kubernetes.io/part-of: shop
	//   tier: front
}

func ExamplePodBuilder_Annotation() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		Annotation("cluster-autoscaler.kubernetes.io/safe-to-evict", "true")
	showFields(pod, "metadata.annotations")
	// Output:
	// annotations:
	//   cluster-autoscaler.kubernetes.io/safe-to-evict: "true"
}

func ExamplePodBuilder_SelectorLabels() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		Label("app.kubernetes.io/name", "web").SelectorLabels("app.kubernetes.io/name")
	showFields(pod.Deployment(3), "spec.selector", "spec.template.metadata")
	// Output:
	// selector:
	//   matchLabels:
	//     app.kubernetes.io/name: web
	// metadata:
	//   labels:
	//     app.kubernetes.io/name: web
}

// Before 1.29 there were no native sidecars: the helper is a regular container.
func ExamplePodBuilder_Target() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		WithSidecar(pattern.Sidecar("shipper", "shipper:2"))
	showOrder(pod)
	showOrder(pod.Target("1.28"))
	// Output:
	// shipper -> web
	// web + shipper
}

// What has no older way is an error.
func ExamplePodBuilder_Target_tooOld() {
	web := pattern.App("web", "web:1.4").PreStop(pattern.Sleep(10))
	showFindings(pattern.Pod("web").WithApp(web).Target("1.29").Findings())
	// Output:
	// spec.containers[0].lifecycle.preStop: Invalid value: Sleep needs Kubernetes 1.30, the target is 1.29 (container web)
	//   Fix: build for it with Target("1.30") or -target 1.30, or do without [E target-version]
}

// The pod stands by itself: no ConfigMap is needed beside it.
func ExamplePodBuilder_InlineConfig() {
	web := pattern.App("web", "nginx:1.30").Config("/etc/nginx/conf.d/web.conf", "server { listen 8080; }\n")
	pod := pattern.Pod("web").WithApp(web)
	showObjects(pod)
	showObjects(pod.InlineConfig())
	showFields(pod.InlineConfig(), "metadata.annotations", "spec.volumes")
	// Output:
	// ConfigMap web-web-ae566eb5cc
	// Pod web
	// Pod web
	// annotations:
	//   config.podpattern.dev/web.web.conf: |
	//     server { listen 8080; }
	// volumes:
	// - downwardAPI:
	//     items:
	//     - fieldRef:
	//         fieldPath: metadata.annotations['config.podpattern.dev/web.web.conf']
	//       path: web.conf
	//   name: web-config
}

// Both servers listen on one port by SO_REUSEPORT, which no rule can know.
func ExamplePodBuilder_Allow() {
	blue, green := pattern.App("blue", "web:1.4").Ports(8080), pattern.App("green", "web:1.5").Ports(8080)
	pod := pattern.Pod("web").WithApp(blue, green)
	fmt.Println(len(pod.Findings().Errors()), "error")
	fmt.Println(len(pod.Allow("port-clash-pod", "both use SO_REUSEPORT").Findings().Errors()), "errors")
	// Output:
	// 1 error
	// 0 errors
}

// What the API server refuses can't be allowed.
func ExamplePodBuilder_Allow_rejected() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "")).Allow("image-missing", "filled in later")
	showFindings(pod.Findings())
	// Output:
	// spec.containers[0].image: Required value (container web)
	//   Fix: name the image, with its tag [A image-missing]
}

// An organisation's rules for pods are an ordinary function.
func ExamplePodBuilder_Apply() {
	house := func(p pattern.PodBuilder) pattern.PodBuilder {
		return p.Label("team", "shop").TerminationGracePeriodSeconds(60)
	}
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).Apply(house)
	showFields(pod, "metadata.labels", "spec.terminationGracePeriodSeconds")
	// Output:
	// labels:
	//   team: shop
	// terminationGracePeriodSeconds: 60
}

func ExamplePodBuilder_Edit() {
	users := false
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		Edit(func(t *corev1.PodTemplateSpec) { t.Spec.HostUsers = &users })
	showFields(pod, "spec")
	// Output:
	// spec:
	//   containers:
	//   - image: web:1.4
	//     name: web
	//   hostUsers: false
}

func ExamplePodBuilder_Build() {
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pod.Kind, pod.Name, pod.Spec.Containers[0].Image)
	// Output:
	// Pod web web:1.4
}

// Build reports all that is wrong at once; each finding is a check.Finding and,
// for programs that know the API server's errors, a field.Error.
func ExamplePodBuilder_Build_errors() {
	_, err := pattern.Pod("web").WithApp(pattern.App("web", "").Port("http", 80800)).Build()
	showError(err)
	var finding check.Finding
	var refused *field.Error
	fmt.Println(errors.As(err, &finding), finding.Rule, finding.Path)
	fmt.Println(errors.As(err, &refused), refused.Type, refused.Field)
	// Output:
	// spec.containers[0].image: Required value (container web)
	//   Fix: name the image, with its tag [A image-missing]
	// spec.containers[0].ports[0].containerPort: Invalid value: 80800: must be between 1 and 65535, inclusive (container web)
	//   Fix: a number from 1 to 65535 [A port-number]
	// true image-missing spec.containers[0].image
	// true Required value spec.containers[0].image
}

// For a workload that the library doesn't make.
func ExamplePodBuilder_Template() {
	template, err := pattern.Pod("web").Label("app", "web").WithApp(pattern.App("web", "web:1.4")).Template()
	if err != nil {
		fmt.Println(err)
		return
	}
	controller := corev1.ReplicationController{Spec: corev1.ReplicationControllerSpec{Template: template}}
	fmt.Println(controller.Spec.Template.Labels, controller.Spec.Template.Spec.Containers[0].Name)
	// Output:
	// map[app:web] web
}

// Build fails for what is broken; Findings has the warnings too.
func ExamplePodBuilder_Findings() {
	web := pattern.App("web", "web").Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)
	pod := pattern.Pod("web").Hardened().WithApp(web)
	for _, f := range pod.Findings() {
		fmt.Println(f.Level, f.Rule, f.Path)
	}
	_, err := pod.Build()
	fmt.Println(err)
	// Output:
	// W image-tag spec.containers[0].image
	// <nil>
}

func ExamplePodBuilder_Objects() {
	web := pattern.App("web", "nginx:1.30").Config("/etc/nginx/conf.d/web.conf", "server { listen 8080; }\n")
	objects, err := pattern.Pod("web").WithApp(web).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range objects {
		fmt.Println(o.GetObjectKind().GroupVersionKind().Kind)
	}
	// Output:
	// ConfigMap
	// Pod
}

func ExamplePodBuilder_YAML() {
	text, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).YAML()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(text)
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

func ExamplePodBuilder_MarshalJSON() {
	text, err := json.Marshal(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")))
	fmt.Println(string(text), err)
	// Output:
	// {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"image":"web:1.4","name":"web"}]}} <nil>
}

// A helper for a pod that somebody else wrote. What was wrong with it is told, and is
// no error of the one who adds to it.
func ExampleFrom() {
	theirs := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "shop", Image: "shop"}}}}
	theirs.Name = "shop"
	shipper := pattern.Sidecar("shipper", "shipper:2").Reads(pattern.PVC("logs", "logs"), "/logs")
	pod := pattern.From(theirs).WithSidecar(shipper)
	for _, f := range pod.Findings() {
		if f.Rule == "image-tag" {
			fmt.Println(f.Path, f.Brought)
		}
	}
	showFields(pod, "spec.initContainers.0.name", "spec.containers")
	// Output:
	// spec.containers[0].image true
	// name: shipper
	// containers:
	// - image: shop
	//   name: shop
}
