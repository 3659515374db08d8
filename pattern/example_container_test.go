package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

func ExampleApp() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	showFields(pattern.Pod("web").WithApp(web))
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
}

func ExampleSidecar() {
	web := pattern.App("web", "web:1.4")
	shipper := pattern.Sidecar("shipper", "shipper:2").Args("--tail", "/logs")
	showFields(pattern.Pod("web").WithApp(web).WithSidecar(shipper), "spec")
	// Output:
	// spec:
	//   containers:
	//   - image: web:1.4
	//     name: web
	//   initContainers:
	//   - args:
	//     - --tail
	//     - /logs
	//     image: shipper:2
	//     name: shipper
	//     restartPolicy: Always
}

func ExampleAmbassador() {
	web := pattern.App("web", "web:1.4").Env("DSN", "postgres://$(DB_HOST):$(DB_PORT)/shop")
	db := pattern.Ambassador("db", "tunnel:1").Port("postgres", 5432).Endpoint("db", "postgres")
	showFields(pattern.Pod("web").WithApp(web).WithAmbassador(db), "spec.containers.0.env")
	// Output:
	// env:
	// - name: DB_HOST
	//   value: 127.0.0.1
	// - name: DB_PORT
	//   value: "5432"
	// - name: DSN
	//   value: postgres://$(DB_HOST):$(DB_PORT)/shop
}

func ExampleAdapter() {
	status := pattern.EmptyDir("status")
	web := pattern.App("web", "web:1.4").Writes(status, "/var/lib/web")
	metrics := pattern.Adapter("metrics", "exporter:1").Reads(status, "/in").
		Port("metrics", 9100).Scrape("metrics", "/metrics")
	showFields(pattern.Pod("web").WithApp(web).WithAdapter(metrics), "metadata.annotations", "spec.initContainers")
	// Output:
	// annotations:
	//   prometheus.io/path: /metrics
	//   prometheus.io/port: "9100"
	//   prometheus.io/scrape: "true"
	// initContainers:
	// - image: exporter:1
	//   name: metrics
	//   ports:
	//   - containerPort: 9100
	//     name: metrics
	//   restartPolicy: Always
	//   volumeMounts:
	//   - mountPath: /in
	//     name: status
	//     readOnly: true
}

func ExampleInit() {
	web := pattern.App("web", "web:1.4")
	migrate := pattern.Init("migrate", "web:1.4").Command("web", "migrate")
	showFields(pattern.Pod("web").WithApp(web).WithInit(migrate), "spec.initContainers")
	// Output:
	// initContainers:
	// - command:
	//   - web
	//   - migrate
	//   image: web:1.4
	//   name: migrate
}

// What the library generates for a container is called after it, so one helper
// can be in a pod twice.
func ExampleContainer_Name() {
	shipper := pattern.Sidecar("shipper", "shipper:2").Scratch("/state", "64Mi")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		WithSidecar(shipper, shipper.Name("audit-shipper"))
	showFields(pod, "spec.volumes")
	// Output:
	// volumes:
	// - emptyDir:
	//     sizeLimit: 64Mi
	//   name: shipper-state
	// - emptyDir:
	//     sizeLimit: 64Mi
	//   name: audit-shipper-state
}

func ExampleContainer_Image() {
	web := pattern.App("web", "web:1.4")
	canary := web.Image("web:1.5-rc1")
	showContainer(web, "image")
	showContainer(canary, "image")
	// Output:
	// image: null
	// image: null
}

func ExampleContainer_ImagePullPolicy() {
	showContainer(pattern.App("web", "web:nightly").ImagePullPolicy(corev1.PullAlways))
	// Output:
	// imagePullPolicy: Always
}

func ExampleContainer_Command() {
	showContainer(pattern.App("worker", "web:1.4").Command("web", "work"))
	// Output:
	// command:
	// - web
	// - work
}

func ExampleContainer_Args() {
	web := pattern.App("web", "web:1.4").Args("--log-level", "info")
	showContainer(web)
	showContainer(web.Args("--log-level", "debug"))
	// Output:
	// args:
	// - --log-level
	// - info
	// args:
	// - --log-level
	// - debug
}

func ExampleContainer_Shell() {
	showContainer(pattern.Init("copy", "busybox:1.38").Shell("cp /seed/* /data && chmod 600 /data/*"))
	// Output:
	// command:
	// - sh
	// - -c
	// - cp /seed/* /data && chmod 600 /data/*
}

func ExampleContainer_WorkingDir() {
	showContainer(pattern.App("web", "node:24").Command("node", "server.js").WorkingDir("/app"))
	// Output:
	// command:
	// - node
	// - server.js
	// workingDir: /app
}

// The last lines of the log stand in the pod's status when the program dies and
// wrote no message itself.
func ExampleContainer_TerminationMessage() {
	showContainer(pattern.App("web", "web:1.4").
		TerminationMessage("/tmp/why", corev1.TerminationMessageFallbackToLogsOnError))
	// Output:
	// terminationMessagePath: /tmp/why
	// terminationMessagePolicy: FallbackToLogsOnError
}

func ExampleContainer_Stdin() {
	showContainer(pattern.App("shell", "busybox:1.38").Command("sh").Stdin(true))
	// Output:
	// command:
	// - sh
	// stdin: true
	// tty: true
}

// An organisation's rules are an ordinary function.
func ExampleContainer_Apply() {
	house := func(c pattern.AppContainer) pattern.AppContainer {
		return c.ImagePullPolicy(corev1.PullAlways).Limits("", "256Mi")
	}
	showContainer(pattern.App("web", "web:1.4").Apply(house))
	// Output:
	// imagePullPolicy: Always
	// resources:
	//   limits:
	//     memory: 256Mi
}

func ExampleContainer_Edit() {
	shell := pattern.App("shell", "busybox:1.38").Stdin(true).
		Edit(func(c *corev1.Container) { c.StdinOnce = true })
	showContainer(shell)
	// Output:
	// stdin: true
	// stdinOnce: true
	// tty: true
}

// A helper refuses a value that it can't use. The finding names the line that
// called the helper, which is left out here.
func ExampleContainer_Reject() {
	cache := func(megabytes int) pattern.SidecarContainer {
		c := pattern.Sidecar("cache", "memcached:1.6")
		if megabytes < 1 {
			return c.Reject("megabytes", megabytes, "want at least 1")
		}
		return c
	}
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(cache(0))
	showFindings(pod.Findings())
	// Output:
	// spec.initContainers[0]: Invalid value: 0: megabytes: want at least 1 (container cache) [A helper-option]
}

// A helper that keeps a Job's pod busy is native, so that the Job can end; where
// a program must start together with the app, it can be classic.
func ExampleContainer_Classic() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	proxy := pattern.Sidecar("proxy", "proxy:1")
	showOrder(pod.WithSidecar(proxy))
	showOrder(pod.WithSidecar(proxy.Classic()))
	// Output:
	// proxy -> web
	// web + proxy
}

// Native undoes what somebody's helper says of itself.
func ExampleContainer_Native() {
	proxy := pattern.Sidecar("proxy", "proxy:1").Classic()
	showContainer(proxy.Native())
	// Output:
	// restartPolicy: Always
}
