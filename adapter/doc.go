// Package adapter has helpers that convert what the app says into what others
// understand. Each is a constructor that gives an ordinary
// [pattern.AdapterContainer], with a pinned image, a configuration that its program
// accepts, resources and a restricted security context; the chain after it changes
// what is different here.
//
// [LogsToJSON] converts log lines. [MetricsFromFile], [MetricsFromLogs], [StatsD] and
// [JSONMetrics] make metrics for Prometheus, [OTelTranslate] makes OTLP of older
// protocols. [GRPCJSON] and [HTTPRewrite] give the app another API, and [Script] is for
// what a few lines of shell can do.
package adapter
