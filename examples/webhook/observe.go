package main

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are how many requests there were, and how long they took, by outcome.
type metrics struct {
	registry *prometheus.Registry
	duration *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "podpattern_webhook_request_duration_seconds",
		Help:    "How long the answer to a request took, by what became of it.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
	}, []string{"outcome"})}
	m.registry.MustRegister(m.duration, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// options are those of the command line, and who is told of each request.
func options(s settings, m *metrics) []webhook.Option {
	out := []webhook.Option{
		webhook.ExceptNamespaces(exceptNamespaces()...),
		webhook.Percent(s.percent),
		webhook.Observe(func(e webhook.Event) {
			m.duration.WithLabelValues(e.Outcome.String()).Observe(e.Duration.Seconds())
			logEvent(s.log, e)
		}),
	}
	if s.admitUnfit {
		out = append(out, webhook.AdmitUnfit())
	}
	return out
}

func logEvent(log *slog.Logger, e webhook.Event) {
	level := slog.LevelInfo
	switch e.Outcome {
	case webhook.Unchanged, webhook.LeftOut:
		level = slog.LevelDebug
	case webhook.Denied, webhook.AdmittedUnfit:
		level = slog.LevelWarn
	case webhook.Failed:
		level = slog.LevelError
	}
	args := []any{"outcome", e.Outcome.String(), "namespace", e.Namespace, "kind", e.Kind, "name", e.Name, "uid", e.UID, "dryRun", e.DryRun, "duration", e.Duration.String()}
	if e.Reason != "" {
		args = append(args, "reason", e.Reason)
	}
	if len(e.Findings) > 0 {
		args = append(args, "findings", e.Findings)
	}
	log.Log(context.Background(), level, "request", args...)
}
