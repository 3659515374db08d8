package pattern_test

import "github.com/podpattern/podpattern/pattern"

func ExampleContainer_Env() {
	web := pattern.App("web", "web:1.4").
		Env("HOST", "shop.example.com").
		Env("URL", "https://$(HOST)/").
		Env("HOST", "test.example.com") // in place of the first
	showContainer(web)
	// Output:
	// env:
	// - name: HOST
	//   value: test.example.com
	// - name: URL
	//   value: https://$(HOST)/
}

func ExampleContainer_EnvSecret() {
	showContainer(pattern.App("web", "web:1.4").EnvSecret("DB_PASSWORD", pattern.Secret("db"), "password"))
	// Output:
	// env:
	// - name: DB_PASSWORD
	//   valueFrom:
	//     secretKeyRef:
	//       key: password
	//       name: db
}

// A ConfigMap with data is printed before the pod that uses it.
func ExampleContainer_EnvConfigMap() {
	flags := pattern.ConfigMap("flags").Data("beta", "off")
	web := pattern.App("web", "web:1.4").EnvConfigMap("BETA", flags, "beta")
	showObjects(pattern.Pod("web").WithApp(web))
	showContainer(web)
	// Output:
	// ConfigMap flags
	// Pod web
	// env:
	// - name: BETA
	//   valueFrom:
	//     configMapKeyRef:
	//       key: beta
	//       name: flags
}

func ExampleContainer_EnvField() {
	showContainer(pattern.App("web", "web:1.4").EnvField("POD_IP", "status.podIP"))
	// Output:
	// env:
	// - name: POD_IP
	//   valueFrom:
	//     fieldRef:
	//       fieldPath: status.podIP
}

// A program that plans its heap can ask for its own limit, here in MiB.
func ExampleContainer_EnvResource() {
	web := pattern.App("web", "web:1.4").Limits("", "512Mi").EnvResource("HEAP_MB", "limits.memory", "1Mi")
	showContainer(web, "env")
	// Output:
	// env:
	// - name: HEAP_MB
	//   valueFrom:
	//     resourceFieldRef:
	//       divisor: 1Mi
	//       resource: limits.memory
}

// An init container fetches a value, and the app gets it as a variable without
// mounting the file.
func ExampleContainer_EnvFile() {
	fetched := pattern.EmptyDir("fetched")
	fetch := pattern.Init("fetch", "vault:1").Shell(`echo "TOKEN='$(fetch-token)'" >/out/env`).Writes(fetched, "/out")
	web := pattern.App("web", "web:1.4").EnvFile("TOKEN", fetched, "env", "TOKEN")
	showFields(pattern.Pod("web").WithApp(web).WithInit(fetch), "spec.containers")
	// Output:
	// containers:
	// - env:
	//   - name: TOKEN
	//     valueFrom:
	//       fileKeyRef:
	//         key: TOKEN
	//         path: env
	//         volumeName: fetched
	//   image: web:1.4
	//   name: web
}

// Of one name in both, the last source wins; what Env sets wins over all.
func ExampleContainer_EnvFrom() {
	showContainer(pattern.App("web", "web:1.4").EnvFrom(pattern.ConfigMap("defaults"), pattern.Secret("db").Optional()))
	// Output:
	// envFrom:
	// - configMapRef:
	//     name: defaults
	// - secretRef:
	//     name: db
	//     optional: true
}

func ExampleContainer_EnvFromPrefix() {
	showContainer(pattern.App("web", "web:1.4").EnvFromPrefix("DB_", pattern.Secret("db")))
	// Output:
	// envFrom:
	// - prefix: DB_
	//   secretRef:
	//     name: db
}

// A container that sets the variable itself keeps its own value.
func ExamplePodBuilder_Env() {
	web, clock := pattern.App("web", "web:1.4"), pattern.Sidecar("clock", "clock:1").Env("TZ", "UTC")
	pod := pattern.Pod("web").WithApp(web).WithSidecar(clock).Env("TZ", "Europe/Berlin")
	showFields(pod, "spec.containers.0.env", "spec.initContainers.0.env")
	// Output:
	// env:
	// - name: TZ
	//   value: Europe/Berlin
	// env:
	// - name: TZ
	//   value: UTC
}

func ExamplePodBuilder_EnvFrom() {
	web, worker := pattern.App("web", "web:1.4"), pattern.App("worker", "web:1.4").Args("work")
	pod := pattern.Pod("web").WithApp(web, worker).EnvFrom(pattern.ConfigMap("defaults"))
	showFields(pod, "spec.containers")
	// Output:
	// containers:
	// - envFrom:
	//   - configMapRef:
	//       name: defaults
	//   image: web:1.4
	//   name: web
	// - args:
	//   - work
	//   envFrom:
	//   - configMapRef:
	//       name: defaults
	//   image: web:1.4
	//   name: worker
}

func ExamplePodBuilder_For() {
	web, worker, clock := pattern.App("web", "web:1.4"), pattern.App("worker", "web:1.4"), pattern.App("clock", "clock:1")
	pod := pattern.Pod("web").WithApp(web, worker, clock).
		For("web", "worker").Env("TZ", "UTC")
	showFields(pod, "spec.containers")
	// Output:
	// containers:
	// - env:
	//   - name: TZ
	//     value: UTC
	//   image: web:1.4
	//   name: web
	// - env:
	//   - name: TZ
	//     value: UTC
	//   image: web:1.4
	//   name: worker
	// - image: clock:1
	//   name: clock
}

func ExampleSelection_Env() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.For("web").Env("LOG_LEVEL", "debug"), "spec.containers.0.env")
	showFindings(pod.For("wbe").Env("LOG_LEVEL", "debug").Findings())
	// Output:
	// env:
	// - name: LOG_LEVEL
	//   value: debug
	// spec.containers: Invalid value: "wbe": For names a container that the pod doesn't have
	//   Fix: name a container of the pod [E wiring-target]
}

func ExampleSelection_EnvFrom() {
	web, cron := pattern.App("web", "web:1.4"), pattern.App("cron", "cron:1")
	pod := pattern.Pod("web").WithApp(web, cron).For("web").EnvFrom(pattern.Secret("db"))
	showFields(pod, "spec.containers")
	// Output:
	// containers:
	// - envFrom:
	//   - secretRef:
	//       name: db
	//   image: web:1.4
	//   name: web
	// - image: cron:1
	//   name: cron
}
