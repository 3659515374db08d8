package pattern_test

import (
	"math"

	"github.com/podpattern/podpattern/pattern"
	rbacv1 "k8s.io/api/rbac/v1"
)

// absurdWiring are calls on a container that are about the rest of the pod.
func absurdWiring() []absurd {
	var noVolume pattern.Volume
	dir := pattern.EmptyDir("dir")
	return []absurd{
		bad("Container.For", "no-arguments", in(side("s").For())),
		bad("Container.For", "wiring-target", in(pattern.Sidecar("s", "s:1").For("nobody"))),
		bad("Container.For", "wiring-target", in(pattern.Sidecar("s", "s:1").For(""))),
		bad("Container.Before", "no-arguments", in(side("s").Before())),
		bad("Container.Before", "order-unknown", in(side("s").Before("nobody"))),
		bad("Container.Before", "order-unknown", in(side("s").Before(""))),
		bad("Container.Before", "order-cycle", in(side("s").Before("s"))),
		bad("Container.After", "no-arguments", in(side("s").After())),
		bad("Container.After", "order-unknown", in(web().After(noUTF8))),
		bad("Container.After", "order-cycle", in(side("s").After("s"))),
		bad("Container.Brings", "no-arguments", in(side("s").Brings())),
		bad("Container.Brings", "nil-argument", in(side("s").Brings(nil))),
		bad("Container.Brings", "nil-argument", in(side("s").Brings((*pattern.InitContainer)(nil)))),
		bad("Container.Brings", "zero-builder", in(side("s").Brings(pattern.InitContainer{}))),
		bad("Container.MovePorts", "port-unknown", in(side("s").MovePorts("nope"))),
		bad("Container.AppEnv", "env-name", in(side("s").AppEnv("", "v"))),
		bad("Container.AppEnv", "env-name", in(side("s").AppEnv("A=B", "v"))),
		bad("Container.AppEnvSecret", "env-name", in(side("s").AppEnvSecret("", pattern.Secret("s"), "k"))),
		bad("Container.AppEnvSecret", "zero-builder", in(side("s").AppEnvSecret("A", pattern.SecretBuilder{}, "k"))),
		bad("Container.AppEnvSecret", "env-source", in(side("s").AppEnvSecret("A", pattern.Secret("s"), ""))),
		bad("Container.AppEnvFrom", "nil-argument", in(side("s").AppEnvFrom(nil))),
		bad("Container.AppEnvFrom", "nil-argument", in(side("s").AppEnvFrom((*pattern.ConfigMapBuilder)(nil)))),
		bad("Container.AppEnvFrom", "zero-builder", in(side("s").AppEnvFrom(pattern.SecretBuilder{}))),
		bad("Container.AppReads", "zero-volume", in(side("s").AppReads(noVolume, "/d"))),
		bad("Container.AppReads", "mount-path-shape", in(side("s").AppReads(dir, "d"))),
		bad("Container.AppWrites", "mount-path-missing", in(side("s").AppWrites(dir, ""))),
		bad("Container.AppMount", "mount-path-shape", in(side("s").AppMount(dir, "/"))),
		bad("Container.PodLabel", "label-shape", in(side("s").PodLabel("", "v"))),
		bad("Container.PodLabel", "label-shape", in(side("s").PodLabel("k", long(64)))),
		bad("Container.PodAnnotation", "annotation-shape", in(side("s").PodAnnotation("a b", "v"))),
		bad("Container.FSGroup", "user-id", in(side("s").FSGroup(-1))),
		bad("Container.PullSecret", "reference-name", in(side("s").PullSecret(""))),
		bad("Container.PullSecret", "reference-name", in(side("s").PullSecret("{{ .Values.secret }}"))),
		bad("Container.HostAlias", "host-alias", in(side("s").HostAlias("localhost", "a"))),
		bad("Container.HostAlias", "no-arguments", in(side("s").HostAlias("10.0.0.1"))),
		bad("Container.HostAlias", "host-alias", in(side("s").HostAlias("10.0.0.1", "no host"))),
		bad("Container.Dials", "dials", in(side("s").Dials("", 80))),
		bad("Container.Dials", "dials", in(side("s").Dials("two\nlines", 80))),
		bad("Container.Dials", "port-number", in(side("s").Dials("db", 0))),
		bad("Container.Dials", "port-number", in(side("s").Dials("db", math.MinInt))),
		bad("Container.Published", "port-unknown", in(side("s").Published("nope"))),
		bad("Container.Published", "port-unknown", in(side("s").Published(""))),
		bad("Container.Fronts", "port-number", in(side("s").Fronts("http", 0))),
		bad("Container.Fronts", "port-number", in(side("s").Fronts("http", math.MaxInt))),
		bad("Container.Fronts", "fronts", in(side("s").Fronts("", 8080))),
		bad("Container.ConfigFrom", "zero-volume", in(side("s").ConfigFrom(noVolume, "a.conf"))),
		bad("Container.ConfigFrom", "config", in(side("s").ConfigFrom(dir, ""))),
		bad("Container.ConfigFrom", "config", in(side("s").ConfigFrom(dir, "/etc/a.conf"))),
		bad("Container.ConfigFrom", "config", in(side("s").ConfigFrom(dir, "../a.conf"))),
		bad("Container.ConfigFrom", "config-from", in(side("s").ConfigFrom(dir, "a.conf"))),
		bad("Container.Endpoint", "endpoint", in(side("s").Endpoint("", "http"))),
		bad("Container.Endpoint", "endpoint", in(pattern.Sidecar("s", "s:1").Endpoint("db", ""))),
		bad("Container.Endpoint", "endpoint", in(pattern.Sidecar("s", "s:1").Endpoint("db", "nope"))),
		bad("Container.Socket", "zero-volume", in(side("s").Socket(noVolume, "a.sock"))),
		bad("Container.Socket", "socket", in(side("s").Socket(dir, ""))),
		bad("Container.Socket", "socket", in(side("s").Socket(dir, "a/b"))),
		bad("Container.Socket", "socket", in(side("s").Socket(dir, ".."))),
		bad("Container.Socket", "socket", in(side("s").Socket(dir, long(107)))),
		bad("Container.SharedMemory", "quantity", in(side("s").SharedMemory(""))),
		bad("Container.SharedMemory", "quantity", in(web().SharedMemory("-1"))),
		bad("Container.Scrape", "scrape-path", in(side("s").Scrape("metrics", ""))),
		bad("Container.Scrape", "scrape-port-unserved", in(pattern.Sidecar("s", "s:1").Scrape("", "/metrics"))),
		bad("Container.WhenDown", "enum-value", in(side("s").WhenDown(200))),
		bad("Container.NeedsAPI", "api-rule", in(side("s").NeedsAPI(rbacv1.PolicyRule{}))),
	}
}
