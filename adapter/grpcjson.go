package adapter

import (
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/podpattern/podpattern/internal/envoy"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/api/resource"
)

// GRPCJSONOptions changes what [GRPCJSON] does; the zero value is the default.
type GRPCJSONOptions struct {
	// Descriptor is the file in the volume. An init container that fills the volume is
	// added before this helper, or named in After. Default: descriptor.pb.
	Descriptor string
	// EveryMethod serves methods without an annotation of google.api.http too, as
	// POST /package.Service/Method.
	EveryMethod bool
	// AnyQuery ignores query parameters that the request has no field for. By default
	// they are answered with a 400.
	AnyQuery bool
	// ProtoNames calls the fields as the .proto file does, such as page_size. Default:
	// pageSize.
	ProtoNames bool
	// Port is what clients of the JSON dial. Default: 8080, or the next one that is
	// free in the pod; a port that is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 9902, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// MaxBody bounds a body of JSON, which is held in memory: a longer request gets a
	// 413, and for a longer answer the client a 500. Default: 1Mi.
	MaxBody string
	// Timeout is for the app's whole answer, a gRPC stream's too; then the client gets
	// a 504. Default: none.
	Timeout time.Duration
	// IdleTimeout ends a request, or gRPC stream, on which nothing is said. Default: 5
	// minutes, or the Timeout if that is longer.
	IdleTimeout time.Duration
	// NoAccessLog leaves out the line of JSON, on the standard output, for each
	// request.
	NoAccessLog bool
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// IPv6 listens on IPv6 too, which the nodes must have. Default: IPv4 only.
	IPv6 bool
}

// GRPCJSON lets clients that speak JSON over HTTP use the app's gRPC services, by
// envoy: the URLs are those of the google.api.http annotations. grpcPort is the port
// where the app serves gRPC without TLS; services are full names, such as
// shop.v1.Orders. The volume holds the services' description, which protoc writes:
//
//	protoc --include_imports --include_source_info --descriptor_set_out=descriptor.pb orders.proto
//
// It is no text: a ConfigMap has it in its binaryData (kubectl create configmap
// --from-file), or an init container writes it.
//
// It adds: a ConfigMap with envoy.yaml; port grpc, in the place of the app's in the
// pod's Service, for both: gRPC is passed on as it is, and where the app's port is
// called grpc too, the Service's keeps its number; port json-status with /ready and
// /stats/prometheus; port json-admin (9901), on 127.0.0.1 only, for kubectl port-forward. It
// runs as uid 65532 with two threads. A gRPC status is answered as its HTTP code with a
// google.rpc.Status, an unknown path with a 404. While the app doesn't listen clients
// get a 503. A service or file that isn't there keeps envoy from starting; a new
// description needs a restart. When the pod stops, envoy takes requests for 5 seconds,
// and as a native sidecar until the app has ended; a classic one then breaks what is
// open. The app sleeps those 5 seconds too.
//
// Defaults: image envoy, uid 65532, 50m CPU, 64Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: envoyproxy/envoy api/envoy/extensions/filters/http/grpc_json_transcoder/v3,
// docs/root/configuration/http/http_filters/grpc_json_transcoder_filter.rst.
func GRPCJSON(grpcPort int, descriptor pattern.Volume, services []string, opts ...GRPCJSONOptions) pattern.AdapterContainer {
	o, services := opt.Last(opts), slices.Clone(services)
	o.Descriptor = opt.Or(o.Descriptor, "descriptor.pb")
	const folder, serves, status, admin = "/etc/grpc", "grpc", "json-status", "json-admin"
	c, body := grpcJSONFlaws(pattern.Adapter("grpc-json", envoyImage).Reads(descriptor, folder), services, o)
	if grpcPort < 1 || grpcPort > 65535 {
		return c.Reject("grpcPort", grpcPort, "the port must be between 1 and 65535")
	}
	c = envoy.Run(opt.Port(c, serves, o.Port, 8080), status, admin, o.StatusPort).
		Fronts(serves, grpcPort).Dials("127.0.0.1", grpcPort).PreStop(pattern.Sleep(5))
	if o.Scrape {
		c = c.Scrape(status, "/stats/prometheus")
	}
	return c.Late(func(v pattern.View, c pattern.AdapterContainer) pattern.AdapterContainer {
		return c.Config(envoy.ConfigFile, envoy.Bootstrap{
			Name: v.Name(), Service: v.PodName(), Admin: v.Port(admin), Status: v.Port(status), IPv6: o.IPv6, MaxConnections: envoy.Connections(1024),
			Listeners: []envoy.Listener{{
				Name: "json", Port: v.Port(serves), Inbound: true, IPv6: o.IPv6, Log: !o.NoAccessLog,
				Idle:   envoy.Idle(o.IdleTimeout, o.Timeout),
				Routes: []envoy.Route{{Cluster: "app", Host: envoy.AsIs, Timeout: o.Timeout}},
				Filters: []any{envoy.Transcoder(envoy.Transcoding{
					Descriptor: folder + "/" + o.Descriptor, Services: services,
					EveryMethod: o.EveryMethod, AnyQuery: o.AnyQuery, ProtoNames: o.ProtoNames, MaxBody: body,
				})},
			}},
			Clusters: []envoy.Cluster{envoy.App("app", grpcPort, true, 1024)},
		}.YAML())
	})
}

// grpcJSONFlaws refuses what can't be meant, and reads how long a body may be.
func grpcJSONFlaws(c pattern.AdapterContainer, services []string, o GRPCJSONOptions) (pattern.AdapterContainer, int64) {
	if len(services) == 0 {
		c = c.Reject("services", services, "want full names, such as shop.v1.Orders")
	}
	for _, s := range services {
		if !fullName.MatchString(s) {
			c = c.Reject("services", s, "want a full name, such as shop.v1.Orders")
		}
	}
	if !filepath.IsLocal(o.Descriptor) || !isFile.MatchString(o.Descriptor) {
		c = c.Reject("Descriptor", o.Descriptor, "want a file of the volume, such as descriptor.pb")
	}
	for _, t := range []struct {
		field string
		value time.Duration
	}{{"Timeout", o.Timeout}, {"IdleTimeout", o.IdleTimeout}} {
		if t.value != 0 {
			c = envoy.Positive(c, t.field, t.value)
		}
	}
	body, err := resource.ParseQuantity(opt.Or(o.MaxBody, "1Mi"))
	if err != nil || body.Value() < 1 || body.Value() > math.MaxInt32 {
		c = c.Reject("MaxBody", o.MaxBody, "want a size, such as 4Mi")
	}
	return c, body.Value()
}

var (
	fullName = regexp.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$`)
	isFile   = regexp.MustCompile(`^[\w.-]+(/[\w.-]+)*$`)
)
