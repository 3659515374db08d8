package adapter_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestHTTPRewrite(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	patterntest.Helper(t, "http-rewrite-prefix", pod, adapter.HTTPRewrite(8080, adapter.HTTPRewriteOptions{
		Rules: []adapter.HTTPRule{{Prefix: "/v2/", To: "/cgi-bin/api/"}}}))
	patterntest.Helper(t, "http-rewrite-options", pod, adapter.HTTPRewrite(8080, adapter.HTTPRewriteOptions{
		Rules: []adapter.HTTPRule{
			{Prefix: "/v2/price$", To: "/prices in $"},
			{Regex: `^/v2/orders/([0-9]+)/(\w+)$`, To: "/order.php/$2/$1", Method: "POST"},
			{Prefix: "/soap", Method: "POST"},
		},
		RequestHeaders: map[string]string{"X-Legacy": "yes", "X-Trace": ""}, ResponseHeaders: map[string]string{"X-Powered-By": "", "Cache-Control": "no-store"},
		Replace:      []adapter.HTTPReplacement{{Old: "http://legacy.internal", New: "https://api.example.com"}, {Old: "\"$id\"\n", New: ""}},
		ReplaceTypes: []string{"application/json", "text/html"},
		Port:         9000, StatusPort: 9001, MaxBody: "0", TimeoutSeconds: 10, TrustedProxies: []string{"10.0.0.0/8"}, AccessLog: "json", IPv6: true,
	}))
}

func TestHTTPRewriteRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	rule := func(r adapter.HTTPRule) adapter.HTTPRewriteOptions {
		return adapter.HTTPRewriteOptions{Rules: []adapter.HTTPRule{r}}
	}
	replace := func(old, with string) adapter.HTTPRewriteOptions {
		return adapter.HTTPRewriteOptions{Replace: []adapter.HTTPReplacement{{Old: old, New: with}}}
	}
	tests := map[string]struct {
		opts adapter.HTTPRewriteOptions
		want string
	}{
		"no change":          {adapter.HTTPRewriteOptions{Port: 9000}, "say what changes"},
		"no paths":           {rule(adapter.HTTPRule{To: "/a"}), "Rules[0].Prefix: want a Prefix"},
		"two kinds of paths": {rule(adapter.HTTPRule{Prefix: "/a", Regex: "^/a", To: "/b"}), "and not both"},
		"relative":           {rule(adapter.HTTPRule{Prefix: "a", To: "/b"}), "want a path, such as /v2/"},
		"nothing":            {rule(adapter.HTTPRule{Prefix: "/a"}), "the rule changes nothing"},
		"to elsewhere":       {rule(adapter.HTTPRule{Prefix: "/a", To: "http://b/"}), "want a path, such as /api/"},
		"a query":            {rule(adapter.HTTPRule{Prefix: "/a", To: "/b?c=d"}), "without a query"},
		"two lines":          {rule(adapter.HTTPRule{Prefix: "/a\n", To: "/b"}), "in one line"},
		"two lines to":       {rule(adapter.HTTPRule{Prefix: "/a", To: "/b\n"}), "in one line"},
		"expression":         {rule(adapter.HTTPRule{Regex: "^/(a", To: "/b"}), "want a regular expression"},
		"look-ahead":         {rule(adapter.HTTPRule{Regex: "^/(?!a)", To: "/b"}), "want a regular expression"},
		"a name":             {rule(adapter.HTTPRule{Regex: "^/(?P<host>a)", To: "/$1"}), "want groups without names"},
		"a character":        {rule(adapter.HTTPRule{Regex: "^/[é]", To: "/b"}), "nginx compares bytes"},
		"a class":            {rule(adapter.HTTPRule{Regex: `^/\pL`, To: "/b"}), "nginx compares bytes"},
		"a code":             {rule(adapter.HTTPRule{Regex: `^/\x{1F600}`, To: "/b"}), "nginx compares bytes"},
		"long expression":    {rule(adapter.HTTPRule{Regex: strings.Repeat("a", 5000), To: "/b"}), "4000 bytes"},
		"no such group":      {rule(adapter.HTTPRule{Regex: "^/(a)", To: "/$2"}), "Regex has no group for $2"},
		"method":             {rule(adapter.HTTPRule{Prefix: "/a", Method: "post"}), "want a method"},
		"method of words":    {rule(adapter.HTTPRule{Prefix: "/a", Method: "GET; deny all"}), "want a method"},
		"no old text":        {replace("", "a"), "Replace[0].Old: want the text"},
		"no text":            {replace("a", "b\x00"), "Replace[0].New: want a text without control characters"},
		"type":               {adapter.HTTPRewriteOptions{Replace: []adapter.HTTPReplacement{{Old: "a"}}, ReplaceTypes: []string{"text/csv; charset=utf-8"}}, "want a media type"},
		"types of nothing":   {adapter.HTTPRewriteOptions{ReplaceTypes: []string{"text/csv"}}, "needs a Replace"},
		"compressed":         {adapter.HTTPRewriteOptions{Replace: []adapter.HTTPReplacement{{Old: "a"}}, RequestHeaders: map[string]string{"accept-encoding": "gzip"}}, "sets this header"},
		"header":             {adapter.HTTPRewriteOptions{RequestHeaders: map[string]string{"a:": "b"}}, "want the name of a header"},
		"body":               {adapter.HTTPRewriteOptions{MaxBody: "1m"}, "want a size"},
		"port":               {adapter.HTTPRewriteOptions{Port: 8080, RequestHeaders: map[string]string{"X-A": "b"}}, "port-clash-pod"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, adapter.HTTPRewrite(8080, tt.opts), tt.want) })
	}
}
