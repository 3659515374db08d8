// Package sidecar has helpers that extend the app: containers that run beside it
// and that it doesn't know of. Each is a constructor that gives an ordinary
// [pattern.SidecarContainer], with a pinned image, a configuration that its
// program accepts, resources and a restricted security context; the chain after
// it changes what is different here:
//
//	sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100")).Limits("", "256Mi")
//
// # Logs
//
// [LogShipper] sends the log files of a volume to a server; [FluentBit], [Vector],
// [Fluentd], [Filebeat] and [Alloy] are the programs that can do it, with the same
// arguments and options. [LogTail] shows a file as the container's own log,
// [LogRotate] keeps files small.
//
// # Metrics and traces
//
// [NginxExporter], [RedisExporter], [PostgresExporter], [MySQLExporter] and
// [StatsDExporter] serve to Prometheus what a program of the pod says of itself; for a
// JVM see initc.JMXAgent. [OTelCollector] takes what the app sends by OTLP.
//
// # In front of the app
//
// [ReverseProxy] is an nginx with headers, a cache and a rate limit, [OAuth2Proxy] logs
// users in. See ambassador.TLS for certificates.
//
// # Files, configuration and secrets
//
// [GitSync], [ConfigSync] and [Content] fill a volume and keep it up to date,
// [ConfigReloader] tells a program that one has changed, [VaultAgent] and
// [SPIFFEHelper] fetch secrets and certificates and renew them.
package sidecar
