package check

import "strings"

// backends are what the names of variables start with that tell where another
// program of the system is. Other names, such as HOST or BASE_URL, are each
// container's own.
var backends = [...]string{
	"AMQP_", "CASSANDRA_", "CLICKHOUSE_", "DATABASE_", "DB_", "ELASTICSEARCH_", "KAFKA_", "MARIADB_", "MEMCACHED_",
	"MONGODB_", "MONGO_", "MYSQL_", "NATS_", "OPENSEARCH_", "POSTGRES_", "RABBITMQ_", "REDIS_",
}

// places are what such names end in.
var places = [...]string{
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
			if e.Value == "" || !shared(e.Name) || !elsewhere(e.Value) {
				continue
			}
			o, before := seen.at(e.Name, k)
			if !before || o == k {
				continue
			}
			other := x.containers[o]
			j := defined(other.Env, e.Name)
			if theirs := other.Env[j].Value; theirs != "" && place(theirs) != place(e.Value) && elsewhere(theirs) {
				x.report(r, c, ".env"+at(i)+".value", invalid(e.Name, "has another value than in container "+other.Name, ""), x.party(other, ".env"+at(j)+".value"))
			}
		}
	}
}

func shared(name string) bool {
	if name == "TZ" {
		return true
	}
	for _, p := range backends {
		if !strings.HasPrefix(name, p) {
			continue
		}
		for _, s := range places {
			if strings.HasSuffix(name, s) {
				return true
			}
		}
	}
	return false
}

// elsewhere says whether a value is a literal that doesn't lead to the pod itself.
func elsewhere(value string) bool {
	for _, own := range [...]string{"localhost", "127.0.0.1", "[::1]", "0.0.0.0", "$(", "unix:"} {
		if strings.Contains(value, own) {
			return false
		}
	}
	return !strings.HasPrefix(value, "/")
}

// place is what a value says without the user, who may differ, and the parameters.
func place(value string) string {
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
