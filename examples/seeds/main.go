// Seeds prints 26 pods as people have them today, from tutorials, slides and
// demos, to show that what is written in Go comes out exactly: nothing is added
// and nothing is tidied up. So the helpers are classic ones where the original
// has them in spec.containers, and what only reads a volume says so with
// [pattern.Volume.ReadWrite] where the original mount is not read-only.
//
//	go run ./examples/seeds
//	go run ./examples/seeds -o tree
package main

import (
	"github.com/podpattern/podpattern/pattern"
)

func main() {
	pattern.Main(all()...)
}

// objects are what one seed prints.
type objects = []pattern.Object

// seed is a manifest under testdata, and the objects that come out as it.
type seed struct {
	name    string
	objects objects
}

// seeds gives all seeds in order.
func seeds() []seed {
	return []seed{
		{"01-localhost", objects{localhost()}},
		{"02-shared-volume", objects{sharedVolume()}},
		{"03-shared-env", objects{sharedEnv()}},
		{"04-sidecar-logging", objects{logging()}},
		{"05-sidecar-metrics", objects{metrics()}},
		{"06-ambassador-db-haproxy", objects{haproxy()}},
		{"07-ambassador-envoy", objects{envoy()}},
		{"08-adapter-log", objects{logAdapter()}},
		{"09-adapter-metrics", objects{metricsAdapter()}},
		{"10-init", objects{setup()}},
		{"11-init-sequence", objects{sequence()}},
		{"12-web-app-complete", objects{complete()}},
		{"13-cloud-sql-proxy", objects{cloudSQLProxy()}},
		{"14-git-sync", objects{gitSync()}},
		{"15-lifecycle", objects{lifecycle()}},
		{"16-resources", objects{resources()}},
		{"17-test-logger", objects{testLogger()}},
		{"18-istio-proxy", objects{istioProxy()}},
		{"19-monitoring-stack", objects{monitoringStack()}},
		{"20-native-sidecar-proxy", nativeProxy()},
		{"21-init-config-wait-db", objects{configAndWait()}},
		{"22-ambassador-tls", tlsProxy()},
		{"23-content-sidecar", objects{content()}},
		{"24-adapter-format", objects{formatAdapter()}},
		{"25-probes", objects{probes()}},
		{"26-sidecar-logging-demo", objects{loggingDemo()}},
	}
}

// all gives the objects of all seeds in order.
func all() []pattern.Object {
	var out []pattern.Object
	for _, s := range seeds() {
		out = append(out, s.objects...)
	}
	return out
}
