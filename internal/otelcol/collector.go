package otelcol

import (
	"strconv"

	"github.com/podpattern/podpattern/pattern"
)

// Server is where a collector sends to.
type Server struct {
	URL string
	// Authorization is a Secret whose key authorization is the header of that name.
	Authorization pattern.SecretBuilder
	// CA has the file ca.crt.
	CA pattern.Volume
}

const (
	configFile  = "/etc/podpattern/otelcol/config.yaml"
	caFolder    = "/etc/podpattern/otelcol-ca"
	healthPort  = "health"
	metricsPort = "metrics"
)

// Collector gives a container what a collector needs, whatever it receives: user,
// resources, health and metrics, the pod's names, and the configuration.
func Collector[R pattern.Role](c pattern.Container[R], to Server, config func(pattern.View) Config) pattern.Container[R] {
	e, err := ParseExporter(to.URL)
	if err != nil {
		c = c.Reject("to", to.URL, err.Error())
	} else {
		c = c.Dials(e.Host, e.Port)
	}
	if e.auth = to.Authorization != (pattern.SecretBuilder{}); e.auth {
		c = c.EnvSecret("OTLP_AUTHORIZATION", to.Authorization, "authorization")
	}
	if e.ca = to.CA != (pattern.Volume{}); e.ca {
		c = c.Reads(to.CA, caFolder)
		if err == nil && !e.tls {
			c = c.Reject("CA", "", "needs a server with TLS: grpcs:// or https://")
		}
	}
	return c.Args("--config="+configFile).
		Port(healthPort, 13133).Port(metricsPort, 8888).MovePorts(healthPort, metricsPort).
		Requests("50m", "128Mi").Limits("", "256Mi").
		Restricted().RunAsUser(10001).RunAsGroup(10001).ReadOnlyRootFilesystem(true).
		EnvField("POD_NAME", "metadata.name").
		EnvField("POD_NAMESPACE", "metadata.namespace").
		EnvField("NODE_NAME", "spec.nodeName").
		Health(pattern.HTTPGet("/", healthPort)).WhenDown(pattern.KeepServing).
		Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
			if limit := v.MemoryLimit(); limit > 0 {
				c = c.Env("GOMEMLIMIT", strconv.FormatInt(limit*8/10, 10))
			}
			return c.Config(configFile, config(v).yaml(v, e))
		})
}
