package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

func ExamplePodBuilder_Service() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	showFields(web.Service())
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

// With names it has the ports of those containers only.
func ExamplePodBuilder_Service_containers() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	proxy := pattern.Ambassador("proxy", "proxy:1").Port("https", 8443)
	showFields(pattern.Pod("web").WithApp(web).WithAmbassador(proxy).Service("proxy"), "spec.ports")
	// Output:
	// ports:
	// - name: https
	//   port: 8443
	//   targetPort: https
}

// Clients dial port 80, the program listens on 8080.
func ExampleServiceBuilder_Port() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	showFields(web.Service().Port("http", 80, 8080), "spec.ports")
	// Output:
	// ports:
	// - name: http
	//   port: 80
	//   targetPort: 8080
}

func ExampleServiceBuilder_PortTo() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	showFields(web.Service().PortTo("http", 80, "http"), "spec.ports")
	// Output:
	// ports:
	// - name: http
	//   port: 80
	//   targetPort: http
}

func ExampleServiceBuilder_Headless() {
	db := pattern.Pod("db").WithApp(pattern.App("db", "db:16").Port("sql", 5432))
	showFields(db.Service().Headless(), "spec.clusterIP")
	// Output:
	// clusterIP: None
}

// A second Service in front of one pod has a name of its own.
func ExampleServiceBuilder_Name() {
	db := pattern.Pod("db").WithApp(pattern.App("db", "db:16").Port("sql", 5432))
	showObjects(db.StatefulSet(3), db.Service().Headless(), db.Service().Name("db-read"))
	// Output:
	// StatefulSet db
	// Service db
	// Service db-read
}

func ExampleServiceBuilder_Type() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	showFields(web.Service().Type(corev1.ServiceTypeLoadBalancer), "spec.type")
	// Output:
	// type: LoadBalancer
}

func ExampleServiceBuilder_Edit() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	service := web.Service().Edit(func(s *corev1.Service) { s.Spec.SessionAffinity = corev1.ServiceAffinityClientIP })
	showFields(service, "spec.sessionAffinity")
	// Output:
	// sessionAffinity: ClientIP
}

func ExampleNamespace() {
	showFields(pattern.Namespace("shop").Enforce(pattern.Restricted))
	// Output:
	// apiVersion: v1
	// kind: Namespace
	// metadata:
	//   labels:
	//     pod-security.kubernetes.io/enforce: restricted
	//   name: shop
}

func ExampleNamespaceBuilder_Enforce() {
	showFields(pattern.Namespace("ci").Enforce(pattern.Baseline), "metadata.labels")
	// Output:
	// labels:
	//   pod-security.kubernetes.io/enforce: baseline
}

func ExampleNamespaceBuilder_Label() {
	showFields(pattern.Namespace("shop").Label("team", "shop"), "metadata.labels")
	// Output:
	// labels:
	//   team: shop
}

func ExampleNamespaceBuilder_Edit() {
	shop := pattern.Namespace("shop").Edit(func(n *corev1.Namespace) {
		n.Annotations = map[string]string{"scheduler.alpha.kubernetes.io/node-selector": "pool=shop"}
	})
	showFields(shop, "metadata.annotations")
	// Output:
	// annotations:
	//   scheduler.alpha.kubernetes.io/node-selector: pool=shop
}
