package pattern_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	rbacv1 "k8s.io/api/rbac/v1"
)

// A helper wires all apps, or those that it is told.
func ExampleContainer_For() {
	web, cron := pattern.App("web", "web:1.4"), pattern.App("cron", "cron:1")
	cache := pattern.Sidecar("cache", "memcached:1.6").AppEnv("CACHE", "localhost:11211").For("web")
	showFields(pattern.Pod("web").WithApp(web, cron).WithSidecar(cache), "spec.containers")
	// Output:
	// containers:
	// - env:
	//   - name: CACHE
	//     value: localhost:11211
	//   image: web:1.4
	//   name: web
	// - image: cron:1
	//   name: cron
}

// What a helper gives stands first, so that the app's own variables can refer to
// it.
func ExampleContainer_AppEnv() {
	web := pattern.App("web", "web:1.4").Env("CACHE_URL", "memcached://$(CACHE)/")
	cache := pattern.Sidecar("cache", "memcached:1.6").AppEnv("CACHE", "localhost:11211")
	showFields(pattern.Pod("web").WithApp(web).WithSidecar(cache), "spec.containers.0.env")
	// Output:
	// env:
	// - name: CACHE
	//   value: localhost:11211
	// - name: CACHE_URL
	//   value: memcached://$(CACHE)/
}

// The app's own value wins.
func ExampleContainer_AppEnv_override() {
	web := pattern.App("web", "web:1.4").Env("CACHE", "cache.prod.svc:11211")
	cache := pattern.Sidecar("cache", "memcached:1.6").AppEnv("CACHE", "localhost:11211")
	showFields(pattern.Pod("web").WithApp(web).WithSidecar(cache), "spec.containers.0.env")
	// Output:
	// env:
	// - name: CACHE
	//   value: cache.prod.svc:11211
}

// Two helpers that want one variable differently can't both have their way.
func ExampleContainer_AppEnv_clash() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(
		pattern.Sidecar("cache", "memcached:1.6").AppEnv("CACHE", "localhost:11211"),
		pattern.Sidecar("redis", "redis:8").AppEnv("CACHE", "localhost:6379"))
	showFindings(pod.Findings())
	// Output:
	// spec.initContainers[1]: Invalid value: "CACHE": container cache gives web another value (container redis, container cache)
	//   Fix: give one of the two variables another name, or set CACHE in web [A wiring-clash]
}

func ExampleContainer_AppEnvSecret() {
	web := pattern.App("web", "web:1.4")
	proxy := pattern.Ambassador("proxy", "proxy:1").AppEnvSecret("PROXY_TOKEN", pattern.Secret("proxy"), "token")
	showFields(pattern.Pod("web").WithApp(web).WithAmbassador(proxy), "spec.containers.0.env")
	// Output:
	// env:
	// - name: PROXY_TOKEN
	//   valueFrom:
	//     secretKeyRef:
	//       key: token
	//       name: proxy
}

func ExampleContainer_AppEnvFrom() {
	web := pattern.App("web", "web:1.4").EnvFrom(pattern.ConfigMap("settings"))
	proxy := pattern.Ambassador("proxy", "proxy:1").AppEnvFrom(pattern.ConfigMap("proxy"))
	showFields(pattern.Pod("web").WithApp(web).WithAmbassador(proxy), "spec.containers.0.envFrom")
	// Output:
	// envFrom:
	// - configMapRef:
	//     name: settings
	// - configMapRef:
	//     name: proxy
}

// The apps find what the helper keeps fresh.
func ExampleContainer_AppReads() {
	certs := pattern.EmptyDir("certs").Memory()
	fetch := pattern.Sidecar("fetch", "certs:1").Writes(certs, "/out").AppReads(certs, "/etc/tls")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(fetch)
	showFields(pod, "spec.containers.0.volumeMounts")
	// Output:
	// volumeMounts:
	// - mountPath: /etc/tls
	//   name: certs
	//   readOnly: true
}

// A path that the app uses for something else is an error.
func ExampleContainer_AppReads_taken() {
	certs := pattern.EmptyDir("certs").Memory()
	fetch := pattern.Sidecar("fetch", "certs:1").Writes(certs, "/out").AppReads(certs, "/etc/tls")
	web := pattern.App("web", "web:1.4").Mount(pattern.Secret("tls").Volume("tls"), "/etc/tls")
	showFindings(pattern.Pod("web").WithApp(web).WithSidecar(fetch).Findings())
	// Output:
	// spec.initContainers[0]: Invalid value: "/etc/tls": container web mounts tls there, so certs can't be (container fetch, container web)
	//   Fix: mount one of the two somewhere else [A mount-path-dup]
}

func ExampleContainer_AppWrites() {
	dumps := pattern.EmptyDir("dumps").SizeLimit("1Gi")
	collect := pattern.Sidecar("collect", "dumps:1").Reads(dumps, "/in").AppWrites(dumps, "/var/crash")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(collect)
	showFields(pod, "spec.containers.0.volumeMounts", "spec.initContainers.0.volumeMounts")
	// Output:
	// volumeMounts:
	// - mountPath: /var/crash
	//   name: dumps
	// volumeMounts:
	// - mountPath: /in
	//   name: dumps
	//   readOnly: true
}

func ExampleContainer_AppMount() {
	work := pattern.EmptyDir("work")
	tools := pattern.Init("tools", "tools:1").Writes(work, "/work").AppMount(work, "/work")
	pod := pattern.Pod("build").WithApp(pattern.App("build", "build:1")).WithInit(tools)
	showFields(pod, "spec.containers.0.volumeMounts")
	// Output:
	// volumeMounts:
	// - mountPath: /work
	//   name: work
}

// The pod's own label wins over what a helper wants.
func ExampleContainer_PodLabel() {
	mesh := pattern.Sidecar("mesh", "mesh:1").PodLabel("mesh", "on").PodLabel("tier", "any")
	pod := pattern.Pod("web").Label("tier", "front").WithApp(pattern.App("web", "web:1.4")).WithSidecar(mesh)
	showFields(pod, "metadata.labels")
	// Output:
	// labels:
	//   mesh: "on"
	//   tier: front
}

func ExampleContainer_PodAnnotation() {
	backup := pattern.Sidecar("backup", "backup:1").PodAnnotation("backup.example.com/volumes", "data")
	showFields(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(backup), "metadata.annotations")
	// Output:
	// annotations:
	//   backup.example.com/volumes: data
}

// Two images of different users write one volume by a common group.
func ExampleContainer_FSGroup() {
	data := pattern.PVC("data", "web-data")
	thumbs := pattern.Sidecar("thumbnails", "thumbs:1").Writes(data, "/data").FSGroup(2000)
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Writes(data, "/data")).WithSidecar(thumbs)
	showFields(pod, "spec.securityContext")
	// Output:
	// securityContext:
	//   fsGroup: 2000
}

// A sidecar that signals the app when its configuration has changed must see it.
func ExampleContainer_SharePID() {
	reload := pattern.Sidecar("reload", "reloader:1").SharePID()
	pod := pattern.Pod("web").WithApp(pattern.App("web", "nginx:1.30")).WithSidecar(reload)
	showFields(pod, "spec.shareProcessNamespace")
	// Output:
	// shareProcessNamespace: true
}

func ExampleContainer_PullSecret() {
	agent := pattern.Sidecar("agent", "registry.example.com/agent:1").PullSecret("example-registry")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(agent)
	showFields(pod, "spec.imagePullSecrets")
	// Output:
	// imagePullSecrets:
	// - name: example-registry
}

// Clients of the Service reach the proxy on the port that was the app's.
func ExampleContainer_Fronts() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	proxy := pattern.Sidecar("proxy", "proxy:1").Port("http", 8081).Fronts("http", 8080)
	showFields(pattern.Pod("web").WithApp(web).WithSidecar(proxy).Service(), "spec.ports")
	// Output:
	// ports:
	// - name: http
	//   port: 8080
	//   targetPort: proxy-http
}

// The app dials the name that it always dials, and reaches the helper.
func ExampleContainer_HostAlias() {
	tunnel := pattern.Ambassador("tunnel", "tunnel:1").HostAlias("127.0.0.1", "db.example.com")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithAmbassador(tunnel)
	showFields(pod, "spec.hostAliases")
	// Output:
	// hostAliases:
	// - hostnames:
	//   - db.example.com
	//   ip: 127.0.0.1
}

// Only the sidecar gets a token, and no more rights than it names.
func ExampleContainer_NeedsAPI() {
	watch := pattern.Sidecar("watch", "watch:1").NeedsAPI(rbacv1.PolicyRule{
		APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"get", "watch"},
	})
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(watch)
	showObjects(pod)
	showFields(pod, "spec.automountServiceAccountToken", "spec.initContainers.0.volumeMounts", "spec.containers.0.volumeMounts")
	// Output:
	// ServiceAccount web
	// Role web.watch
	// RoleBinding web.watch
	// Pod web
	// automountServiceAccountToken: false
	// volumeMounts:
	// - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
	//   name: watch-token
	//   readOnly: true
	// volumeMounts: null
}

// A helper that needs its folder prepared brings the container that does it.
func ExampleContainer_Brings() {
	state := pattern.PVC("state", "web-state")
	prepare := pattern.Init("prepare", "busybox:1.38").Shell("mkdir -p /state/queue").Writes(state, "/state")
	queue := pattern.Sidecar("queue", "queue:1").Writes(state, "/state").Brings(prepare)
	showOrder(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(queue))
	// Output:
	// prepare -> queue -> web
}

// A function for Apply that can't do what it was asked for says so, with the line
// of the caller.
func ExamplePodBuilder_Reject() {
	team := func(name string) func(pattern.PodBuilder) pattern.PodBuilder {
		return func(p pattern.PodBuilder) pattern.PodBuilder {
			if name == "" {
				return p.Reject("team", name, "want the name of a team")
			}
			return p.Label("example.com/team", name)
		}
	}
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).Apply(team(""))
	for _, e := range pod.Findings().Errors() {
		fmt.Println(e.Detail)
	}
	// Output:
	// team: want the name of a team
}
