package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestWaitForHTTP(t *testing.T) {
	ca := pattern.ConfigMap("internal-ca").Volume("ca")
	tests := map[string]pattern.InitContainer{
		"plain": initc.WaitForHTTP("http://search.prod.svc:9200/_cluster/health?wait_for_status=yellow"),
		"tls":   initc.WaitForHTTP("https://auth.prod.svc/realms/web", initc.WaitForHTTPOptions{TimeoutSeconds: 30, CA: ca}),
		"request": initc.WaitForHTTP("http://gateway.prod.svc/", initc.WaitForHTTPOptions{
			Status: 401, Headers: map[string]string{"Host": "web.example.com", "Accept": `a "b" $(c) 'd'`},
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "waitforhttp-"+name, hardened, c) })
	}
}

func TestWaitForHTTPRefuses(t *testing.T) {
	ca := pattern.ConfigMap("internal-ca").Volume("ca")
	tests := map[string]struct {
		url  string
		opts initc.WaitForHTTPOptions
		want string
	}{
		"empty":             {"", initc.WaitForHTTPOptions{}, "want http:// or https://host"},
		"an address":        {"search:9200", initc.WaitForHTTPOptions{}, "want http:// or https://host"},
		"another scheme":    {"tcp://search:9200", initc.WaitForHTTPOptions{}, "want http:// or https://host"},
		"port 0":            {"http://search:0/", initc.WaitForHTTPOptions{}, "between 1 and 65535"},
		"a password":        {"http://u:p@search/", initc.WaitForHTTPOptions{}, "use a Secret"},
		"timeout":           {"http://search/", initc.WaitForHTTPOptions{TimeoutSeconds: -1}, "TimeoutSeconds"},
		"interval":          {"http://search/", initc.WaitForHTTPOptions{MaxIntervalSeconds: -1}, "MaxIntervalSeconds"},
		"status":            {"http://search/", initc.WaitForHTTPOptions{Status: 20}, "from 100 to 599"},
		"header":            {"http://search/", initc.WaitForHTTPOptions{Headers: map[string]string{"Ho st": "x"}}, "name of a header"},
		"header's value":    {"http://search/", initc.WaitForHTTPOptions{Headers: map[string]string{"Host": "x\ny"}}, "one line"},
		"header of nothing": {"http://search/", initc.WaitForHTTPOptions{Headers: map[string]string{"Accept": ""}}, "Accept wants a value"},
		"CA without TLS":    {"http://search/", initc.WaitForHTTPOptions{CA: ca}, "want an https URL"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, hardened, initc.WaitForHTTP(tt.url, tt.opts), tt.want)
		})
	}
}
