package adapter_test

import (
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestOTelTranslate(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	tests := map[string]adapter.OTelTranslateOptions{
		"statsd":     {StatsD: true},
		"prometheus": {PrometheusPorts: []int{8080}},
		"all":        {StatsD: true, Zipkin: true, Jaeger: true, PrometheusPorts: []int{8080, 9000}, PrometheusPath: "/a$b", Authorization: pattern.Secret("otel")},
	}
	for name, opts := range tests {
		t.Run(name, func(t *testing.T) {
			pod := pod
			if len(opts.PrometheusPorts) > 1 {
				pod = pattern.Pod("web").Hardened().WithApp(patterntest.App().Port("admin", 9000))
			}
			patterntest.Helper(t, "oteltranslate-"+name, pod, adapter.OTelTranslate("grpc://otel-gateway.observability.svc:4317", opts))
		})
	}
}

func TestOTelTranslateRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	tests := map[string]struct {
		to   string
		opts adapter.OTelTranslateOptions
		want string
	}{
		"nothing to take": {"grpc://gateway", adapter.OTelTranslateOptions{}, "say what the app speaks"},
		"no server":       {"", adapter.OTelTranslateOptions{StatsD: true}, "want grpc://"},
		"port 0":          {"grpc://gateway", adapter.OTelTranslateOptions{PrometheusPorts: []int{0}}, "between 1 and 65535"},
		"a port twice":    {"grpc://gateway", adapter.OTelTranslateOptions{PrometheusPorts: []int{80, 80}}, "twice"},
		"a relative path": {"grpc://gateway", adapter.OTelTranslateOptions{StatsD: true, PrometheusPath: "metrics"}, "want a path"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, adapter.OTelTranslate(tt.to, tt.opts), tt.want) })
	}
}
