// Migrate takes a pod that somebody wrote with all in one container, which shipped its
// own logs, spoke TLS and migrated its database at the start, and moves one job after
// the other into a helper. Each stage can be rolled out by itself.
package main

import (
	_ "embed"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

//go:embed monolith.yaml
var monolith []byte

func main() {
	all := stages()
	last := all[len(all)-1]
	pattern.Main(last.Deployment(2), last.Service())
}

// stages gives the pod as it was, and after each move.
func stages() []pattern.PodBuilder {
	var pod corev1.PodTemplateSpec
	if err := yaml.UnmarshalStrict(monolith, &pod); err != nil {
		panic(err) // the file is a part of the program
	}
	asItWas := pattern.From(&pod)

	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	shipped := asItWas.WithSidecar(
		sidecar.LogShipper(logs, sidecar.Loki("http://loki.logging.svc:3100")).AppWrites(logs, "/var/log/shop"))

	migrations := pattern.ConfigMap("shop-migrations").Volume("migrations")
	migrated := shipped.WithInit(
		initc.WaitForTCP("postgres.prod.svc:5432"),
		initc.GolangMigrate(migrations, pattern.Secret("shop-db"), "url"))

	encrypted := migrated.WithAmbassador(ambassador.TLS(8080, pattern.Secret("shop-tls").Volume("shop-tls")))

	return []pattern.PodBuilder{asItWas, shipped, migrated, encrypted}
}
