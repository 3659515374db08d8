package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

var ca = pattern.ConfigMap("ca").Volume("ca")

// exported is a pod whose app listens where an exporter asks.
func exported(port int) pattern.PodBuilder {
	return pattern.Pod("web").Hardened().WithApp(patterntest.App().Port("asked", port))
}

func TestExporters(t *testing.T) {
	login := pattern.Secret("exporter")
	for name, tt := range map[string]struct {
		port int
		c    pattern.SidecarContainer
	}{
		"nginxexporter-default": {8081, sidecar.NginxExporter("http://127.0.0.1:8081/stub_status")},
		"nginxexporter-options": {8443, sidecar.NginxExporter("https://localhost:8443/api", sidecar.NginxExporterOptions{
			Port: 9200, Scrape: true, TimeoutSeconds: 2, Plus: true, SkipTLSVerify: true})},
		"nginxexporter-verified": {8443, sidecar.NginxExporter("https://web.prod.svc/stub_status?a=$(b)", sidecar.NginxExporterOptions{CA: ca})},
		"redisexporter-default":  {6379, sidecar.RedisExporter("redis://127.0.0.1:6379")},
		"redisexporter-options": {6379, sidecar.RedisExporter("rediss://localhost", sidecar.RedisExporterOptions{
			Password: pattern.Secret("redis"), Username: "exporter", Port: 9200, Scrape: true,
			CheckKeys: []string{"db0=cart:*", "db1=$(HOME)"}, CountKeys: []string{"session:*"}, Cluster: true, SkipTLSVerify: true})},
		"redisexporter-verified":    {8443, sidecar.RedisExporter("rediss://redis.prod.svc", sidecar.RedisExporterOptions{CA: ca})},
		"postgresexporter-verified": {8443, sidecar.PostgresExporter("postgres.prod.svc:5432", login, sidecar.PostgresExporterOptions{CA: ca})},
		"mysqlexporter-verified":    {8443, sidecar.MySQLExporter("mysql.prod.svc:3306", login, sidecar.MySQLExporterOptions{CA: ca})},
		"postgresexporter-default":  {5432, sidecar.PostgresExporter("127.0.0.1:5432", login)},
		"postgresexporter-options": {8081, sidecar.PostgresExporter("postgres.prod.svc:5432", login, sidecar.PostgresExporterOptions{
			Database: "a b?c/d", SSLMode: "verify-full", Port: 9200, Scrape: true, TimeoutSeconds: 10,
			Collectors: []string{"stat_statements"}, NoCollectors: []string{"settings", "locks"}})},
		"mysqlexporter-default": {3306, sidecar.MySQLExporter("127.0.0.1:3306", login)},
		"mysqlexporter-options": {8081, sidecar.MySQLExporter("mysql.prod.svc:3306", login, sidecar.MySQLExporterOptions{
			TLSMode: "true", Port: 9200, Scrape: true, Collectors: []string{"info_schema.processlist"}, NoCollectors: []string{"slave_status"}})},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, name, exported(tt.port), tt.c) })
	}
}

func TestExportersRefuse(t *testing.T) {
	login := pattern.Secret("exporter")
	nginx := func(o sidecar.NginxExporterOptions) pattern.SidecarContainer {
		return sidecar.NginxExporter("http://127.0.0.1:8081/stub_status", o)
	}
	redis := func(o sidecar.RedisExporterOptions) pattern.SidecarContainer {
		return sidecar.RedisExporter("redis://127.0.0.1", o)
	}
	postgres := func(o sidecar.PostgresExporterOptions) pattern.SidecarContainer {
		return sidecar.PostgresExporter("127.0.0.1:5432", login, o)
	}
	mysql := func(o sidecar.MySQLExporterOptions) pattern.SidecarContainer {
		return sidecar.MySQLExporter("127.0.0.1:3306", login, o)
	}
	for name, tt := range map[string]struct {
		c    pattern.SidecarContainer
		want string
	}{
		"nginx: no URI":              {sidecar.NginxExporter(""), "want http:// or https://host, such as http://127.0.0.1:8080/stub_status"},
		"nginx: no scheme":           {sidecar.NginxExporter("127.0.0.1:8080/stub_status"), "is no URL"},
		"nginx: password":            {sidecar.NginxExporter("http://me:secret@web/stub_status"), "use a Secret"},
		"nginx: timeout":             {nginx(sidecar.NginxExporterOptions{TimeoutSeconds: -1}), "want a positive number of seconds"},
		"nginx: port":                {nginx(sidecar.NginxExporterOptions{Port: -1}), "must be between 1 and 65535"},
		"redis: no scheme":           {sidecar.RedisExporter("127.0.0.1:6379"), "such as redis://127.0.0.1:6379"},
		"redis: a database":          {sidecar.RedisExporter("redis://127.0.0.1:6379/3"), "want a server only"},
		"redis: password in the URL": {sidecar.RedisExporter("redis://:secret@127.0.0.1"), "use a Secret"},
		"nginx: CA without TLS":      {nginx(sidecar.NginxExporterOptions{CA: ca}), "want an https URI, and no SkipTLSVerify"},
		"redis: CA without TLS":      {redis(sidecar.RedisExporterOptions{CA: ca}), "want a rediss URL, and no SkipTLSVerify"},
		"postgres: CA without TLS":   {postgres(sidecar.PostgresExporterOptions{CA: ca, SSLMode: "disable"}), "want an SSLMode with certificates"},
		"mysql: CA for nothing":      {mysql(sidecar.MySQLExporterOptions{CA: ca, TLSMode: "skip-verify"}), "want TLSMode to be true"},
		"redis: CA for nothing":      {sidecar.RedisExporter("rediss://redis", sidecar.RedisExporterOptions{CA: ca, SkipTLSVerify: true}), "want a rediss URL, and no SkipTLSVerify"},
		"redis: user only":           {redis(sidecar.RedisExporterOptions{Username: "exporter"}), "needs a Password"},
		"redis: two patterns in one": {redis(sidecar.RedisExporterOptions{CheckKeys: []string{"a,b"}}), "want patterns without commas"},
		"redis: empty pattern":       {redis(sidecar.RedisExporterOptions{CountKeys: []string{""}}), "want patterns without commas"},
		"postgres: no port":          {sidecar.PostgresExporter("localhost", login), "want host:port"},
		"postgres: URL":              {sidecar.PostgresExporter("postgres://localhost:5432", login), "want host:port"},
		"postgres: no secret":        {sidecar.PostgresExporter("localhost:5432", pattern.SecretBuilder{}), "Secret"},
		"postgres: collector":        {postgres(sidecar.PostgresExporterOptions{Collectors: []string{"replication_slot"}}), "want some of buffercache_summary, "},
		"postgres: no collector":     {postgres(sidecar.PostgresExporterOptions{NoCollectors: []string{""}}), "want some of buffercache_summary, "},
		"postgres: SSL mode":         {postgres(sidecar.PostgresExporterOptions{SSLMode: "prefer"}), "want one of disable, require, verify-ca, verify-full"},
		"postgres: timeout":          {postgres(sidecar.PostgresExporterOptions{TimeoutSeconds: -1}), "want a positive number of seconds"},
		"mysql: no port":             {sidecar.MySQLExporter("localhost", login), "want host:port"},
		"mysql: socket":              {sidecar.MySQLExporter("unix:///run/mysqld.sock", login), "between 1 and 65535"},
		"mysql: no secret":           {sidecar.MySQLExporter("localhost:3306", pattern.SecretBuilder{}), "Secret"},
		"mysql: collector":           {mysql(sidecar.MySQLExporterOptions{Collectors: []string{"processlist"}}), "want some of auto_increment.columns, "},
		"mysql: TLS":                 {mysql(sidecar.MySQLExporterOptions{TLSMode: "yes\n[other]"}), "want one of true, preferred, skip-verify"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, exported(8081), tt.c, tt.want) })
	}
}

// What the caller does with its slices after the call is no part of the pod.
func TestExportersKeepWhatTheyWereGiven(t *testing.T) {
	names := []string{"locks"}
	c := sidecar.PostgresExporter("127.0.0.1:5432", pattern.Secret("exporter"), sidecar.PostgresExporterOptions{NoCollectors: names})
	names[0] = "wal"
	pod, err := exported(5432).WithSidecar(c).Build()
	require.NoError(t, err)
	require.Contains(t, pod.Spec.InitContainers[0].Args, "--no-collector.locks")
}

// Two exporters, with the metrics of one announced: their ports don't clash.
func TestTwoExporters(t *testing.T) {
	pod, err := exported(6379).WithSidecar(
		sidecar.RedisExporter("redis://127.0.0.1", sidecar.RedisExporterOptions{Scrape: true}),
		sidecar.RedisExporter("redis://redis.prod.svc").Name("primary")).Build()
	require.NoError(t, err)
	first, second := pod.Spec.InitContainers[0], pod.Spec.InitContainers[1]
	require.Equal(t, "-web.listen-address=:9121", first.Args[0])
	require.Equal(t, "-web.listen-address=:9122", second.Args[0])
	require.Equal(t, "9121", pod.Annotations["prometheus.io/port"])
}
