package conformance_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/stretchr/testify/require"
)

func TestHTTPRewrite(t *testing.T) {
	app := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/moved"):
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b", Path: "/cgi bin/$api/x"})
			w.Header()["Location"] = []string{r.Header.Get("X-Location")}
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/text":
			w.Header().Set("Content-Type", r.Header.Get("X-Type"))
			_, _ = io.WriteString(w, "one $host and ONE \"two\"\nlines é ["+r.Header.Get("Accept-Encoding")+"]")
		default:
			echoApp(w, r)
		}
	}
	behind, front, status := appBehind(t, app)
	nginxFor(t, behind, adapter.HTTPRewrite(behind, adapter.HTTPRewriteOptions{
		Port: port(t, front), StatusPort: port(t, status),
		Rules: []adapter.HTTPRule{
			{Prefix: "/v2/special/", To: "/first/"},
			{Prefix: "/v2/", To: "/cgi bin/$api/"},
			{Regex: `^/orders/([0-9]+)/(.*)$`, To: "/order/$2/$1$x", Method: "POST"},
			{Prefix: "/a.b$", To: "/dollar"},
		},
		RequestHeaders: map[string]string{"X-Api-Key": "", "X-Legacy": "1"}, ResponseHeaders: map[string]string{"X-Powered-By": ""},
		Replace: []adapter.HTTPReplacement{{Old: "one $host", New: "$remote_addr & \\1"}, {Old: "\"two\"\nlines", New: "a\tb"}, {Old: "é", New: ""}},
	}), nil).run(t, status)
	url := "http://" + front

	paths := map[string]struct{ asked, want string }{
		"as it is":       {"GET /other/path?x=1", "GET /other/path?x=1"},
		"a prefix":       {"GET /v2/users?x=%20y", "GET /cgi%20bin/$api/users?x=%20y"},
		"the first rule": {"GET /v2/special/x", "GET /first/x"},
		"encoded":        {"GET /v2/a%20b%3Fc%25d%0D%0Ae", "GET /cgi%20bin/$api/a%20b%3Fc%25d%0D%0Ae"},
		"a variable":     {"GET /v2/$host", "GET /cgi%20bin/$api/$host"},
		"dots":           {"GET /v2/../v2/x", "GET /cgi%20bin/$api/x"},
		"groups":         {"PUT /orders/17/paid?x=1", "POST /order/paid/17$x?x=1"},
		"no number":      {"PUT /orders/x/paid", "PUT /orders/x/paid"},
		"as it is typed": {"GET /a.b$/c", "GET /dollar/c"},
		"no expression":  {"GET /aXb", "GET /aXb"},
	}
	for name, tt := range paths {
		t.Run(name, func(t *testing.T) {
			method, path, _ := strings.Cut(tt.asked, " ")
			answer, body := ask(t, method, url+path, "the body", "X-Api-Key", "k")
			require.Equal(t, tt.want, strings.SplitN(body, "\n", 2)[0])
			require.True(t, strings.HasSuffix(body, "the body"))
			require.Contains(t, body, "X-Legacy: 1")
			require.NotContains(t, body, "X-Api-Key")
			require.NotContains(t, answer.Header, "X-Powered-By")
		})
	}
	locations := map[string]string{
		"/cgi bin/$api/x":                      "/v2/x",
		"http://" + front + "/cgi bin/$api/x":  "http://" + front + "/v2/x",
		"https://" + front + "/cgi bin/$api/x": "https://" + front + "/v2/x",
		"https://example.com/cgi bin/$api/x":   "https://example.com/cgi bin/$api/x",
		"/elsewhere":                           "/elsewhere",
	}
	for from, to := range locations {
		t.Run("redirect to "+from, func(t *testing.T) {
			answer, _ := ask(t, "GET", url+"/v2/moved", "", "X-Location", from)
			require.Equal(t, to, strings.Replace(answer.Header.Get("Location"), "%20", " ", 1))
			require.Contains(t, answer.Header.Get("Set-Cookie"), "Path=/v2/x")
		})
	}
	bodies := map[string]string{
		"application/json": "$remote_addr & \\1 and ONE a\tb  []",
		"text/html":        "$remote_addr & \\1 and ONE a\tb  []",
		"image/png":        "one $host and ONE \"two\"\nlines é []",
	}
	for kind, want := range bodies {
		t.Run(kind, func(t *testing.T) {
			_, body := ask(t, "GET", url+"/text", "", "X-Type", kind, "Accept-Encoding", "gzip")
			require.Equal(t, want, body)
		})
	}
}
