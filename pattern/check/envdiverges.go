package check

import "strings"

var envDivergesRules = []Rule{
	{ID: "env-diverges", Level: Warning,
		Title: "two containers have different values for one variable",
		Why:   "the two reach different places under one name, mostly because one was forgotten in a change; this looks at the addresses of databases, caches and queues, such as REDIS_HOST, and at TZ",
		Fix:   "give both the same value, best from one ConfigMap, or rename one of the variables",
		Bad:   `containers: [{name: web, env: [{name: REDIS_HOST, value: cache}]}, {name: worker, readinessProbe: null, env: [{name: REDIS_HOST, value: cache.old}]}]`,
		Good:  `containers: [{name: web, env: [{name: REDIS_HOST, value: cache}]}, {name: worker, readinessProbe: null, env: [{name: REDIS_HOST, value: cache}]}]`,
		pod:   envDiverges},
}

// backends are what the names of variables start with that tell where another
// program of the system is. Other names, such as HOST or BASE_URL, are each
// container's own.
var backends = [...]string{
	"AMQP_", "CASSANDRA_", "CLICKHOUSE_", "DATABASE_", "DB_", "ELASTICSEARCH_", "KAFKA_", "MARIADB_", "MEMCACHED_",
	"MONGODB_", "MONGO_", "MYSQL_", "NATS_", "OPENSEARCH_", "POSTGRES_", "RABBITMQ_", "REDIS_",
}

// addressEndings are what such names end in.
var addressEndings = [...]string{
	"_BOOTSTRAP_SERVERS", "_BROKERS", "_DATABASE", "_DSN", "_ENDPOINT", "_HOST", "_HOSTNAME", "_HOSTS", "_SERVERS", "_URI", "_URL",
}

// envDiverges compares literal values only, and leaves out what is meant to
// differ: a container that goes through a neighbour has localhost where the
// neighbour has the real address.
func envDiverges(x *index, r *Rule) {
	if len(x.containers) < 2 {
		return
	}
	var seen firsts[string]
	for k, c := range x.containers {
		for i := range c.Env {
			e := &c.Env[i]
			if e.Value == "" || !tellsPlace(e.Name) || !leadsElsewhere(e.Value) {
				continue
			}
			o, before := seen.at(e.Name, k)
			if !before || o == k {
				continue
			}
			other := x.containers[o]
			j := variableAt(other.Env, e.Name)
			if theirs := other.Env[j].Value; theirs != "" && withoutUser(theirs) != withoutUser(e.Value) && leadsElsewhere(theirs) {
				x.report(r, c, ".env"+at(i)+".value", invalid(e.Name, "has another value than in container "+other.Name, ""), x.party(other, ".env"+at(j)+".value"))
			}
		}
	}
}

// tellsPlace says whether a variable of this name tells all containers one thing.
func tellsPlace(name string) bool {
	if name == "TZ" {
		return true
	}
	for _, p := range backends {
		if !strings.HasPrefix(name, p) {
			continue
		}
		for _, s := range addressEndings {
			if strings.HasSuffix(name, s) {
				return true
			}
		}
	}
	return false
}

// leadsElsewhere says whether a value is a literal that doesn't lead to the pod itself.
func leadsElsewhere(value string) bool {
	for _, own := range [...]string{"localhost", "127.0.0.1", "[::1]", "0.0.0.0", "$(", "unix:"} {
		if strings.Contains(value, own) {
			return false
		}
	}
	return !strings.HasPrefix(value, "/")
}

// withoutUser is what a value says without the user, who may differ, and the parameters.
func withoutUser(value string) string {
	value, _, _ = strings.Cut(value, "?")
	if scheme, rest, is := strings.Cut(value, "://"); is {
		host := rest
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			host = rest[i+1:]
		}
		return scheme + "://" + strings.TrimSuffix(host, "/")
	}
	return value
}
