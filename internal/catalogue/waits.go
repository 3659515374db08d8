package catalogue

import (
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

func waits() []Use {
	tcp := Verified{"busybox: run", "TestWaitForAnOpenPort"}
	http := Verified{"busybox, curl: run", "TestWaitForHTTP"}
	dns := Verified{"busybox: run", "TestWaitForDNS"}
	ca := pattern.ConfigMap("internal-ca").Volume("ca")
	return []Use{
		use("initc.WaitForTCP", "a name", tcp, initc.WaitForTCP("postgres.prod.svc:5432")),
		use("initc.WaitForHTTP", "a plain request", http, initc.WaitForHTTP("http://search.prod.svc:9200/_cluster/health")),
		use("initc.WaitForHTTP", "TLS with an own authority", http, initc.WaitForHTTP("https://auth.prod.svc/", initc.WaitForHTTPOptions{CA: ca})),
		use("initc.WaitForDNS", "a name", dns, initc.WaitForDNS("cassandra.prod.svc")),
	}
}
