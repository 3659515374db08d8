package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
)

// samples gives the values of a page of metrics by name and labels, such as
// jobs{queue="mail"}; of a histogram the count.
func samples(t *testing.T, page string) map[string]float64 {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(page))
	require.NoError(t, err, page)
	values := make(map[string]float64)
	for name, family := range families {
		for _, m := range family.Metric {
			var labels []string
			for _, l := range m.Label {
				labels = append(labels, l.GetName()+`="`+l.GetValue()+`"`)
			}
			slices.Sort(labels)
			key := name
			if len(labels) > 0 {
				key += "{" + strings.Join(labels, ",") + "}"
			}
			switch family.GetType() {
			case dto.MetricType_COUNTER:
				values[key] = m.Counter.GetValue()
			case dto.MetricType_GAUGE:
				values[key] = m.Gauge.GetValue()
			case dto.MetricType_HISTOGRAM:
				values[key] = float64(m.Histogram.GetSampleCount())
			default:
				values[key] = m.Untyped.GetValue()
			}
		}
	}
	return values
}

// scrapes is a pod that asks another pod's metrics over the cluster's network, as a
// Prometheus does, until they are as they are to be.
func (s *space) scrapes(pod, url string, want map[string]float64) {
	s.Helper()
	address := s.ready(pod).Status.PodIP
	s.apply(client("prometheus"))
	s.ready("prometheus")
	s.until("the metrics of "+pod, waitLong, func() (bool, string) {
		page, err := s.exec("prometheus", "curl", "curl", "-fsS", "--max-time", "10", "http://"+address+url)
		if err != nil {
			return false, page
		}
		have := samples(s.T, page)
		for key, value := range want {
			if have[key] != value {
				return false, page
			}
		}
		return true, ""
	})
}

// What an app writes or sends in its own way is scraped over HTTP in Prometheus' format.
func TestAdaptersServeMetrics(t *testing.T) {
	shared := pattern.EmptyDir("shared").SizeLimit("8Mi")
	app := func(script string) pattern.AppContainer {
		return pattern.App("app", "busybox:1.36").RunAsUser(10001).Shell(script + `; trap 'exit 0' TERM; sleep 100000 & wait`)
	}
	for name, test := range map[string]struct {
		app     pattern.AppContainer
		adapter pattern.AdapterContainer
		url     string
		want    map[string]float64
	}{
		"MetricsFromFile": {
			app(`cd /shared; printf '# comment\nqueue_depth | 7\nworkers|3\nno number|x\n' >stats.new; mv stats.new stats`).Writes(shared, "/shared"),
			adapter.MetricsFromFile(shared, "stats"), ":9100/metrics.cgi",
			map[string]float64{"queue_depth": 7, "workers": 3, "metrics_file_up": 1, "metrics_file_skipped_lines": 1},
		},
		"Script": {
			app(`printf 'jobs|12\nerrors|1\n' >/shared/raw`).Writes(shared, "/shared"),
			adapter.Script("metrics", `mkdir -p /tmp/www; while :; do
  [ ! -e "$IN/raw" ] || awk -F'|' '{ print $1 "{source=\"app\"} " $2 }' "$IN/raw" >/tmp/www/metrics
  sleep 1; done & exec httpd -f -p "$PORT" -h /tmp/www`, adapter.ScriptOptions{From: shared, Port: 9200, MetricsPath: "/metrics"}), ":9200/metrics",
			map[string]float64{`jobs{source="app"}`: 12, `errors{source="app"}`: 1},
		},
		"StatsD": {
			app(`for i in 1 2 3 4 5; do printf 'app.mail.sent:2|c' | nc -u -w 1 "$STATSD_HOST" "$STATSD_PORT"; done; printf 'app.latency:250|ms\nqueue:9|g' | nc -u -w 1 "$STATSD_HOST" "$STATSD_PORT"`).Image("docker.io/edoburu/pgbouncer:v1.25.2-p0"),
			adapter.StatsD([]adapter.StatsDMapping{{Match: "app.*.sent", Name: "sent_total", Labels: map[string]string{"kind": "$1"}}}), ":9102/metrics",
			map[string]float64{`sent_total{kind="mail"}`: 10, "app_latency": 1, "queue": 9},
		},
		"MetricsFromLogs": {
			app(`: >/shared/app.log; sleep 2; for i in 1 2 3 4; do echo "GET /a 200 0.1s" >>/shared/app.log; done; echo "GET /b 500 2.0s" >>/shared/app.log`).Writes(shared, "/shared"),
			adapter.MetricsFromLogs(shared, []adapter.LogMetric{
				{Name: "requests_total", Regex: `^GET \S+ (?P<code>\d+) `, Labels: []string{"code"}},
				{Name: "request_seconds", Type: "histogram", Regex: ` (?P<seconds>[0-9.]+)s$`, Value: "seconds"},
			}), ":3903/metrics",
			map[string]float64{`requests_total{code="200"}`: 4, `requests_total{code="500"}`: 1, "request_seconds": 5},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, start := newSpace(t), time.Now()
			s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(2).WithApp(test.app).WithAdapter(test.adapter))
			s.scrapes("web", test.url, test.want)
			s.observed(start, "a scrape over the network parsed as Prometheus text and had the %d values that the app wrote", len(test.want))
		})
	}
}

// otlp is a pod gateway that takes OTLP over HTTP and keeps what it was sent, by signal.
func otlp() []pattern.Object {
	gateway := pattern.Pod("gateway").Label("app", "gateway").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("gateway", "busybox:1.36").Port("otlp", 4318).ReadinessProbe(pattern.TCPSocket("otlp").PeriodSeconds(1)).
			Shell(`mkdir -p /tmp/www/cgi-bin/v1; cd /tmp/www/cgi-bin/v1
for signal in traces metrics logs; do printf '#!/bin/sh\nf=$(mktemp /tmp/'$signal'.XXXXXX); cat >$f.gz; gunzip $f.gz -c >$f; printf "Content-Type: application/x-protobuf\\r\\n\\r\\n"\n' >$signal; chmod +x $signal; done
trap 'exit 0' TERM; httpd -f -p 4318 -h /tmp/www & wait`))
	return []pattern.Object{gateway, gateway.Service()}
}

// What the app says by OTLP or StatsD arrives at the server with the names of the pod.
func TestCollectorsSendOn(t *testing.T) {
	const span = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"checkout","kind":1,"startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}`
	for name, test := range map[string]struct {
		app         pattern.AppContainer
		helper      func(pattern.PodBuilder) pattern.PodBuilder
		signal, has string
	}{
		"OTelCollector": {
			pattern.App("app", curlImage).Command("sh", "-c", `curl -sS -f -H 'Content-Type: application/json' -d '`+span+`' "$OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces"; trap 'exit 0' TERM; sleep 100000 & wait`),
			func(p pattern.PodBuilder) pattern.PodBuilder {
				return p.WithSidecar(sidecar.OTelCollector("http://gateway:4318/cgi-bin"))
			}, "traces", "checkout",
		},
		"OTelTranslate": {
			pattern.App("app", "busybox:1.36").Shell(`for i in 1 2 3; do printf 'mail.sent:2|c' | nc -u -w 1 "$STATSD_HOST" "$STATSD_PORT"; done; trap 'exit 0' TERM; sleep 100000 & wait`).Image("docker.io/edoburu/pgbouncer:v1.25.2-p0"),
			func(p pattern.PodBuilder) pattern.PodBuilder {
				return p.WithAdapter(adapter.OTelTranslate("http://gateway:4318/cgi-bin", adapter.OTelTranslateOptions{StatsD: true}))
			}, "metrics", "mail.sent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, start := newSpace(t), time.Now()
			s.apply(otlp()...)
			s.ready("gateway")
			s.apply(test.helper(pattern.Pod("web").TerminationGracePeriodSeconds(4).WithApp(test.app)))
			s.ready("web")
			got := s.yields("gateway", "gateway", test.has, "sh", "-c", `cat /tmp/`+test.signal+`.??????`)
			for _, part := range []string{"k8s.pod.name", "web", "k8s.namespace.name", s.name} {
				require.Contains(t, got, part)
			}
			s.observed(start, "what the app sent arrived at the OTLP server, with the names of the pod and its namespace")
		})
	}
}
