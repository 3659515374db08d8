package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// An address can stand in a NetworkPolicy; a name can't, and allows its port.
func ExampleContainer_Dials() {
	web := pattern.App("web", "web:1.4").Dials("10.0.0.5", 5432).Dials("mail.example.com", 587)
	showFields(pattern.Pod("web").WithApp(web).NetworkPolicy(), "spec.egress")
	// Output:
	// egress:
	// - ports:
	//   - port: 53
	//     protocol: UDP
	//   - port: 53
	//     protocol: TCP
	// - ports:
	//   - port: 587
	//     protocol: TCP
	// - ports:
	//   - port: 5432
	//     protocol: TCP
	//   to:
	//   - ipBlock:
	//       cidr: 10.0.0.5/32
}

func ExampleContainer_Endpoint() {
	cache := pattern.Sidecar("cache", "memcached:1.6").Port("cache", 11211).Endpoint("cache", "cache")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(cache)
	showFields(pod, "spec.containers.0.env")
	// Output:
	// env:
	// - name: CACHE_HOST
	//   value: 127.0.0.1
	// - name: CACHE_PORT
	//   value: "11211"
}

// Half a pair from each side would be an address that nobody meant.
func ExampleContainer_Endpoint_half() {
	web := pattern.App("web", "web:1.4").Env("CACHE_HOST", "cache.prod.svc")
	cache := pattern.Sidecar("cache", "memcached:1.6").Port("cache", 11211).Endpoint("cache", "cache")
	pod := pattern.Pod("web").WithApp(web).WithSidecar(cache)
	showFields(pod, "spec.containers.0.env")
	showFindings(pod.Findings())
	// Output:
	// env:
	// - name: CACHE_HOST
	//   value: cache.prod.svc
	// spec.initContainers[0]: "CACHE_HOST": container web sets one of CACHE_HOST and CACHE_PORT itself, so it gets neither from here (container cache, container web)
	//   Fix: set both there, or none [W endpoint-half]
}

func ExampleContainer_Socket() {
	run := pattern.EmptyDir("signer")
	signer := pattern.Sidecar("signer", "signer:1").Socket(run, "signer.sock")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(signer)
	showFields(pod, "spec.containers.0.env", "spec.containers.0.volumeMounts", "spec.initContainers.0.volumeMounts")
	// Output:
	// env:
	// - name: SIGNER_SOCKET
	//   value: /run/signer/signer.sock
	// volumeMounts:
	// - mountPath: /run/signer
	//   name: signer
	// volumeMounts:
	// - mountPath: /run/signer
	//   name: signer
}

func ExampleContainer_SharedMemory() {
	encoder := pattern.Sidecar("encoder", "encoder:1").SharedMemory("256Mi")
	pod := pattern.Pod("camera").WithApp(pattern.App("camera", "camera:1")).WithSidecar(encoder)
	showFields(pod, "spec.containers.0.volumeMounts", "spec.initContainers.0.volumeMounts", "spec.volumes")
	// Output:
	// volumeMounts:
	// - mountPath: /dev/shm
	//   name: shared-memory
	// volumeMounts:
	// - mountPath: /dev/shm
	//   name: shared-memory
	// volumes:
	// - emptyDir:
	//     medium: Memory
	//     sizeLimit: 256Mi
	//   name: shared-memory
}

func ExampleContainer_Scrape() {
	web := pattern.App("web", "web:1.4").Port("http", 8080).Scrape("http", "/metrics")
	showFields(pattern.Pod("web").WithApp(web), "metadata.annotations")
	// Output:
	// annotations:
	//   prometheus.io/path: /metrics
	//   prometheus.io/port: "8080"
	//   prometheus.io/scrape: "true"
}

// The annotations name one port: the first container wins.
func ExampleContainer_Scrape_twice() {
	web := pattern.App("web", "web:1.4").Port("http", 8080).Scrape("http", "/metrics")
	cache := pattern.Sidecar("cache", "cache:1").Port("status", 9150).Scrape("status", "/metrics")
	showFindings(pattern.Pod("web").WithApp(web).WithSidecar(cache).Findings())
	// Output:
	// spec.initContainers[0].ports: 9150: a pod has one prometheus.io/port, and container web has it (container cache, container web)
	//   Fix: scrape this one with a PodMonitor [W scrape-annotation-clash]
}

func ExamplePodBuilder_NetworkPolicy() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	db := pattern.Ambassador("db", "tunnel:1").Port("db", 5432).Endpoint("db", "db").Dials("10.0.0.5", 5432)
	showFields(pattern.Pod("web").WithApp(web).WithAmbassador(db).NetworkPolicy())
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: web
	// spec:
	//   egress:
	//   - ports:
	//     - port: 53
	//       protocol: UDP
	//     - port: 53
	//       protocol: TCP
	//   - ports:
	//     - port: 5432
	//       protocol: TCP
	//     to:
	//     - ipBlock:
	//         cidr: 10.0.0.5/32
	//   ingress:
	//   - ports:
	//     - port: 8080
	//       protocol: TCP
	//   podSelector:
	//     matchLabels:
	//       app: web
	//   policyTypes:
	//   - Ingress
	//   - Egress
}

// Only the pods of one label may come in.
func ExampleNetworkPolicyBuilder_Edit() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	front := metav1.LabelSelector{MatchLabels: map[string]string{"tier": "front"}}
	policy := pattern.Pod("web").WithApp(web).NetworkPolicy().Edit(func(o *networkingv1.NetworkPolicy) {
		o.Spec.Ingress[0].From = []networkingv1.NetworkPolicyPeer{{PodSelector: &front}}
	})
	showFields(policy, "spec.ingress")
	// Output:
	// ingress:
	// - from:
	//   - podSelector:
	//       matchLabels:
	//         tier: front
	//   ports:
	//   - port: 8080
	//     protocol: TCP
}

func ExamplePodBuilder_DNSPolicy() {
	pod := pattern.Pod("agent").WithApp(pattern.App("agent", "agent:1"))
	showFields(pod.HostNetwork().DNSPolicy(corev1.DNSClusterFirstWithHostNet), "spec.dnsPolicy", "spec.hostNetwork")
	// Output:
	// dnsPolicy: ClusterFirstWithHostNet
	// hostNetwork: true
}

// By default a name with fewer than five dots is first tried in each search
// domain of the cluster.
func ExamplePodBuilder_DNSConfig() {
	one := "1"
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		DNSConfig(corev1.PodDNSConfig{Options: []corev1.PodDNSConfigOption{{Name: "ndots", Value: &one}}})
	showFields(pod, "spec.dnsConfig")
	// Output:
	// dnsConfig:
	//   options:
	//   - name: ndots
	//     value: "1"
}

func ExamplePodBuilder_HostAlias() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.HostAlias("10.0.0.7", "db.example.com", "db"), "spec.hostAliases")
	// Output:
	// hostAliases:
	// - hostnames:
	//   - db.example.com
	//   - db
	//   ip: 10.0.0.7
}

// The pod is db-0.peers, as long as a headless Service is called peers.
func ExamplePodBuilder_Hostname() {
	pod := pattern.Pod("db").WithApp(pattern.App("db", "db:16")).Hostname("db-0", "peers")
	showFields(pod, "spec.hostname", "spec.subdomain")
	// Output:
	// hostname: db-0
	// subdomain: peers
}

func ExamplePodBuilder_HostNetwork() {
	pod := pattern.Pod("agent").WithApp(pattern.App("agent", "agent:1").Port("http", 9100))
	showFields(pod.HostNetwork(), "spec")
	// Output:
	// spec:
	//   containers:
	//   - image: agent:1
	//     name: agent
	//     ports:
	//     - containerPort: 9100
	//       name: http
	//   hostNetwork: true
}

// A namespace with many Services would give every program thousands of variables.
func ExamplePodBuilder_EnableServiceLinks() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.EnableServiceLinks(false), "spec.enableServiceLinks")
	// Output:
	// enableServiceLinks: false
}

// The proxy that a mesh injects isn't here, and its control plane must be reached.
func ExamplePodBuilder_Dials() {
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).Dials("istiod.istio-system.svc", 15012)
	showFields(web.NetworkPolicy(), "spec.egress.1")
	// Output:
	// "1":
	//   to:
	//   - namespaceSelector:
	//       matchLabels:
	//         kubernetes.io/metadata.name: istio-system
}
