package pattern_test

import (
	"encoding/json"
	"fmt"

	"github.com/podpattern/podpattern/pattern"
)

// The ConfigMap's name changes with its content, so that a change rolls the pods.
func ExampleContainer_Config() {
	web := pattern.App("web", "nginx:1.30").Config("/etc/nginx/conf.d/web.conf", "server { listen 8080; }\n")
	pod := pattern.Pod("web").WithApp(web)
	showObjects(pod)
	showFields(pod, "spec.containers.0.volumeMounts", "spec.volumes")
	// Output:
	// ConfigMap web-web-ae566eb5cc
	// Pod web
	// volumeMounts:
	// - mountPath: /etc/nginx/conf.d
	//   name: web-config
	//   readOnly: true
	// volumes:
	// - configMap:
	//     items:
	//     - key: web.conf
	//       path: web.conf
	//     name: web-web-ae566eb5cc
	//   name: web-config
}

// One ConfigMap serves as a volume, as variables, and is printed with the pod.
func ExampleConfigMap() {
	settings := pattern.ConfigMap("settings").Data("TZ", "UTC")
	web := pattern.App("web", "web:1.4").EnvFrom(settings).Mount(settings.Volume("settings"), "/etc/web")
	showObjects(pattern.Pod("web").WithApp(web).Deployment(3))
	// Output:
	// ConfigMap settings
	// Deployment web
}

func ExampleConfigMapBuilder_Data() {
	showFields(pattern.ConfigMap("settings").Data("TZ", "UTC").Data("web.conf", "port = 8080\nworkers = 4\n"))
	// Output:
	// apiVersion: v1
	// data:
	//   TZ: UTC
	//   web.conf: |
	//     port = 8080
	//     workers = 4
	// kind: ConfigMap
	// metadata:
	//   name: settings
}

func ExampleConfigMapBuilder_Namespace() {
	showFields(pattern.ConfigMap("settings").Data("TZ", "UTC").Namespace("shop"), "metadata")
	// Output:
	// metadata:
	//   name: settings
	//   namespace: shop
}

func ExampleConfigMapBuilder_Optional() {
	showVolume(pattern.ConfigMap("overrides").Optional().Volume("overrides"))
	// Output:
	// volumes:
	// - configMap:
	//     name: overrides
	//     optional: true
	//   name: overrides
}

func ExampleConfigMapBuilder_Volume() {
	showVolume(pattern.ConfigMap("settings").Volume("settings").Key("web.conf", "conf.d/web.conf"))
	// Output:
	// volumes:
	// - configMap:
	//     items:
	//     - key: web.conf
	//       path: conf.d/web.conf
	//     name: settings
	//   name: settings
}

func ExampleConfigMapBuilder_MarshalJSON() {
	text, err := json.Marshal(pattern.ConfigMap("settings").Data("TZ", "UTC"))
	fmt.Println(string(text), err)
	// Output:
	// {"apiVersion":"v1","data":{"TZ":"UTC"},"kind":"ConfigMap","metadata":{"name":"settings"}} <nil>
}

// A Secret that exists needs its name alone.
func ExampleSecret() {
	db := pattern.Secret("db")
	web := pattern.App("web", "web:1.4").EnvSecret("DB_PASSWORD", db, "password").Mount(db.Volume("db-tls"), "/etc/db")
	showContainer(web)
	// Output:
	// env:
	// - name: DB_PASSWORD
	//   valueFrom:
	//     secretKeyRef:
	//       key: password
	//       name: db
	// volumeMounts:
	// - mountPath: /etc/db
	//   name: db-tls
}

func ExampleSecretBuilder_Data() {
	showFields(pattern.Secret("demo").Data("password", "not-for-production"))
	// Output:
	// apiVersion: v1
	// kind: Secret
	// metadata:
	//   name: demo
	// stringData:
	//   password: not-for-production
}

func ExampleSecretBuilder_Namespace() {
	showFields(pattern.Secret("demo").Data("password", "not-for-production").Namespace("shop"), "metadata")
	// Output:
	// metadata:
	//   name: demo
	//   namespace: shop
}

func ExampleSecretBuilder_Optional() {
	showContainer(pattern.App("web", "web:1.4").EnvSecret("LICENCE", pattern.Secret("licence").Optional(), "key"))
	// Output:
	// env:
	// - name: LICENCE
	//   valueFrom:
	//     secretKeyRef:
	//       key: key
	//       name: licence
	//       optional: true
}

func ExampleSecretBuilder_Volume() {
	showVolume(pattern.Secret("tls").Volume("tls").Mode(0o440))
	// Output:
	// volumes:
	// - name: tls
	//   secret:
	//     defaultMode: 288
	//     secretName: tls
}

func ExampleSecretBuilder_MarshalJSON() {
	text, err := json.Marshal(pattern.Secret("demo").Data("password", "not-for-production"))
	fmt.Println(string(text), err)
	// Output:
	// {"apiVersion":"v1","kind":"Secret","metadata":{"name":"demo"},"stringData":{"password":"not-for-production"}} <nil>
}

// An init container writes what the helper would else generate.
func ExampleContainer_ConfigFrom() {
	conf := pattern.EmptyDir("conf")
	fetch := pattern.Init("fetch", "fetch:1").Writes(conf, "/out")
	proxy := pattern.Sidecar("proxy", "proxy:1").Config("/etc/proxy/proxy.conf", "listen 8080\n").
		ConfigFrom(conf, "proxy.conf")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(proxy).WithInit(fetch)
	showObjects(pod)
	showFields(pod, "spec.initContainers.0.name", "spec.initContainers.1.volumeMounts")
	// Output:
	// Pod web
	// name: fetch
	// volumeMounts:
	// - mountPath: /etc/proxy
	//   name: conf
	//   readOnly: true
}
