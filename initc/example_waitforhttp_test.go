package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The app starts when the gateway asks for a login: it is up, and lets nobody in.
// Such a question needs curl, a plain one doesn't.
func ExampleWaitForHTTP() {
	plain := initc.WaitForHTTP("http://search.prod.svc:9200/_cluster/health")
	login := initc.WaitForHTTP("https://gateway.prod.svc/", initc.WaitForHTTPOptions{Status: 401})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(plain, login).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range pod.Spec.InitContainers {
		fmt.Println(c.Name, c.Image, c.Command[4:])
	}
	// Output:
	// wait-for-search-9200 docker.io/library/busybox:1.38.0 [http://search.prod.svc:9200/_cluster/health 2xx 120 8]
	// wait-for-gateway-443 docker.io/curlimages/curl:8.21.0 [https://gateway.prod.svc/ 401 120 8]
}
