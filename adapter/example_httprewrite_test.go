package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
)

// Clients speak the new API, and the app the old one.
func ExampleHTTPRewrite() {
	legacy := pattern.App("legacy", "legacy:2009").Port("http", 8080)
	pod := pattern.Pod("shop").WithApp(legacy).
		WithAdapter(adapter.HTTPRewrite(8080, adapter.HTTPRewriteOptions{
			Rules: []adapter.HTTPRule{
				{Regex: `^/v2/orders/([0-9]+)$`, To: "/order.php/show/$1"},
				{Prefix: "/v2/", To: "/cgi-bin/api/"},
			},
			ResponseHeaders: map[string]string{"X-Powered-By": ""},
		}))
	service, err := pod.Service().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range service.Spec.Ports {
		fmt.Println(p.Name, p.Port, "to", p.TargetPort.String())
	}
	// Output:
	// http 8080 to rewrite-http
}
