package sidecar_test

import (
	"regexp"
	"testing"

	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

var logs = pattern.EmptyDir("logs").SizeLimit("1Gi")

func app() pattern.AppContainer { return patterntest.App().Writes(logs, "/var/log/web") }

func writer() pattern.PodBuilder { return pattern.Pod("web").Hardened().WithApp(app()) }

func TestLogShipper(t *testing.T) {
	tests := map[string]struct {
		to   sidecar.Destination
		opts []sidecar.LogShipperOptions
	}{
		"loki":          {to: sidecar.Loki("http://loki")},
		"tenant":        {to: sidecar.Loki("https://loki.example.com").Tenant("shop").CA(pattern.ConfigMap("loki-ca").Volume("loki-ca"))},
		"elasticsearch": {to: sidecar.Elasticsearch("https://es.logging.svc:9243/shop").BasicAuth(pattern.Secret("es"))},
		"http":          {to: sidecar.HTTP("https://logs.example.com/ingest?team=web")},
		"stdout":        {to: sidecar.Stdout()},
		"options": {to: sidecar.Stdout(), opts: []sidecar.LogShipperOptions{{
			Files: "*/access.log", Port: 9000, Buffer: "1Gi", MaxRetries: 10, Tag: "access", Fields: []string{"spec.nodeName", "metadata.labels['app.kubernetes.io/name']"},
			Format: sidecar.RegexLines(`^(?P<time>[^|]+)\|(?P<level>\w+)\|(?s:(?P<msg>.*))$`).Time("time", "%F %T.%L").Multiline(`^\d{4}-`),
		}}},
		"sources": {to: sidecar.Loki("http://loki"), opts: []sidecar.LogShipperOptions{{
			Format: sidecar.JSONLines(), BufferVolume: pattern.PVC("buffer", "buffer").SubPath("web"),
			Sources: []sidecar.LogSource{
				{Files: "audit.txt", Tag: "audit", To: sidecar.Elasticsearch("https://es").BasicAuth(pattern.Secret("es")).CA(pattern.ConfigMap("es-ca").Volume("es-ca")), Format: sidecar.LogfmtLines().Time("ts", "%s")},
				{Files: "gc.txt", Tag: "gc"},
			},
		}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Helper(t, "logshipper-"+name, writer(), sidecar.LogShipper(logs, tt.to, tt.opts...))
		})
	}
}

func TestFluentBit(t *testing.T) {
	patterntest.Helper(t, "fluentbit-redact", writer(), sidecar.FluentBit(logs, sidecar.Stdout(), sidecar.LogShipperOptions{Redact: []string{`password=\S+`}}))
}

func TestLogShipperRefuses(t *testing.T) {
	type options = sidecar.LogShipperOptions
	stdout := sidecar.Stdout()
	source := func(s sidecar.LogSource) options { return options{Sources: []sidecar.LogSource{s}} }
	format := func(f sidecar.LineFormat) options { return options{Format: f} }
	tests := map[string]struct {
		to   sidecar.Destination
		opts options
		want string
	}{
		"no destination":       {sidecar.Destination{}, options{}, "make it with Loki, Elasticsearch, HTTP or Stdout"},
		"empty URL":            {sidecar.Loki(""), options{}, "where to?"},
		"no URL":               {sidecar.Loki("http://[::"), options{}, "is no URL"},
		"host without http":    {sidecar.Loki("loki:3100"), options{}, "want http:// or https://host"},
		"a password":           {sidecar.HTTP("https://me:secret@logs/"), options{}, "use BasicAuth"},
		"port 70000":           {sidecar.HTTP("https://logs:70000/"), options{}, "the port must be between 1 and 65535"},
		"no host":              {sidecar.HTTP("http://a$b/"), options{}, "want http:// or https://host"},
		"a variable":           {sidecar.HTTP("http://logs/?a=${HOME}"), options{}, "write %7B for {"},
		"a quote":              {sidecar.HTTP(`http://logs/?a="b"`), options{}, "write %7B for {"},
		"a bracket":            {sidecar.HTTP("http://logs/[a]"), options{}, "write %7B for {"},
		"a fragment":           {sidecar.HTTP("http://logs/#a"), options{}, "comes after #"},
		"index of two parts":   {sidecar.Elasticsearch("http://es/a/b"), options{}, "the path is the index"},
		"index, a query":       {sidecar.Elasticsearch("http://es/?x"), options{}, "the path is the index"},
		"index, a capital":     {sidecar.Elasticsearch("http://es/Shop"), options{}, "the path is the index"},
		"index, a percent":     {sidecar.Elasticsearch("http://es/a%25b"), options{}, "the path is the index"},
		"index, a dash first":  {sidecar.Elasticsearch("http://es/-a"), options{}, "the path is the index"},
		"password of stdout":   {stdout.BasicAuth(pattern.Secret("x")), options{}, "BasicAuth: is for a server"},
		"CA without TLS":       {sidecar.Loki("http://loki").CA(pattern.ConfigMap("x").Volume("x")), options{}, "CA: want a URL with https"},
		"CA, no volume":        {sidecar.Loki("https://loki").CA(pattern.Volume{}), options{}, "zero-volume"},
		"tenant of HTTP":       {sidecar.HTTP("http://logs").Tenant("a"), options{}, "Tenant: is for Loki"},
		"no tenant":            {sidecar.Loki("http://loki").Tenant(""), options{}, "Tenant: want the name of one"},
		"tenant, a newline":    {sidecar.Loki("http://loki").Tenant("a\nb"), options{}, "Tenant: want the name of one"},
		"files outside":        {stdout, options{Files: "../*.log"}, "below the volume"},
		"files, a list":        {stdout, options{Files: "a.log,b.log"}, "want a glob"},
		"files, a variable":    {stdout, options{Files: "${HOME}.log"}, "want a glob"},
		"tag":                  {stdout, options{Tag: "app.*"}, "want the name of a source"},
		"buffer":               {stdout, options{Buffer: "a lot"}, "want a size"},
		"negative port":        {stdout, options{Port: -1}, "must be between 1 and 65535"},
		"negative retries":     {stdout, options{MaxRetries: -1}, "how often a batch is sent again"},
		"redact, no regexp":    {stdout, options{Redact: []string{"("}}, "missing closing )"},
		"redact, lookahead":    {stdout, options{Redact: []string{"a(?=b)"}}, "want a regular expression in Go's syntax"},
		"redact everything":    {stdout, options{Redact: []string{"x*"}}, "*** would be everywhere"},
		"field":                {stdout, options{Fields: []string{"metadata.labels"}}, "want a field that the downward API has"},
		"field, a quote":       {stdout, options{Fields: []string{`metadata.labels['a"b']`}}, "want a field that the downward API has"},
		"field, an annotation": {stdout, options{Fields: []string{`metadata.annotations['a']`}}, "which an annotation may break: use a label, or Vector, Fluentd or Alloy"},
		"field, the line":      {stdout, options{Fields: []string{`metadata.labels['message']`}}, "has a field message already"},
		"field twice":          {stdout, options{Fields: []string{"metadata.uid", "metadata.labels['uid']"}}, "has a field uid already"},
		"field of the shipper": {stdout, options{Fields: []string{"metadata.labels['pod']"}}, "has a field pod already"},
		"no groups":            {stdout, format(sidecar.RegexLines(`^(.*)$`)), "want named groups"},
		"group twice":          {stdout, format(sidecar.RegexLines(`(?<a>x)|(?<a>y)`)), "two groups called a"},
		"format, no regexp":    {stdout, format(sidecar.RegexLines(`(?<a>`)), "want a regular expression in Go's syntax"},
		"group, a digit":       {stdout, format(sidecar.RegexLines(`(?<1>x)`)), "want names of fields"},
		"time of plain lines":  {stdout, format(sidecar.PlainLines().Time("time", "%s")), "plain lines have no fields"},
		"time, no group":       {stdout, format(sidecar.RegexLines(`(?<a>x)`).Time("time", "%s")), "the expression has no group time"},
		"time, layout of Go":   {stdout, format(sidecar.JSONLines().Time("time", "2006-01-02")), "want a layout as in strftime"},
		"time, directive":      {stdout, format(sidecar.JSONLines().Time("time", "%Y %Q")), "isn't known to all programs"},
		"time, no field":       {stdout, format(sidecar.JSONLines().Time("", "%s")), "want the name of a field"},
		"multiline, no regexp": {stdout, format(sidecar.PlainLines().Multiline(`[`)), "want a regular expression in Go's syntax"},
		"multiline, all":       {stdout, format(sidecar.PlainLines().Multiline(``)), "none would be joined"},
		"source, no tag":       {stdout, source(sidecar.LogSource{}), "Sources[0].Tag"},
		"source, same tag":     {stdout, source(sidecar.LogSource{Tag: "app"}), "another source has it"},
		"source, files":        {stdout, source(sidecar.LogSource{Tag: "b", Files: "/x"}), "Sources[0].Files"},
		"source, same files":   {stdout, source(sidecar.LogSource{Tag: "b"}), "the source app sends the same files"},
		"source, destination":  {stdout, source(sidecar.LogSource{Tag: "b", To: sidecar.Loki("loki")}), "want http:// or https://host"},
		"source, format":       {stdout, source(sidecar.LogSource{Tag: "b", Format: sidecar.RegexLines("x")}), "Sources[0].Format"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, writer(), sidecar.LogShipper(logs, tt.to, tt.opts), tt.want)
		})
	}
}

// A query goes with the path that the program sends to.
func TestDestinationKeepsItsQuery(t *testing.T) {
	for url, path := range map[string]string{
		"http://x:8080?a=b%20c": "/?a=b%20c", "http://x:8080/?a=b%20c": "/?a=b%20c", "http://x:8080/p/q/?a=b%20c": "/p/q/?a=b%20c", "http://x:8080": "/",
	} {
		require.Contains(t, configOf(t, sidecar.FluentBit(logs, sidecar.HTTP(url)), "fluent-bit.yaml"), "uri: "+path+"\n")
		require.Regexp(t, `endpoint '?http://x:8080`+regexp.QuoteMeta(path)+`'?\n`, configOf(t, sidecar.Fluentd(logs, sidecar.HTTP(url)), "fluent.conf"))
	}
	require.Contains(t, configOf(t, sidecar.Vector(logs, sidecar.HTTP("http://x/?a=b")), "vector.yaml"), "uri: http://x:80/?a=b\n")
	require.Contains(t, configOf(t, sidecar.Alloy(logs, sidecar.Loki("http://x/?a=b")), "config.alloy"), `url = "http://x:3100/loki/api/v1/push?a=b"`)
}

// What the caller does to slices after the call is not seen.
func TestLogShipperKeepsItsOptions(t *testing.T) {
	o := sidecar.LogShipperOptions{Redact: []string{"a+"}, Fields: []string{"metadata.uid"}, Sources: []sidecar.LogSource{{Tag: "b", Files: "b"}}}
	p := writer().WithSidecar(sidecar.LogShipper(logs, sidecar.Stdout(), o))
	before, err := p.YAML()
	require.NoError(t, err)
	o.Redact[0], o.Fields[0], o.Sources[0].Tag = "b+", "spec.nodeName", "c"
	after, err := p.YAML()
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}

// Two shippers share neither their position files nor their ports.
func TestTwoLogShippers(t *testing.T) {
	p := writer().WithSidecar(
		sidecar.LogShipper(logs, sidecar.Loki("http://loki")),
		sidecar.LogShipper(logs, sidecar.Stdout()).Name("log-copy"))
	patterntest.Golden(t, "logshipper-two", p)
	pod, err := p.Build()
	require.NoError(t, err)
	first, second := pod.Spec.InitContainers[0], pod.Spec.InitContainers[1]
	require.NotEqual(t, first.Ports[0].ContainerPort, second.Ports[0].ContainerPort)
	require.Equal(t, second.Ports[0].Name, second.LivenessProbe.HTTPGet.Port.StrVal, "the probe follows the port")
	require.NotEqual(t, first.VolumeMounts[1].Name, second.VolumeMounts[1].Name)
}
