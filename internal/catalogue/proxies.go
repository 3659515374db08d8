package catalogue

import (
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

func proxies() []Use {
	haproxy := Verified{"haproxy: check and traffic", "TestHaproxyTakesTheConfiguration"}
	redis := Verified{"haproxy, redis-server: check and traffic", "TestRedisFindsThePrimary"}
	pgbouncer := Verified{"pgbouncer, postgres: check and traffic", "TestPgBouncerPools"}
	stunnel := Verified{"haproxy: check and traffic with stunnel", "TestMTLSReachesStunnel"}
	front := Verified{"haproxy: check and traffic with stunnel", "TestMTLSServerLetsStunnelIn"}
	cloudsql := Verified{"cloud-sql-proxy: started, probes", "TestCloudSQLProxyStarts"}
	return []Use{
		use("ambassador.TCP", "a name", haproxy, ambassador.TCP("db", "postgres.prod.svc:5432")),
		use("ambassador.TCP", "an address", haproxy, ambassador.TCP("db", "[2001:db8::1]:5432", ambassador.TCPOptions{GateOnUpstream: true})),
		use("ambassador.TCP", "several servers", haproxy, ambassador.TCP("db", "db-0.db.prod.svc:5432", ambassador.TCPOptions{
			Upstreams: []string{"db-1.db.prod.svc:5432"}, Check: ambassador.PostgreSQLCheck("haproxy")})),
		use("ambassador.TCP", "TLS", haproxy, ambassador.TCP("mq", "rabbitmq.prod.svc:5671", ambassador.TCPOptions{TLS: ambassador.TCPTLS{CA: pattern.ConfigMap("mq-ca").Volume("mq-ca")}})),
		use("ambassador.Redis", "two servers", redis, ambassador.Redis("cache", "redis-0.redis.prod.svc:6379", ambassador.RedisOptions{
			Upstreams: []string{"redis-1.redis.prod.svc:6379"}, Password: pattern.Secret("redis")})),
		use("ambassador.PgBouncer", "transactions", pgbouncer, ambassador.PgBouncer("pool", "postgres.prod.svc:5432", pattern.Secret("db-users"))),
		use("ambassador.PgBouncer", "verify-full", pgbouncer, ambassador.PgBouncer("pool", "postgres.prod.svc:5432", pattern.Secret("db-users"), ambassador.PgBouncerOptions{
			PoolMode: ambassador.SessionPooling, CA: pattern.ConfigMap("db-ca").Volume("db-ca")})),
		use("ambassador.MTLS", "cert-manager's Secret", stunnel, ambassador.MTLS("billing", "billing.prod.svc:8443", pattern.Secret("web-tls").Volume("web-tls"))),
		use("ambassador.MTLS", "a CA of its own", stunnel, ambassador.MTLS("billing", "10.0.0.7:443", pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSOptions{
			CA: pattern.ConfigMap("partner-ca").Volume("partner-ca"), ServerName: "api.partner.example", ALPN: []string{"h2"}})),
		use("ambassador.MTLSServer", "a common name", front, ambassador.MTLSServer(8083, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{
			AllowCommonNames: []string{"shop"}}), serves("internal", 8083)),
		use("ambassador.MTLSServer", "a SPIFFE ID", front, ambassador.MTLSServer(8083, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{
			AllowURIs: []string{"spiffe://example.com/ns/prod/sa/shop"}, ClientCA: pattern.Secret("mesh-ca").Volume("mesh-ca")}), serves("internal", 8083)),
		use("ambassador.CloudSQL", "Workload Identity", cloudsql, ambassador.CloudSQL("orders", "shop:europe-west1:orders")),
		use("ambassador.CloudSQL", "two instances and a key", cloudsql, ambassador.CloudSQL("orders", "shop:europe-west1:orders", ambassador.CloudSQLOptions{
			Instances: []ambassador.CloudSQLInstance{{Name: "reports", Instance: "shop:europe-west1:reports", Database: ambassador.CloudSQLMySQL}},
			PrivateIP: true, IAMAuth: true, Credentials: pattern.Secret("google")})),
	}
}
