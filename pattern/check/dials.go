package check

import "strings"

// dialStrength says how sure it is that a container connects to what it names.
type dialStrength uint8

const (
	noDial dialStrength = iota
	likelyDial
	sureDial
)

// ownWords are in the names of addresses that a program listens on, or is found at
// by others: LISTEN_ADDR, --advertise-client-urls, PUBLIC_URL, CORS_ORIGINS.
var ownWords = [...]string{
	"listen", "listener", "listeners", "bind", "serve", "self", "own", "initial", "peer", "client",
	"advertise", "advertised", "public", "external", "hostname", "domain", "base", "root", "site", "website", "frontend",
	"callback", "redirect", "origin", "origins", "cors", "allowed", "allow", "issuer",
	"nextauth", "react", "vite", "web", "admin", "debug", "pprof", "console", "example", "default",
}

// serverWords are in the names of addresses that a program connects to: UPSTREAM,
// --otlp-endpoint, REDIS_URL.
var serverWords = [...]string{
	"upstream", "upstreams", "backend", "target", "remote", "forward", "scrape", "reload", "webhook", "datasource", "source",
	"otel", "otlp", "collector", "statsd", "jaeger", "zipkin", "loki",
	"db", "database", "postgres", "postgresql", "pg", "mysql", "mysqld", "mariadb", "mongo", "mongodb", "redis", "memcached", "cache",
	"kafka", "rabbitmq", "amqp", "nats", "broker", "brokers", "zookeeper", "elasticsearch", "opensearch", "vault", "consul",
}

// strength tells a client from a server that is told where to listen, and from
// one that is told what others call it: both name localhost:N too.
func (d localDial) strength() dialStrength {
	scheme := strings.TrimPrefix(strings.ToLower(d.scheme), "jdbc:")
	if hasWord(d.name, ownWords[:]...) {
		return noDial
	}
	switch scheme {
	case "postgres", "postgresql", "mysql", "mariadb", "redis", "rediss", "mongodb", "amqp", "amqps", "nats", "memcached", "sqlserver", "cassandra", "ldap", "ldaps":
		return sureDial
	}
	if d.script && d.name == "" {
		if scheme != "" && hasDialTool(d.text) {
			return likelyDial
		}
		return noDial
	}
	switch {
	case hasWord(d.name, serverWords[:]...) && (scheme != "" || !hasWord(d.name, "metrics", "metric", "health", "status", "telemetry", "prometheus", "probe", "port")):
		return sureDial
	case hasWord(d.name, "app"):
	case scheme != "" && hasWord(d.name, "url", "uri", "endpoint", "server", "api", "host", "addr", "address", "service", "proxy"):
		return likelyDial
	case hasWord(d.name, "endpoint", "url", "uri", "dsn", "connect") && !hasWord(d.name, "metrics", "health", "http", "https", "grpc"):
		return likelyDial
	}
	return noDial
}

// initDials says whether a plain init container connects to what it names. It may
// as well write it into a file for the app, or have the variables of all
// containers: so a script must run a client, and variables count only where the
// container is there for a database.
func initDials(c site, d localDial) bool {
	switch {
	case hasWord(c.Name, "wait"):
		return true
	case d.script && d.name == "":
		return hasDialTool(d.text)
	case d.field == ".env":
		return d.strength() != noDial && (migrates(c.Name) || migrates(imageName(c.Image)))
	}
	return d.strength() != noDial
}

// migrates says whether the name of a container or an image is that of something
// that prepares a database.
func migrates(name string) bool {
	return hasWord(name, "migrate", "migrates", "migration", "migrations", "migrator", "flyway", "liquibase", "alembic", "goose", "atlas", "prisma", "seed", "seeder", "schema", "db", "database")
}

// hasDialTool says whether a script runs a program that connects to what it is
// given.
func hasDialTool(script string) bool {
	for _, tool := range [...]string{"curl", "wget", "nc ", "ncat ", "netcat", "/dev/tcp/", "pg_isready", "psql", "mysql", "redis-cli", "mongo", "grpcurl", "grpc_health_probe", "grpc-health-probe", "wait-for", "wait4", "dockerize", "telnet", "nslookup", "http ", "httpie"} {
		if strings.Contains(script, tool) {
			return true
		}
	}
	return false
}

// nextDial finds the next port on localhost that a client of a script is given
// apart from the host: nc localhost 5432, pg_isready -h localhost -p 5432 or
// /dev/tcp/localhost/5432.
func nextDial(script string, from int) (localMatch, bool) {
	for start := from; start < len(script); start++ {
		rest, found := script[start:], false
		switch script[start] {
		case 'l':
			rest, found = strings.CutPrefix(rest, "localhost")
		case '1':
			rest, found = strings.CutPrefix(rest, "127.0.0.1")
		}
		if !found {
			continue
		}
		end := len(script) - len(rest)
		for _, between := range [...]string{" -p ", " -P ", " --port ", " --port=", " -p", " -P", "/", " "} {
			if number := number(strings.TrimPrefix(rest, between)); strings.HasPrefix(rest, between) {
				if port, ok := portNumber(number); ok {
					return localMatch{start, end, port}, true
				}
			}
		}
	}
	return localMatch{}, false
}
