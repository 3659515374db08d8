package conformance_test

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	bootstrapv3 "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	streamv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/access_loggers/stream/v3"
	hcmv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discoveryv3 "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/anypb"

	// The extensions that the configurations may have.
	_ "github.com/envoyproxy/go-control-plane/envoy/config/trace/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/grpc_json_transcoder/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/local_ratelimit/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/request_id/uuid/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/resource_monitors/downstream_connections/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/retry/host/previous_hosts/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
)

// What the helpers that run envoy write is what Envoy's typed API takes: every field
// is known and none is deprecated, every value keeps to its field's constraints, in
// the extensions too, and whatever one part names, another part is.
func TestEnvoyTakesTheConfiguration(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Port("http", 8080).Port("grpc", 50051))
	ca, certificate := pattern.ConfigMap("ca").Volume("ca"), pattern.Secret("tls").Volume("certificate")
	tests := map[string]pattern.PodBuilder{
		"HTTP":               pod.WithAmbassador(ambassador.HTTP("api", "http://api.prod.svc:8080")),
		"HTTP with TLS":      pod.WithAmbassador(ambassador.HTTP("api", "https://api.example.com")),
		"HTTP to an address": pod.WithAmbassador(ambassador.HTTP("api", "http://[2001:db8::1]")),
		"HTTP without retries": pod.WithAmbassador(ambassador.HTTP("api", "http://api.prod.svc", ambassador.HTTPOptions{
			Retries: ambassador.HTTPRetries{Off: true}, KeepHost: true})),
		"HTTP streams": pod.WithAmbassador(ambassador.HTTP("api", "http://api.prod.svc", ambassador.HTTPOptions{Streams: true, HTTP2: true})),
		"HTTP with everything": pod.WithAmbassador(ambassador.HTTP("api", "https://a.example.com:8443", ambassador.HTTPOptions{
			Upstreams: []ambassador.HTTPUpstream{{URL: "https://b.example.com:8443", Weight: 2}}, Weight: 3, HTTP2: true,
			TLS:     ambassador.HTTPTLS{CA: ca, ClientCertificate: certificate},
			Timeout: 1500 * time.Millisecond, Retries: ambassador.HTTPRetries{Times: 1, PerTry: 700 * time.Millisecond, AllMethods: true},
			MaxRequests: 10, RequestsPerSecond: 5, EjectAfter: 3, HealthPath: "/healthz", IPv6: true, IdleTimeout: time.Minute,
			Traces: ambassador.Traces{To: "otel.observability.svc:4317", Percent: 0.5}, AccessLog: true})),
		"Mesh": pod.WithAmbassador(ambassador.Mesh(8080)),
		"Mesh with everything": pod.WithAmbassador(ambassador.Mesh(8080, ambassador.MeshOptions{
			Certificate: certificate, ClientCA: ca, HTTP2: true, Timeout: 10 * time.Minute, IPv6: true, MaxRequests: 10, RequestsPerSecond: 5,
			Traces: ambassador.Traces{To: "10.0.0.7:4317"}})),
		"GRPCJSON": pod.WithAdapter(adapter.GRPCJSON(50051, ca, []string{"shop.v1.Orders"})),
		"GRPCJSON with everything": pod.WithAdapter(adapter.GRPCJSON(50051, ca, []string{"shop.v1.Orders", "Carts"}, adapter.GRPCJSONOptions{
			Descriptor: "shop.pb", EveryMethod: true, AnyQuery: true, ProtoNames: true, Timeout: time.Minute, MaxBody: "4Mi", IPv6: true})),
	}
	for name, p := range tests {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, envoy(envoyFiles(t, p)))
		})
	}
}

// The check above can fail.
func TestEnvoyRefusesABrokenConfiguration(t *testing.T) {
	ca := pattern.ConfigMap("ca").Volume("ca")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAmbassador(ambassador.HTTP("api", "https://api.example.com", ambassador.HTTPOptions{
		TLS: ambassador.HTTPTLS{CA: ca}, HTTP2: true, HealthPath: "/healthz", RequestsPerSecond: 1, Traces: ambassador.Traces{To: "otel:4317"}, AccessLog: true}))
	tests := map[string]struct{ file, old, new, want string }{
		"unknown field":             {"envoy.yaml", "connect_timeout: 2s", "conect_timeout: 2s", "unknown field"},
		"no unit":                   {"envoy.yaml", "connect_timeout: 2s", `connect_timeout: "2"`, "Duration"},
		"unknown extension":         {"envoy.yaml", "filters.http.router.v3.Router", "filters.http.router.v2.Router", "Router"},
		"unknown field inside":      {"envoy.yaml", "suppress_envoy_headers", "supress_envoy_headers", "unknown field"},
		"constraint":                {"envoy.yaml", "port_value: 9901", "port_value: 99010", "PortValue"},
		"constraint inside":         {"envoy.yaml", "stat_prefix: rate_limit", `stat_prefix: ""`, "StatPrefix"},
		"deprecated":                {"envoy.yaml", "dns_lookup_family: V4_PREFERRED", "dns_lookup_family: V4_PREFERRED\n    respect_dns_ttl: true", "deprecated"},
		"unknown cluster":           {"envoy.yaml", "cluster: api", "cluster: apy", "no cluster apy"},
		"unknown cluster of traces": {"envoy.yaml", "envoy_grpc:\n                    cluster_name: otlp_collector", "envoy_grpc:\n                    cluster_name: otlp", "no cluster otlp"},
		"another assignment":        {"envoy.yaml", "cluster_name: api", "cluster_name: apy", "endpoints of apy"},
		"two of a name":             {"envoy.yaml", "name: envoy_admin", "name: api", "two clusters api"},
		"two on a port":             {"envoy.yaml", "port_value: 9902", "port_value: 8443", "two listeners on port 8443"},
		"admin for all":             {"envoy.yaml", "address: 127.0.0.1\n      port_value: 9901", "address: 0.0.0.0\n      port_value: 9901", "admin"},
		"tries too long":            {"envoy.yaml", "per_try_timeout: 5s", "per_try_timeout: 6s", "don't fit"},
		"too soon silent":           {"envoy.yaml", "stream_idle_timeout: 300s", "stream_idle_timeout: 10s", "after 10s of silence"},
		"health without h2":         {"envoy.yaml", "- h2", "- http/1.1", "doesn't ask for h2"},
		"no router at the end":      {"envoy.yaml", "name: envoy.filters.http.router", "name: envoy.filters.http.rooter", "router"},
		"nobody is verified":        {"envoy.yaml", "validation_context_sds_secret_config", "tls_certificate_provider_instance", "unknown field"},
		"unknown condition":         {"envoy.yaml", "refused-stream,reset,", "refused-stream,rest,", "nothing is retried on"},
		"unknown operator":          {"envoy.yaml", "%DURATION%", "%DURATIONS%", "duration_ms: %DURATIONS%"},
		"unknown file":              {"envoy.yaml", "path: /etc/envoy-tls/ca.yaml", "path: /etc/envoy-tls/cas.yaml", "no file"},
		"unknown secret":            {"ca.yaml", "name: ca", "name: caa", "has no ca"},
		"broken file":               {"ca.yaml", "trusted_ca", "trusted_cas", "unknown field"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := envoyFiles(t, pod)
			require.NoError(t, envoy(files))
			require.Contains(t, files[tt.file], tt.old)
			files[tt.file] = strings.ReplaceAll(files[tt.file], tt.old, tt.new)
			require.ErrorContains(t, envoy(files), tt.want)
		})
	}
}

// What Envoy knows of texts that its API takes as any: an unknown condition it
// ignores, and an unknown operator keeps it from starting. docs:
// configuration/http/http_filters/router_filter (x-envoy-retry-on, x-envoy-retry-grpc-on),
// configuration/advanced/substitution_formatter.
var (
	retryConditions = []string{"5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited",
		"retriable-4xx", "refused-stream", "retriable-status-codes", "retriable-headers", "http3-post-connect-failure",
		"cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"}
	operators = []string{"START_TIME", "REQ", "PATH", "PROTOCOL", "RESPONSE_CODE", "RESPONSE_CODE_DETAILS", "RESPONSE_FLAGS",
		"BYTES_RECEIVED", "BYTES_SENT", "DURATION", "UPSTREAM_REQUEST_ATTEMPT_COUNT", "UPSTREAM_HOST",
		"UPSTREAM_TRANSPORT_FAILURE_REASON", "DOWNSTREAM_REMOTE_ADDRESS"}
	operator = regexp.MustCompile(`^%([A-Z_]+)(?:\([A-Za-z?:_-]+\))?%$`)
)

// envoyFiles gives the files of a pod's envoy.
func envoyFiles(t *testing.T, pod pattern.PodBuilder) map[string]string {
	t.Helper()
	objects, err := pod.Objects()
	require.NoError(t, err)
	files := make(map[string]string)
	for _, o := range objects {
		if m, ok := o.(*corev1.ConfigMap); ok {
			for file, text := range m.Data {
				files[file] = text
			}
		}
	}
	require.Contains(t, files, "envoy.yaml")
	return files
}

// envoy says what is wrong with a configuration.
func envoy(files map[string]string) error {
	bootstrap, secrets := &bootstrapv3.Bootstrap{}, make(map[string][]string)
	if err := readProto(files["envoy.yaml"], bootstrap); err != nil {
		return err
	}
	for file, text := range files {
		if file == "envoy.yaml" {
			continue
		}
		answer := &discoveryv3.DiscoveryResponse{}
		if err := readProto(text, answer); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, r := range answer.Resources {
			s := &tlsv3.Secret{}
			if err := r.UnmarshalTo(s); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			secrets[file] = append(secrets[file], s.Name)
		}
	}
	n := names{secrets: secrets, bootstrap: bootstrap}
	return errors.Join(n.clusters(), n.listeners(), n.uses())
}

// readProto reads YAML as a message, and holds it and all that is in it to the
// constraints of their fields.
func readProto(text string, m proto.Message) error {
	json, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return err
	}
	if err := protojson.Unmarshal(json, m); err != nil {
		return err
	}
	var all []error
	each(m.ProtoReflect(), func(m protoreflect.Message) {
		if v, ok := m.Interface().(interface{ ValidateAll() error }); ok {
			all = append(all, v.ValidateAll())
		}
		m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
			if f.Options().(*descriptorpb.FieldOptions).GetDeprecated() {
				all = append(all, fmt.Errorf("%s is deprecated", f.FullName()))
			}
			if f.Kind() == protoreflect.EnumKind && !f.IsList() {
				if value := f.Enum().Values().ByNumber(v.Enum()); value != nil && value.Options().(*descriptorpb.EnumValueOptions).GetDeprecated() {
					all = append(all, fmt.Errorf("%s is deprecated", value.FullName()))
				}
			}
			return true
		})
	})
	return errors.Join(all...)
}

// each calls f for a message and all messages in it, those in an Any too.
func each(m protoreflect.Message, f func(protoreflect.Message)) {
	f(m)
	if a, ok := m.Interface().(*anypb.Any); ok {
		if inner, err := a.UnmarshalNew(); err == nil {
			each(inner.ProtoReflect(), f)
		}
		return
	}
	m.Range(func(d protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case d.IsMap() && d.MapValue().Message() != nil:
			v.Map().Range(func(_ protoreflect.MapKey, v protoreflect.Value) bool {
				each(v.Message(), f)
				return true
			})
		case d.IsList() && d.Message() != nil:
			for i := range v.List().Len() {
				each(v.List().Get(i).Message(), f)
			}
		case !d.IsMap() && !d.IsList() && d.Message() != nil:
			each(v.Message(), f)
		}
		return true
	})
}

// names checks that what a configuration names is there, which the API's own
// constraints say nothing of.
type names struct {
	bootstrap *bootstrapv3.Bootstrap
	secrets   map[string][]string // by file
}

func (n names) clusters() (err error) {
	var seen []string
	for _, c := range n.bootstrap.StaticResources.Clusters {
		if slices.Contains(seen, c.Name) {
			err = errors.Join(err, fmt.Errorf("two clusters %s", c.Name))
		}
		seen = append(seen, c.Name)
		if of := c.GetLoadAssignment().GetClusterName(); of != c.Name {
			err = errors.Join(err, fmt.Errorf("cluster %s has the endpoints of %s", c.Name, of))
		}
	}
	return err
}

func (n names) listeners() (err error) {
	admin := n.bootstrap.Admin.Address.GetSocketAddress()
	if admin.GetAddress() != "127.0.0.1" {
		err = errors.New("the admin interface is open to all")
	}
	ports := []uint32{admin.GetPortValue()}
	for _, l := range n.bootstrap.StaticResources.Listeners {
		port := l.Address.GetSocketAddress().GetPortValue()
		if slices.Contains(ports, port) {
			err = errors.Join(err, fmt.Errorf("two listeners on port %d", port))
		}
		ports = append(ports, port)
		err = errors.Join(err, endsInRouter(l))
	}
	return err
}

// endsInRouter checks that the HTTP filters of a listener end in the router.
func endsInRouter(l *listenerv3.Listener) (err error) {
	each(l.ProtoReflect(), func(m protoreflect.Message) {
		if h, ok := m.Interface().(*hcmv3.HttpConnectionManager); ok {
			if i := slices.IndexFunc(h.HttpFilters, func(f *hcmv3.HttpFilter) bool { return f.Name == "envoy.filters.http.router" }); i < 0 || i != len(h.HttpFilters)-1 {
				err = fmt.Errorf("listener %s: the router must be the last filter", l.Name)
			}
		}
	})
	return err
}

// uses checks what clusters, files and secrets are used.
func (n names) uses() (err error) {
	wrong := func(format string, args ...any) { err = errors.Join(err, fmt.Errorf(format, args...)) }
	cluster := func(name string) {
		if !slices.ContainsFunc(n.bootstrap.StaticResources.Clusters, func(c *clusterv3.Cluster) bool { return c.Name == name }) {
			wrong("there is no cluster %s", name)
		}
	}
	each(n.bootstrap.ProtoReflect(), func(m protoreflect.Message) {
		switch m := m.Interface().(type) {
		case *routev3.RouteAction:
			cluster(m.GetCluster())
			retry := m.RetryPolicy
			for _, on := range strings.Split(retry.GetRetryOn(), ",") {
				if retry != nil && !slices.Contains(retryConditions, on) {
					wrong("nothing is retried on %q", on)
				}
			}
			tries := time.Duration(retry.GetNumRetries().GetValue() + 1)
			if whole := m.Timeout.AsDuration(); whole > 0 && tries*retry.GetPerTryTimeout().AsDuration() > whole {
				wrong("%d tries don't fit into %s", tries, whole)
			}
		case *hcmv3.HttpConnectionManager:
			for _, h := range m.GetRouteConfig().GetVirtualHosts() {
				for _, r := range h.Routes {
					if idle := m.StreamIdleTimeout.AsDuration(); idle > 0 && r.GetRoute().GetTimeout().AsDuration() > idle {
						wrong("a request ends after %s of silence, before its timeout", idle)
					}
				}
			}
		case *clusterv3.Cluster:
			for _, h := range m.HealthChecks {
				if m.TransportSocket != nil && h.GetHttpHealthCheck().CodecClientType == typev3.CodecClientType_HTTP2 && !slices.Contains(h.TlsOptions.GetAlpnProtocols(), "h2") {
					wrong("the health check doesn't ask for h2")
				}
			}
		case *streamv3.StdoutAccessLog:
			for field, value := range m.GetLogFormat().GetJsonFormat().GetFields() {
				if o := operator.FindStringSubmatch(value.GetStringValue()); o == nil || !slices.Contains(operators, o[1]) {
					wrong("%s: %s is nothing that can be logged", field, value.GetStringValue())
				}
			}
		case *corev3.GrpcService_EnvoyGrpc:
			cluster(m.ClusterName)
		case *tlsv3.SdsSecretConfig:
			file := path.Base(m.SdsConfig.GetPathConfigSource().GetPath())
			if held, ok := n.secrets[file]; !ok {
				wrong("there is no file %s", file)
			} else if !slices.Contains(held, m.Name) {
				wrong("%s has no %s", file, m.Name)
			}
		case *tlsv3.DownstreamTlsContext:
			if len(m.CommonTlsContext.GetTlsCertificateSdsSecretConfigs()) == 0 {
				wrong("the listener has no certificate")
			}
			if m.CommonTlsContext.GetValidationContextSdsSecretConfig() != nil && !m.RequireClientCertificate.GetValue() {
				wrong("a client need not show a certificate")
			}
		case *tlsv3.UpstreamTlsContext:
			if c := m.CommonTlsContext; c.GetValidationContext() == nil && c.GetValidationContextSdsSecretConfig() == nil || !m.AutoSniSanValidation {
				wrong("the upstream is not verified")
			}
		}
	})
	return err
}
