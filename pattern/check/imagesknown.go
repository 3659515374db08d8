package check

import (
	"slices"
	"strings"
)

// programKind is what is known of a program by its name.
type programKind uint8

const (
	helper     programKind = 1 << iota // serves the other containers of its pod, whatever the pod says
	logHandler                         // reads log files
	exporter                           // turns what a program says of itself into metrics
	endless                            // runs until it is stopped
	server                             // listens on a port of its own, declared or not
)

type knownProgram struct {
	word string
	kind programKind
}

// knownPrograms are words in the names of images, sorted.
var knownPrograms = [...]knownProgram{
	{"agent", helper},
	{"alloy", logHandler | helper},
	{"apache", server},
	{"api", server},
	{"caddy", server},
	{"cloudflared", helper},
	{"collector", helper},
	{"consul", server},
	{"daprd", helper | endless},
	{"elasticsearch", server},
	{"envoy", helper | endless},
	{"etcd", server},
	{"exporter", exporter | helper | endless},
	{"filebeat", logHandler | helper | endless},
	{"fluent", logHandler | helper | endless},
	{"fluentbit", logHandler | helper | endless},
	{"fluentd", logHandler | helper | endless},
	{"ghostunnel", helper | endless},
	{"grafana", server},
	{"haproxy", helper | endless},
	{"httpd", server},
	{"istio", helper},
	{"kafka", server},
	{"linkerd", helper},
	{"logstash", logHandler | helper},
	{"mariadb", server},
	{"memcached", server},
	{"minio", server},
	{"mongo", server},
	{"mongodb", server},
	{"mtail", logHandler | helper},
	{"mysql", server},
	{"nats", server},
	{"nginx", server},
	{"opensearch", server},
	{"opentelemetry", helper},
	{"otel", helper},
	{"otelcol", helper | endless},
	{"pgbouncer", helper | endless},
	{"postgres", server},
	{"postgresql", server},
	{"prometheus", server},
	{"promtail", logHandler | helper | endless},
	{"proxy", helper},
	{"proxyv2", helper | endless},
	{"rabbitmq", server},
	{"redis", server},
	{"reload", helper},
	{"reloader", helper},
	{"rsyslog", logHandler | helper},
	{"server", server},
	{"sidecar", helper},
	{"spiffe", helper},
	{"statsd", helper | endless},
	{"stunnel", helper},
	{"sync", helper},
	{"tailscale", helper},
	{"telegraf", helper},
	{"tomcat", server},
	{"traefik", server},
	{"twemproxy", helper | endless},
	{"valkey", server},
	{"vault", helper},
	{"vector", helper}, // a vector of numbers may be meant
	{"zookeeper", server},
}

// endlessPrograms are those that several words tell.
var endlessPrograms = [...]string{"cloud-sql-proxy", "gce-proxy", "oauth2-proxy", "opentelemetry-collector"}

// knownVectors are the images of the Vector that handles logs.
var knownVectors = [...]string{"timberio/vector"}

// kindOf gives all that the words of a name tell.
func kindOf(name string) (kind programKind) {
	for word, rest := nextWord(name); word != ""; word, rest = nextWord(rest) {
		if i, known := slices.BinarySearchFunc(knownPrograms[:], word, func(p knownProgram, w string) int { return strings.Compare(p.word, w) }); known {
			kind |= knownPrograms[i].kind
		}
	}
	return kind
}

func kindOfImage(image string) programKind {
	kind := kindOf(imageName(image))
	if isImageOf(image, knownVectors[:]) {
		kind |= logHandler
	}
	return kind
}

func handlesLogs(image string) bool { return kindOfImage(image)&logHandler != 0 }
func knownHelper(image string) bool { return kindOfImage(image)&helper != 0 }
func knownServer(image string) bool { return kindOfImage(image)&server != 0 }

// shipsOnly says whether nobody waits for a program: it sends on what the apps
// wrote, or shows their numbers.
func shipsOnly(image string) bool { return kindOfImage(image)&(logHandler|exporter) != 0 }

// knownEndless says whether a Job with such a regular container never completes.
func knownEndless(image string) bool {
	name := imageName(image)
	return kindOfImage(image)&endless != 0 || slices.ContainsFunc(endlessPrograms[:], func(p string) bool { return strings.Contains(name, p) })
}
