package ambassador

import (
	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/envoy"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Traces is where an envoy sends its spans.
type Traces struct {
	// To is the host:port of a collector that takes OTLP over gRPC, without TLS, such
	// as otel-collector.observability.svc:4317. Default: nowhere.
	To string
	// Percent of the requests that come without a trace begin one. Default: 100.
	Percent float64
}

// traces reads where the spans go; nil is nowhere.
func traces(c pattern.AmbassadorContainer, t Traces) (pattern.AmbassadorContainer, *envoy.Trace) {
	switch {
	case t == Traces{}:
		return c, nil
	case t.To == "":
		return c.Reject("Traces.To", t.To, "want the host:port of a collector"), nil
	case !(t.Percent >= 0 && t.Percent <= 100):
		c = c.Reject("Traces.Percent", t.Percent, "want a number up to 100")
	}
	host, port, err := endpoint.HostPort(t.To)
	if err != nil {
		return c.Reject("Traces.To", t.To, err.Error()), nil
	}
	return c.Dials(host, port), &envoy.Trace{Host: host, Port: port, Percent: opt.Or(t.Percent, 100)}
}

// certificates mounts the volumes that are not zero, and says where they are.
func certificates(c pattern.AmbassadorContainer, ca, certificate pattern.Volume) pattern.AmbassadorContainer {
	const caFolder, certificateFolder = "/etc/envoy-ca", "/etc/envoy-certificate"
	none := pattern.Volume{}
	if ca != none {
		c = c.Reads(ca, caFolder).Config(envoy.CAFile, envoy.CA(caFolder))
	}
	if certificate != none {
		c = c.Reads(certificate, certificateFolder).Config(envoy.CertificateFile, envoy.Certificate(certificateFolder))
	}
	return c
}

// rateLimit gives the filter, if there is to be one.
func rateLimit(perSecond int) []any {
	if perSecond == 0 {
		return nil
	}
	return []any{envoy.RateLimit(perSecond)}
}
