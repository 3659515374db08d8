package e2e_test

import (
	"regexp"
	"strings"

	"github.com/podpattern/podpattern/internal/catalogue"
	corev1 "k8s.io/api/core/v1"
)

// How a helper was run here, as the README's table says it.
const (
	byProgram     = "its program"
	byStandIn     = "a stand-in" // where the program can't be had
	withoutServer = "its program, with no server"
	onlyThePod    = "admitted" // the helper only changes the pod
	refused       = "refused"  // by Pod Security, as the catalogue says
)

// standsIn are the images that ./images.sh makes of ./standin, or of a script, without their
// tags.
func standsIn() []string {
	return []string{
		"cr.fluentbit.io/fluent/fluent-bit", "docker.io/timberio/vector", "docker.io/fluent/fluentd", "docker.elastic.co/beats/filebeat", "docker.io/grafana/alloy",
		"docker.io/envoyproxy/envoy", "quay.io/prometheuscommunity/json-exporter", "quay.io/oauth2-proxy/oauth2-proxy", "quay.io/kiwigrid/k8s-sidecar",
		"docker.io/hashicorp/vault", "ghcr.io/spiffe/spiffe-helper", "docker.io/hairyhenderson/gomplate", "docker.io/flyway/flyway", "docker.io/liquibase/liquibase",
		"registry.k8s.io/git-sync/git-sync", collectorStandIn,
	}
}

// collectorStandIn is for the receivers that the collector of ./images.sh doesn't have.
const collectorStandIn = "stand-in/otelcol"

// another gives the image of a use that can't be run by the one that it names; "" is that it can.
func another(u catalogue.Use) string {
	if u.Helper == "adapter.OTelTranslate" && u.Why != "StatsD" {
		return collectorStandIn + ":0.159.0"
	}
	return ""
}

func kindOf(c corev1.Container) string {
	for _, image := range standsIn() {
		if strings.HasPrefix(c.Image, image+":") {
			return byStandIn
		}
	}
	return byProgram
}

// without says what a helper prints while there is nothing of what it needs: its program, or
// what stands in for it, has started then, read its configuration, and gone as far as it can. The servers are those that
// the catalogue's pods name, in namespaces and on hosts that no cluster has; another test may
// have a PostgreSQL in the namespace prod.
func without(u catalogue.Use) *regexp.Regexp {
	text := map[string]string{
		"initc.WaitForTCP":                      `^(waiting for )?postgres\.prod\.svc:5432`,
		"initc.WaitForHTTP":                     `^waiting for https?://`,
		"initc.WaitForDNS":                      `^waiting for cassandra\.prod\.svc$`,
		"initc.Download":                        `Could not resolve host: models\.example\.com`,
		"initc.GolangMigrate":                   `dial tcp: lookup db\.`,
		"initc.GitClone":                        `(?i)could not resolve host`,
		"sidecar.GitSync":                       `(?i)could not resolve host|no such host`,
		"ambassador.CloudSQL/Workload Identity": `could not find default credentials`,
		"ambassador.TCP/an address":             `^Health check for server db/upstream failed`,
	}
	for _, key := range []string{u.Helper + "/" + u.Why, u.Helper} {
		if e, ok := text[key]; ok {
			return regexp.MustCompile(e)
		}
	}
	return nil
}
