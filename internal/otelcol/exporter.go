package otelcol

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
)

// Exporter is a server that speaks OTLP.
type Exporter struct {
	Host string
	Port int

	url, kind     string
	tls, auth, ca bool
}

// ParseExporter reads the URL of a server: grpc:// or grpcs:// with 4317 by default,
// http:// with 4318, https:// with 443.
func ParseExporter(raw string) (Exporter, error) {
	u, port, err := endpoint.URL(raw, 1, "grpc", "grpcs", "http", "https")
	if err != nil {
		return Exporter{}, err
	}
	e := Exporter{Host: u.Hostname(), kind: "otlp_http", tls: strings.HasSuffix(u.Scheme, "s")}
	byDefault := 4318
	switch {
	case strings.HasPrefix(u.Scheme, "grpc"):
		e.kind, byDefault = "otlp_grpc", 4317
		if strings.Trim(u.Path, "/") != "" {
			return Exporter{}, fmt.Errorf("gRPC has no path: want %s://host:port", u.Scheme)
		}
	case ofSignal.MatchString(u.Path):
		return Exporter{}, errors.New("want the URL without the path of a signal, such as /v1/traces, which the collector adds")
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return Exporter{}, errors.New("want a URL without a query")
	}
	if u.Scheme == "https" {
		byDefault = 443
	}
	if u.Port() == "" {
		port = byDefault
	}
	e.Port = port
	address := net.JoinHostPort(e.Host, strconv.Itoa(port))
	e.url = address
	if e.kind == "otlp_http" {
		e.url = u.Scheme + "://" + address + strings.TrimSuffix(u.EscapedPath(), "/")
	}
	return e, nil
}

var ofSignal = regexp.MustCompile(`/v1/(traces|metrics|logs)/?$`)

// config lets an attempt that is under way at a stop, and the last one after it, end
// within the grace period.
func (e Exporter) config(grace int64) map[string]any {
	// By default a request is given up after five minutes. The queue makes the
	// batches, and not the batch processor, as the receivers then hear of a full one.
	out := map[string]any{
		"endpoint":         Text(e.url),
		"timeout":          fmt.Sprintf("%ds", min(max(grace/3, 1), 10)),
		"retry_on_failure": map[string]any{"max_elapsed_time": "1h"},
		"sending_queue":    map[string]any{"queue_size": 1000, "batch": map[string]any{}},
	}
	tls := make(map[string]any)
	if e.kind == "otlp_grpc" {
		tls["insecure"] = !e.tls
	}
	if e.ca {
		tls["ca_file"] = caFolder + "/ca.crt"
	}
	if len(tls) > 0 {
		out["tls"] = tls
	}
	if e.auth {
		out["headers"] = map[string]any{"authorization": "${env:OTLP_AUTHORIZATION}"}
	}
	return out
}
