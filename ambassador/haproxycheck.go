package ambassador

import "strings"

// Check is how an ambassador asks a server whether it works; the zero value
// connects, and no more.
type Check struct {
	kind checkKind
	arg  string
	auth bool // Redis wants a password
}

type checkKind uint8

const (
	connects checkKind = iota
	postgreSQL
	mySQL
	redis
	httpGet
	redisPrimary
	redisReplica
)

// PostgreSQLCheck begins a session of PostgreSQL as user, without a password: a
// server that asks for one, or refuses the user, works.
func PostgreSQLCheck(user string) Check { return Check{kind: postgreSQL, arg: user} }

// MySQLCheck logs in to MySQL as user, which must be allowed to without a password.
func MySQLCheck(user string) Check { return Check{kind: mySQL, arg: user} }

// RedisCheck sends PING and wants PONG; a server that asks for a password first is
// down. [Redis] has the password, and finds the primary.
func RedisCheck() Check { return Check{kind: redis} }

// HTTPCheck gets a path over HTTP, and wants a status from 200 to 399.
func HTTPCheck(path string) Check { return Check{kind: httpGet, arg: path} }

// why says what is wrong with a check.
func (k Check) why() string {
	switch {
	case (k.kind == postgreSQL || k.kind == mySQL) && !isWord(k.arg):
		return "want the name of a user, such as haproxy"
	case k.kind == httpGet && (!strings.HasPrefix(k.arg, "/") || !isWord(k.arg)):
		return "want a path, such as /healthz"
	}
	return ""
}

// write adds what haproxy does on the connection; without a rule it only connects.
// The dialogue with Redis is in haproxyRedis.
func (k Check) write(t *haproxyText) {
	switch k.kind {
	case postgreSQL:
		t.line("option", "pgsql-check", "user", k.arg)
	case mySQL:
		t.line("option", "mysql-check", "user", k.arg)
	case redis:
		t.line("option", "redis-check")
	case httpGet:
		t.line("option", "httpchk")
		t.line("http-check", "send", "meth", "GET", "uri", k.arg)
		t.line("http-check", "expect", "status", "200-399")
	case redisPrimary:
		k.askRole(t, "role:master")
	case redisReplica:
		k.askRole(t, "master_link_status:up")
	}
}

// askRole talks to Redis, which must say that of itself in INFO replication. Only a
// replica says how its link to the primary is.
func (k Check) askRole(t *haproxyText, want string) {
	t.line("option", "tcp-check")
	t.line("tcp-check", "connect")
	switch password := raw("env(" + redisPassword + ")"); {
	case k.auth && k.arg != "":
		t.line("tcp-check", "send-lf", redisCommand("AUTH", k.arg, password))
		t.line("tcp-check", "expect", "string", "+OK")
	case k.auth:
		t.line("tcp-check", "send-lf", redisCommand("AUTH", password))
		t.line("tcp-check", "expect", "string", "+OK")
	}
	t.line("tcp-check", "send-lf", redisCommand("PING"))
	t.line("tcp-check", "expect", "string", "+PONG")
	// With QUIT the answer has an end, so that another role is seen without waiting.
	t.line("tcp-check", "send-lf", redisCommand("INFO", "replication"))
	t.line("tcp-check", "send-lf", redisCommand("QUIT"))
	t.line("tcp-check", "expect", "string", want)
}

// Balance is which of several servers a connection goes to. There is none by the
// address of the client: that is 127.0.0.1 in every pod.
type Balance uint8

const (
	// RandomServer draws two and takes the one with fewer connections: the pods of
	// a Deployment, whose ambassadors know nothing of each other, so don't all
	// begin with the first server.
	RandomServer Balance = iota
	// RoundRobin takes each in turn.
	RoundRobin
	// LeastConnections takes the one with the fewest connections of this pod.
	LeastConnections
	// FirstServer takes the first that is up, in the order they are listed.
	FirstServer
)

var balances = []string{"random", "roundrobin", "leastconn", "first"}

func (b Balance) String() string {
	if int(b) >= len(balances) {
		return "unknown"
	}
	return balances[b]
}
