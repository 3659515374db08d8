package check

import "strings"

// hasWord says whether one of the words is a part of a name, which is written
// log-shipper, LOG_SHIPPER, log.shipper or logShipper. The words are in lower case.
func hasWord(name string, words ...string) bool {
	for word, rest := nextWord(name); word != ""; word, rest = nextWord(rest) {
		for _, w := range words {
			if len(w) == len(word) && strings.EqualFold(word, w) {
				return true
			}
		}
	}
	return false
}

// nextWord cuts the first word off a name; without any it is "".
func nextWord(name string) (word, rest string) {
	start := 0
	for start < len(name) && !isAlnum(name[start]) {
		start++
	}
	for end := start; end < len(name); end++ {
		if !isAlnum(name[end]) || end > start && isUpper(name[end]) && isLower(name[end-1]) {
			return name[start:end], name[end:]
		}
	}
	return name[start:], ""
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isAlnum(c byte) bool { return isUpper(c) || isLower(c) || digit(c) }

// repository gives the last part of an image's name, without its tag.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	image = image[strings.LastIndexByte(image, '/')+1:]
	image, _, _ = strings.Cut(image, ":")
	return image
}

// handlesLogs says whether an image is a well-known one that reads log files.
func handlesLogs(image string) bool {
	return hasWord(repository(image), "fluent", "fluentd", "fluentbit", "filebeat", "promtail", "alloy", "vector", "logstash", "rsyslog", "mtail")
}

// knownHelper says whether an image is a well-known one that serves the other
// containers of its pod, so that it belongs to them whatever the pod says.
func knownHelper(image string) bool {
	name := repository(image)
	return handlesLogs(image) || hasWord(name,
		"agent", "sidecar", "exporter", "reloader", "reload", "proxy", "proxyv2", "sync", "envoy", "haproxy", "ghostunnel", "stunnel", "pgbouncer", "twemproxy",
		"otel", "otelcol", "opentelemetry", "collector", "telegraf", "statsd", "vault", "linkerd", "istio", "daprd", "spiffe", "cloudflared", "tailscale")
}

// knownServer says whether an image is a well-known one that listens on a port of
// its own, declared or not.
func knownServer(image string) bool {
	return hasWord(repository(image), "nginx", "httpd", "apache", "caddy", "traefik", "tomcat", "redis", "valkey", "postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb", "rabbitmq", "memcached",
		"kafka", "zookeeper", "elasticsearch", "opensearch", "etcd", "consul", "nats", "minio", "prometheus", "grafana", "server", "api")
}

// knownEndless says whether an image is a well-known helper that runs until it is
// stopped, so that a Job it is a regular container of never completes.
func knownEndless(image string) bool {
	name := repository(image)
	return hasWord(name, "fluent", "fluentd", "fluentbit", "filebeat", "promtail", "envoy", "proxyv2", "haproxy", "pgbouncer", "otelcol", "statsd", "daprd", "ghostunnel", "twemproxy", "exporter") ||
		strings.Contains(name, "cloud-sql-proxy") || strings.Contains(name, "gce-proxy") || strings.Contains(name, "oauth2-proxy") || strings.Contains(name, "opentelemetry-collector")
}
