package conformance_test

import (
	"bufio"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// nastyForNginx is all that means something to nginx, and means nothing in a value.
const nastyForNginx = `$host ${host} "q" 'q' \ \n ; { } # // ` + "é☃"

// What the three write is a configuration that nginx takes, as a user other than
// root, without a warning either.
func TestNginxTakesTheConfiguration(t *testing.T) {
	proxies := map[string]sidecar.ReverseProxyOptions{
		"default": {},
		"all": {RequestHeaders: map[string]string{"X-A": nastyForNginx, "Host": "web", "X-B": ""}, ResponseHeaders: map[string]string{"X-A": nastyForNginx, "X-B": ""},
			Gzip: true, CacheSize: "32Mi", CacheSeconds: 10, RatePerSecond: 5, Burst: 1, MaxBody: "0", TimeoutSeconds: 5,
			TrustedProxies: []string{"10.0.0.0/8", "192.0.2.7", "10.0.0.0/8", "2001:db8::/32"}, Workers: 2, AccessLog: "json", IPv6: true},
		"no log": {AccessLog: "off"},
	}
	for name, o := range proxies {
		t.Run("ReverseProxy/"+name, func(t *testing.T) { requireNginxTakes(t, nginxFor(t, 8080, sidecar.ReverseProxy(8080, o), nil)) })
	}
	ca := pattern.ConfigMap("ca").Volume("ca")
	fronts := map[string]ambassador.TLSOptions{
		"default": {},
		"all": {RedirectPort: 8001, MinVersion: "1.3", HSTS: "max-age=31536000; includeSubDomains; preload", ClientCA: ca, ClientCertOptional: true, SubjectHeader: "X-Client",
			MaxBody: "8Gi", TrustedProxies: []string{"10.0.0.0/8"}, Workers: 2, AccessLog: "json", IPv6: true},
	}
	for name, o := range fronts {
		t.Run("TLS/"+name, func(t *testing.T) {
			requireNginxTakes(t, nginxFor(t, 8080, ambassador.TLS(8080, pattern.Secret("web-tls").Volume("web-tls"), o), newAuthority(t).files(t, "web.example.com")))
		})
	}
	rules := map[string]adapter.HTTPRewriteOptions{
		"all": {Rules: []adapter.HTTPRule{{Prefix: "/" + nastyForNginx, To: "/" + strings.ReplaceAll(nastyForNginx, "#", "")}, {Prefix: "/", To: "/"}, {Regex: `^/([a-z]{2,3})/"(\d+)" ;{}$`, To: "/$2/$1$x$10", Method: "POST"}, {Prefix: "/m", Method: "M-SEARCH"}},
			Replace: []adapter.HTTPReplacement{{Old: nastyForNginx, New: nastyForNginx}, {Old: "a\nb\tc\r", New: ""}}, ReplaceTypes: []string{"text/html", "text/csv", "text/csv"},
			TrustedProxies: []string{"10.0.0.0/8"}, AccessLog: "json", IPv6: true},
		"every type":  {Replace: []adapter.HTTPReplacement{{Old: "a", New: "b"}}, ReplaceTypes: []string{"*"}},
		"the longest": {RequestHeaders: map[string]string{"X-A": strings.Repeat("x", 4000)}},
	}
	for name, o := range rules {
		t.Run("HTTPRewrite/"+name, func(t *testing.T) { requireNginxTakes(t, nginxFor(t, 8080, adapter.HTTPRewrite(8080, o), nil)) })
	}
}

func requireNginxTakes(t *testing.T, h nginxHere) {
	t.Helper()
	out, err := h.check(t)
	require.NoError(t, err, out)
	require.Empty(t, complaints.FindAllString(out, -1))
}

// The check above can fail: on what is wrong, and on what nginx only warns of.
func TestNginxRefusesABrokenConfiguration(t *testing.T) {
	good := nginxFor(t, 8080, sidecar.ReverseProxy(8080, sidecar.ReverseProxyOptions{ResponseHeaders: map[string]string{"X-A": "a b"}, TrustedProxies: []string{"10.0.0.0/8"}}), nil)
	tests := map[string]struct{ old, new, want string }{
		"unknown word":     {"proxy_pass", "proxy_pas", "unknown directive"},
		"no semicolon":     {"server_tokens off;", "server_tokens off", "invalid number of arguments"},
		"a quote":          {`"a b"`, `"a "b"`, "unexpected"},
		"unknown variable": {"$remote_addr", "$remote_address", "unknown \"remote_address\" variable"},
		"unknown upstream": {"http://app", "http://nowhere.invalid", "host not found"},
		"a folder":         {"/tmp/proxy", "/nowhere/proxy", "nowhere"},
		"only a warning":   {"set_real_ip_from 10.0.0.0/8", "set_real_ip_from 10.1.0.0/8", "meaningless"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, good.config, tt.old)
			good.write(t, "etc/podpattern/nginx.conf", strings.Replace(good.config, tt.old, tt.new, 1))
			out, _ := good.check(t)
			require.Contains(t, strings.Join(complaints.FindAllString(out, -1), "\n"), tt.want)
		})
	}
}

// echoApp is an app that answers with what it got.
func echoApp(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Powered-By", "an old server")
	_, _ = fmt.Fprintf(w, "%s %s\nHost: %s\n", r.Method, r.RequestURI, r.Host)
	_ = r.Header.Write(w)
	_, _ = fmt.Fprintf(w, "\n%s", body)
}

// fronted is an app with a front before it.
type fronted struct {
	*runningNginx
	url, status string
}

// reverseProxy runs sidecar.ReverseProxy before an app.
func reverseProxy(t *testing.T, app http.HandlerFunc, o sidecar.ReverseProxyOptions) fronted {
	t.Helper()
	behind, front, status := appBehind(t, app)
	o.Port, o.StatusPort = port(t, front), port(t, status)
	return fronted{nginxFor(t, behind, sidecar.ReverseProxy(behind, o), nil).run(t, status), "http://" + front, status}
}

// appBehind serves an app, and gives its port and two free addresses.
func appBehind(t *testing.T, app http.HandlerFunc) (behind int, front, status string) {
	t.Helper()
	server := httptest.NewServer(app)
	t.Cleanup(server.CloseClientConnections)
	free := closedPorts(t, 2)
	return port(t, server.Listener.Addr().String()), free[0], free[1]
}

// onceClient has no connection but for the one request.
var onceClient = &http.Client{
	Timeout:       10 * time.Second,
	Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ask sends a request, with headers of name and value, and gives the answer and its body.
func ask(t *testing.T, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	return askBy(t, onceClient, method, url, body, headers...)
}

func askBy(t *testing.T, by *http.Client, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	answer, err := by.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer, string(text)
}

func TestReverseProxyHeaders(t *testing.T) {
	p := reverseProxy(t, echoApp, sidecar.ReverseProxyOptions{
		RequestHeaders:  map[string]string{"X-Nasty": nastyForNginx, "X-Removed": ""},
		ResponseHeaders: map[string]string{"X-Nasty": nastyForNginx, "x-powered-by": "", "X-Frame-Options": "DENY"},
	})
	answer, body := ask(t, "GET", p.url+"/a?b=c%20d", "", "Host", "web.example.com:81", "X-Removed", "x", "X-Nasty", "mine", "X-Forwarded-Proto", "https", "X-Forwarded-For", "192.0.2.7")
	require.Equal(t, nastyForNginx, answer.Header.Get("X-Nasty"))
	require.Equal(t, "DENY", answer.Header.Get("X-Frame-Options"))
	require.NotContains(t, answer.Header, "X-Powered-By")
	require.Equal(t, "nginx", answer.Header.Get("Server"), "without its version")
	require.Contains(t, body, "GET /a?b=c%20d\nHost: web.example.com:81\n")
	require.Contains(t, body, "X-Nasty: "+nastyForNginx+"\r\n")
	require.NotContains(t, body, "X-Removed")
	require.Contains(t, body, "X-Forwarded-For: 192.0.2.7, 127.0.0.1\r\n")
	require.Contains(t, body, "X-Forwarded-Proto: https\r\n")
	require.Contains(t, body, "X-Real-Ip: 127.0.0.1\r\n")

	answer, _ = ask(t, "POST", p.url, strings.Repeat("x", 1<<20+1))
	require.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
	require.Equal(t, "DENY", answer.Header.Get("X-Frame-Options"), "in nginx' own answers too")

	require.Equal(t, 200, get(p.status, "/stub_status"))
	neighbour := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext}}
	answer, _ = askBy(t, neighbour, "GET", "http://"+p.status+"/stub_status", "")
	require.Equal(t, http.StatusForbidden, answer.StatusCode, "for another address than localhost")
	require.Equal(t, 404, get(p.status, "/"))
}

// What the app could do by itself it can do behind nginx: answer with a long head, and
// a client of HTTP/1.0 that names no host.
func TestNginxPassesWhatItMay(t *testing.T) {
	p := reverseProxy(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", strings.Repeat("x", 12_000))
		_, _ = io.WriteString(w, r.Host)
	}, sidecar.ReverseProxyOptions{})
	answer, _ := ask(t, "GET", p.url, "")
	require.Equal(t, 200, answer.StatusCode)
	c, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	require.NoError(t, err)
	defer c.Close()
	_, err = io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
	require.NoError(t, err)
	text, err := io.ReadAll(c)
	require.NoError(t, err)
	require.Contains(t, string(text), " 200 OK\r\n")
	require.True(t, strings.HasSuffix(string(text), "\r\nlocalhost"))
}

// A line of the log is JSON, whatever the client says.
func TestNginxLogsJSON(t *testing.T) {
	p := reverseProxy(t, echoApp, sidecar.ReverseProxyOptions{AccessLog: "json"})
	ask(t, "GET", p.url+`/a"b`, "", "User-Agent", nastyForNginx, "Referer", "")
	var line struct {
		Method, URI string
		Status      int
		UserAgent   string `json:"user_agent"`
	}
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(filepath.Join(p.dir, "access.log"))
		return err == nil && json.Unmarshal(text, &line) == nil
	}, 5*time.Second, 20*time.Millisecond)
	require.Equal(t, `GET /a%22b 200`, fmt.Sprint(line.Method, " ", line.URI, " ", line.Status))
	require.Equal(t, nastyForNginx, line.UserAgent)
}

// Only who is named is believed; 127.0.0.1 is who asks here.
func TestReverseProxyTrusts(t *testing.T) {
	tests := map[string]struct {
		trusted             []string
		forwarded, realIP   string
		proto, forwardedFor string
	}{
		"the one who asks":  {[]string{"127.0.0.0/8", "10.0.0.0/8"}, "203.0.113.5, 192.0.2.7, 10.0.0.1", "192.0.2.7", "https", "203.0.113.5, 192.0.2.7, 10.0.0.1, 127.0.0.1"},
		"who names nobody":  {[]string{"127.0.0.1"}, "", "127.0.0.1", "https", "127.0.0.1"},
		"not who asks here": {[]string{"10.0.0.0/8"}, "192.0.2.7", "127.0.0.1", "http", "127.0.0.1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := reverseProxy(t, echoApp, sidecar.ReverseProxyOptions{TrustedProxies: tt.trusted})
			headers := []string{"X-Forwarded-Proto", "https"}
			if tt.forwarded != "" {
				headers = append(headers, "X-Forwarded-For", tt.forwarded)
			}
			_, body := ask(t, "GET", p.url, "", headers...)
			require.Contains(t, body, "X-Real-Ip: "+tt.realIP+"\r\n")
			require.Contains(t, body, "X-Forwarded-For: "+tt.forwardedFor+"\r\n")
			require.Contains(t, body, "X-Forwarded-Proto: "+tt.proto+"\r\n")
		})
	}
}

func TestReverseProxyCompresses(t *testing.T) {
	text := strings.Repeat(`{"a":1}`, 1000)
	p := reverseProxy(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", strings.ReplaceAll(r.URL.Path[1:], ".", "/"))
		_, _ = io.WriteString(w, text)
	}, sidecar.ReverseProxyOptions{Gzip: true})
	answer, body := ask(t, "GET", p.url+"/application.json", "", "Accept-Encoding", "gzip")
	require.Equal(t, "gzip", answer.Header.Get("Content-Encoding"))
	plain, err := gzip.NewReader(strings.NewReader(body))
	require.NoError(t, err)
	unpacked, err := io.ReadAll(plain)
	require.NoError(t, err)
	require.Equal(t, text, string(unpacked))
	answer, body = ask(t, "GET", p.url+"/image.png", "", "Accept-Encoding", "gzip")
	require.Empty(t, answer.Header.Get("Content-Encoding"))
	require.Equal(t, text, body)
}

func TestReverseProxyCaches(t *testing.T) {
	var asked atomic.Int64
	app := func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		switch r.URL.Path {
		case "/declared":
			w.Header().Set("Cache-Control", "max-age=60")
		case "/private":
			w.Header().Set("Cache-Control", "private")
		case "/login":
			w.Header().Set("Set-Cookie", "session=1")
		case "/broken":
			w.Header().Set("Cache-Control", "max-age=1, stale-if-error=60")
			if n > 1 {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 300_000)+strconv.FormatInt(n, 10))
	}
	const hit, miss = true, false
	tests := map[string]struct {
		path    string
		seconds int
		headers []string
		want    bool
	}{
		"declared":                {"/declared", 0, nil, hit},
		"not declared":            {"/", 0, nil, miss},
		"by default":              {"/", 60, nil, hit},
		"private":                 {"/private", 60, nil, miss},
		"sets a cookie":           {"/login", 60, nil, miss},
		"asked with a cookie":     {"/declared", 60, []string{"Cookie", "session=1"}, miss},
		"asked with a name":       {"/declared", 60, []string{"Authorization", "Basic eDp4"}, miss},
		"another host's":          {"/declared?host", 60, []string{"Host", "two.example.com"}, hit},
		"of a proxy of that name": {"/declared", 60, []string{"X-Forwarded-Proto", "https"}, hit},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			asked.Store(0)
			p := reverseProxy(t, app, sidecar.ReverseProxyOptions{CacheSize: "16Mi", CacheSeconds: tt.seconds})
			_, first := ask(t, "GET", p.url+tt.path, "", tt.headers...)
			answer, second := ask(t, "GET", p.url+tt.path, "", tt.headers...)
			require.Equal(t, tt.want, first == second)
			require.Equal(t, tt.want, answer.Header.Get("X-Cache-Status") == "HIT")
			kept, err := filepath.Glob(filepath.Join(p.dir, "cache/answers/*/*/*"))
			require.NoError(t, err)
			require.Equal(t, tt.want, len(kept) == 1)
			if !tt.want {
				return
			}
			answer, _ = ask(t, "HEAD", p.url+tt.path, "", tt.headers...)
			require.Equal(t, "HIT", answer.Header.Get("X-Cache-Status"))
			for _, other := range [][]string{{"Host", "other.example.com"}, {"Cookie", "session=1"}} {
				_, others := ask(t, "GET", p.url+tt.path, "", other...)
				require.NotEqual(t, first, others)
			}
		})
	}
	t.Run("cookies ignored", func(t *testing.T) {
		p := reverseProxy(t, app, sidecar.ReverseProxyOptions{CacheSize: "16Mi", CacheIgnoresCookies: true})
		_, first := ask(t, "GET", p.url+"/declared", "", "Cookie", "visitor=1")
		_, second := ask(t, "GET", p.url+"/declared", "", "Cookie", "visitor=2")
		require.Equal(t, first, second)
	})
	t.Run("old ones while the app fails", func(t *testing.T) {
		asked.Store(0)
		p := reverseProxy(t, app, sidecar.ReverseProxyOptions{CacheSize: "16Mi"})
		_, first := ask(t, "GET", p.url+"/broken", "")
		time.Sleep(2100 * time.Millisecond)
		answer, second := ask(t, "GET", p.url+"/broken", "")
		require.Equal(t, "STALE", answer.Header.Get("X-Cache-Status"))
		require.Equal(t, first, second)
	})
}

// Each client has its own count, by the address that a trusted proxy gives.
func TestReverseProxyLimits(t *testing.T) {
	p := reverseProxy(t, echoApp, sidecar.ReverseProxyOptions{RatePerSecond: 1, Burst: 2, TrustedProxies: []string{"127.0.0.1"}})
	statuses := func(client string) (s []int) {
		for range 4 {
			answer, _ := ask(t, "GET", p.url, "", "X-Forwarded-For", client)
			s = append(s, answer.StatusCode)
		}
		return s
	}
	require.Equal(t, []int{200, 200, 200, 429}, statuses("192.0.2.7"))
	require.Equal(t, []int{200, 200, 200, 429}, statuses("192.0.2.8"))
}

// A WebSocket is a connection that was upgraded, and then carries anything.
func TestReverseProxyUpgrades(t *testing.T) {
	for name, o := range map[string]sidecar.ReverseProxyOptions{"plain": {}, "with a cache": {CacheSize: "16Mi", CacheSeconds: 5}} {
		t.Run(name, func(t *testing.T) {
			p := reverseProxy(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Upgrade") != "websocket" || r.Header.Get("Connection") != "upgrade" {
					http.Error(w, "no upgrade", http.StatusBadRequest)
					return
				}
				c, rw, err := http.NewResponseController(w).Hijack()
				if err != nil {
					return
				}
				defer c.Close()
				_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
				line, _ := rw.ReadString('\n')
				_, _ = io.WriteString(c, "you said "+line)
			}, o)
			c, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
			require.NoError(t, err)
			defer c.Close()
			_, err = io.WriteString(c, "GET /chat HTTP/1.1\r\nHost: web\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
			require.NoError(t, err)
			in := bufio.NewReader(c)
			answer, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			require.Equal(t, http.StatusSwitchingProtocols, answer.StatusCode)
			_, err = io.WriteString(c, "hello\n")
			require.NoError(t, err)
			line, err := in.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "you said hello\n", line)
		})
	}
}

// What is under way when the pod stops comes to its end, and then nginx does.
func TestNginxFinishesItsRequests(t *testing.T) {
	began := make(chan struct{})
	p := reverseProxy(t, func(w http.ResponseWriter, r *http.Request) {
		close(began)
		time.Sleep(time.Second)
		_, _ = io.WriteString(w, "all of it")
	}, sidecar.ReverseProxyOptions{})
	body := make(chan string, 1)
	go func() {
		answer, err := onceClient.Get(p.url)
		if err != nil {
			body <- err.Error()
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		body <- string(text)
	}()
	<-began
	p.quit(t)
	require.Equal(t, "all of it", <-body)
	p.ended(t, 5*time.Second)
	require.Empty(t, complaints.FindAllString(p.said(t), -1))
}

// An app that is down is a 502, and nginx stays healthy; an app that comes back is found at once.
func TestNginxOutlivesItsApp(t *testing.T) {
	free := closedPorts(t, 3)
	behind := port(t, free[0])
	c := sidecar.ReverseProxy(behind, sidecar.ReverseProxyOptions{Port: port(t, free[1]), StatusPort: port(t, free[2])})
	nginxFor(t, behind, c, nil).run(t, free[2])
	require.Equal(t, http.StatusBadGateway, get(free[1], "/"))
	require.Equal(t, 200, get(free[2], "/healthz"))
	app := &http.Server{Addr: free[0], Handler: http.HandlerFunc(echoApp)}
	t.Cleanup(func() { _ = app.Close() })
	go func() { _ = app.ListenAndServe() }()
	require.Eventually(t, func() bool { return get(free[1], "/") == 200 }, 5*time.Second, 20*time.Millisecond)
}

// An app that streams is heard as it speaks: behind TLS always, behind a proxy that
// may keep answers when it asks for it.
func TestNginxStreams(t *testing.T) {
	next := make(chan struct{})
	app := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("X-Accel-Buffering", r.URL.Query().Get("buffering"))
		for i := range 2 {
			_, _ = fmt.Fprintf(w, "data: %d\n\n", i)
			_ = http.NewResponseController(w).Flush()
			<-next
		}
	}
	hears := func(t *testing.T, by *http.Client, url string) {
		answer, err := by.Get(url)
		require.NoError(t, err)
		defer answer.Body.Close()
		in := bufio.NewReader(answer.Body)
		for i := range 2 {
			line, err := in.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf("data: %d\n", i), line)
			_, err = in.ReadString('\n')
			require.NoError(t, err)
			next <- struct{}{}
		}
	}
	t.Run("TLS", func(t *testing.T) {
		ours := newAuthority(t)
		behind, front, status := appBehind(t, app)
		c := ambassador.TLS(behind, pattern.Secret("web-tls").Volume("web-tls"), ambassador.TLSOptions{Port: port(t, front), StatusPort: port(t, status)})
		nginxFor(t, behind, c, ours.files(t, "web.example.com")).run(t, status)
		hears(t, ours.client(true, tls.VersionTLS12), "https://"+front)
	})
	t.Run("ReverseProxy", func(t *testing.T) {
		hears(t, onceClient, reverseProxy(t, app, sidecar.ReverseProxyOptions{Gzip: true, CacheSize: "16Mi", CacheSeconds: 5}).url+"/?buffering=no")
	})
}
