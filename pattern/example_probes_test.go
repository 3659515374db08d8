package pattern_test

import "github.com/podpattern/podpattern/pattern"

func ExampleHTTPGet() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	showContainer(web.ReadinessProbe(pattern.HTTPGet("/ready", "http")), "readinessProbe")
	showContainer(web.ReadinessProbe(pattern.HTTPGet("/ready", 8080)), "readinessProbe")
	// Output:
	// readinessProbe:
	//   httpGet:
	//     path: /ready
	//     port: http
	// readinessProbe:
	//   httpGet:
	//     path: /ready
	//     port: 8080
}

func ExampleTCPSocket() {
	showContainer(pattern.App("db", "db:16").ReadinessProbe(pattern.TCPSocket(5432)))
	// Output:
	// readinessProbe:
	//   tcpSocket:
	//     port: 5432
}

func ExampleGRPC() {
	showContainer(pattern.App("shop", "shop:1").ReadinessProbe(pattern.GRPC(9000, "shop.Cart")))
	// Output:
	// readinessProbe:
	//   grpc:
	//     port: 9000
	//     service: shop.Cart
}

func ExampleExec() {
	showContainer(pattern.App("db", "postgres:18").ReadinessProbe(pattern.Exec("pg_isready", "-U", "postgres")))
	// Output:
	// readinessProbe:
	//   exec:
	//     command:
	//     - pg_isready
	//     - -U
	//     - postgres
}

func ExampleProbe_InitialDelaySeconds() {
	showContainer(pattern.App("db", "db:16").LivenessProbe(pattern.TCPSocket(5432).InitialDelaySeconds(30)))
	// Output:
	// livenessProbe:
	//   initialDelaySeconds: 30
	//   tcpSocket:
	//     port: 5432
}

func ExampleProbe_PeriodSeconds() {
	showContainer(pattern.App("db", "db:16").ReadinessProbe(pattern.TCPSocket(5432).PeriodSeconds(2)))
	// Output:
	// readinessProbe:
	//   periodSeconds: 2
	//   tcpSocket:
	//     port: 5432
}

func ExampleProbe_TimeoutSeconds() {
	showContainer(pattern.App("web", "web:1.4").ReadinessProbe(pattern.HTTPGet("/ready", 8080).TimeoutSeconds(3)))
	// Output:
	// readinessProbe:
	//   httpGet:
	//     path: /ready
	//     port: 8080
	//   timeoutSeconds: 3
}

// A program may take five minutes to start, 60 times 5 seconds, and is restarted
// within 15 seconds when it hangs later.
func ExampleProbe_FailureThreshold() {
	alive := pattern.HTTPGet("/alive", 8080).PeriodSeconds(5)
	showContainer(pattern.App("web", "web:1.4").
		StartupProbe(alive.FailureThreshold(60)).
		LivenessProbe(alive.FailureThreshold(3)))
	// Output:
	// livenessProbe:
	//   failureThreshold: 3
	//   httpGet:
	//     path: /alive
	//     port: 8080
	//   periodSeconds: 5
	// startupProbe:
	//   failureThreshold: 60
	//   httpGet:
	//     path: /alive
	//     port: 8080
	//   periodSeconds: 5
}

func ExampleProbe_SuccessThreshold() {
	showContainer(pattern.App("web", "web:1.4").ReadinessProbe(pattern.HTTPGet("/ready", 8080).SuccessThreshold(2)))
	// Output:
	// readinessProbe:
	//   httpGet:
	//     path: /ready
	//     port: 8080
	//   successThreshold: 2
}

func ExampleProbe_TerminationGracePeriodSeconds() {
	alive := pattern.HTTPGet("/alive", 8080).TerminationGracePeriodSeconds(5)
	showContainer(pattern.App("web", "web:1.4").LivenessProbe(alive))
	// Output:
	// livenessProbe:
	//   httpGet:
	//     path: /alive
	//     port: 8080
	//   terminationGracePeriodSeconds: 5
}

func ExampleProbe_HTTPS() {
	showContainer(pattern.App("web", "web:1.4").ReadinessProbe(pattern.HTTPGet("/ready", 8443).HTTPS()))
	// Output:
	// readinessProbe:
	//   httpGet:
	//     path: /ready
	//     port: 8443
	//     scheme: HTTPS
}

func ExampleProbe_Header() {
	showContainer(pattern.App("web", "web:1.4").
		ReadinessProbe(pattern.HTTPGet("/ready", 8080).Header("Host", "shop.example.com")))
	// Output:
	// readinessProbe:
	//   httpGet:
	//     httpHeaders:
	//     - name: Host
	//       value: shop.example.com
	//     path: /ready
	//     port: 8080
}

// A proxy without a startup probe would let the app start before it listens.
func ExampleContainer_StartupProbe() {
	proxy := pattern.Ambassador("proxy", "proxy:1").Port("http", 3128).
		StartupProbe(pattern.TCPSocket("http").PeriodSeconds(1).FailureThreshold(30))
	showContainer(proxy, "startupProbe")
	// Output:
	// startupProbe:
	//   failureThreshold: 30
	//   periodSeconds: 1
	//   tcpSocket:
	//     port: http
}

func ExampleContainer_ReadinessProbe() {
	showContainer(pattern.App("web", "web:1.4").ReadinessProbe(pattern.HTTPGet("/ready", 8080)))
	// Output:
	// readinessProbe:
	//   httpGet:
	//     path: /ready
	//     port: 8080
}

func ExampleContainer_LivenessProbe() {
	showContainer(pattern.App("web", "web:1.4").LivenessProbe(pattern.HTTPGet("/alive", 8080).PeriodSeconds(20)))
	// Output:
	// livenessProbe:
	//   httpGet:
	//     path: /alive
	//     port: 8080
	//   periodSeconds: 20
}

// Somebody's helper has probes that follow from its Health; one can go.
func ExampleContainer_NoLivenessProbe() {
	cache := pattern.Sidecar("cache", "memcached:1.6").Health(pattern.TCPSocket(11211))
	showContainer(cache.NoLivenessProbe(), "livenessProbe", "readinessProbe")
	// Output:
	// livenessProbe: null
	// readinessProbe:
	//   tcpSocket:
	//     port: 11211
}

func ExampleContainer_NoReadinessProbe() {
	cache := pattern.Sidecar("cache", "memcached:1.6").Health(pattern.TCPSocket(11211))
	showContainer(cache.NoReadinessProbe(), "livenessProbe", "readinessProbe")
	// Output:
	// livenessProbe:
	//   failureThreshold: 6
	//   tcpSocket:
	//     port: 11211
	// readinessProbe: null
}

// The app doesn't wait for the cache, though it is wired to it.
func ExampleContainer_NoStartupProbe() {
	cache := pattern.Sidecar("cache", "memcached:1.6").Port("cache", 11211).Endpoint("cache", "cache").
		Health(pattern.TCPSocket("cache"))
	showContainer(cache, "startupProbe")
	showContainer(cache.NoStartupProbe(), "startupProbe")
	// Output:
	// startupProbe:
	//   failureThreshold: 60
	//   periodSeconds: 1
	//   tcpSocket:
	//     port: cache
	// startupProbe: null
}

// The app is wired to the cache, so it waits for the cache by a startup probe.
func ExampleContainer_Health() {
	cache := pattern.Sidecar("cache", "memcached:1.6").Port("cache", 11211).Endpoint("cache", "cache").
		Health(pattern.TCPSocket("cache"))
	showContainer(cache, "startupProbe", "readinessProbe", "livenessProbe")
	// Output:
	// startupProbe:
	//   failureThreshold: 60
	//   periodSeconds: 1
	//   tcpSocket:
	//     port: cache
	// readinessProbe:
	//   tcpSocket:
	//     port: cache
	// livenessProbe:
	//   failureThreshold: 6
	//   tcpSocket:
	//     port: cache
}

// What helps the app without serving its clients must not take it out of service
// when it dies.
func ExampleContainer_WhenDown() {
	shipper := pattern.Sidecar("shipper", "shipper:2").Health(pattern.HTTPGet("/healthz", 2020))
	showContainer(shipper, "readinessProbe") // as with WhenDown(pattern.NotReady)
	showContainer(shipper.WhenDown(pattern.KeepServing), "readinessProbe")
	// Output:
	// readinessProbe:
	//   httpGet:
	//     path: /healthz
	//     port: 2020
	// readinessProbe: null
}

// A VPN that died leaves the app with dead connections: all start again.
func ExampleContainer_WhenDown_restartPod() {
	vpn := pattern.Sidecar("vpn", "vpn:1").WhenDown(pattern.RestartPod)
	pod := pattern.Pod("web").Target("1.36").WithApp(pattern.App("web", "web:1.4")).WithSidecar(vpn)
	showFields(pod, "spec.initContainers.0.restartPolicyRules")
	// Output:
	// restartPolicyRules:
	// - action: RestartAllContainers
	//   exitCodes:
	//     operator: NotIn
	//     values:
	//     - 0
}
