package catalogue

import (
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

func envoys() []Use {
	meshes := Verified{"Istio's and Linkerd's lists of annotations", "TestTheMeshesKnowWhatTheyAreAsked"}
	typed := Verified{"Envoy's typed API, and references", "TestEnvoyTakesTheConfiguration"}
	return []Use{
		use("ambassador.HTTP", "a URL", typed, ambassador.HTTP("api", "https://api.example.com")),
		use("ambassador.HTTP", "several servers, with a client certificate and traces", typed,
			ambassador.HTTP("shop", "https://a.example.com", ambassador.HTTPOptions{
				Upstreams: []ambassador.HTTPUpstream{{URL: "https://b.example.com"}},
				TLS:       ambassador.HTTPTLS{ClientCertificate: pattern.Secret("shop-client").Volume("shop-client")},
				Traces:    ambassador.Traces{To: "otel.observability.svc:4317"}})),
		use("ambassador.Mesh", "plain", typed, ambassador.Mesh(8080)),
		use("ambassador.Mesh", "TLS, with certificates of the clients", typed, ambassador.Mesh(8080, ambassador.MeshOptions{
			Certificate: pattern.Secret("web-tls").Volume("web-tls"), ClientCA: pattern.ConfigMap("clients").Volume("clients")})),
		injected("Istio", meshes, ambassador.Istio),
		injected("Linkerd", meshes, ambassador.Linkerd),
		use("adapter.GRPCJSON", "a ConfigMap's descriptor", typed,
			adapter.GRPCJSON(50051, pattern.ConfigMap("orders-descriptor").Volume("orders-descriptor"), []string{"shop.v1.Orders"}), serves("grpc", 50051)),
	}
}

// injected lists what changes the pod and adds no container.
func injected(why string, v Verified, mesh ambassador.Injector) Use {
	apply := func(o ambassador.InjectedOptions) func(pattern.PodBuilder) pattern.PodBuilder {
		return func(p pattern.PodBuilder) pattern.PodBuilder { return p.Apply(ambassador.Injected(mesh, o)) }
	}
	return Use{
		Helper: "ambassador.Injected", Why: why, Verified: v,
		add: apply(ambassador.InjectedOptions{}), addOld: apply(ambassador.InjectedOptions{Classic: true}),
	}
}
