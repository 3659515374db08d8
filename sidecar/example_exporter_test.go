package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// The nginx is the app here; the exporter asks it on localhost.
func ExampleNginxExporter() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	showExporter(web, sidecar.NginxExporter("http://127.0.0.1:8080/stub_status"))
	// Output:
	// --web.listen-address=:9113
	// --nginx.scrape-uri=http://127.0.0.1:8080/stub_status
}

// The password comes from the key password of a Secret, by a variable.
func ExampleRedisExporter() {
	cache := pattern.App("redis", "redis:8").Port("redis", 6379)
	showExporter(cache, sidecar.RedisExporter("redis://127.0.0.1:6379",
		sidecar.RedisExporterOptions{Password: pattern.Secret("redis"), CountKeys: []string{"session:*"}}))
	// Output:
	// -web.listen-address=:9121
	// -redis.addr=redis://127.0.0.1:6379
	// -count-keys=session:*
	// REDIS_PASSWORD from password of redis
}

func ExamplePostgresExporter() {
	db := pattern.App("postgres", "postgres:18").Port("postgres", 5432)
	showExporter(db, sidecar.PostgresExporter("127.0.0.1:5432", pattern.Secret("exporter"),
		sidecar.PostgresExporterOptions{Database: "shop", Collectors: []string{"stat_statements"}}))
	// Output:
	// --web.listen-address=:9187
	// --collector.stat_statements
	// DATA_SOURCE_USER from username of exporter
	// DATA_SOURCE_PASS from password of exporter
	// DATA_SOURCE_URI=127.0.0.1:5432/shop?sslmode=disable
}

func ExampleMySQLExporter() {
	db := pattern.App("mysql", "mysql:9").Port("mysql", 3306)
	showExporter(db, sidecar.MySQLExporter("127.0.0.1:3306", pattern.Secret("exporter")))
	// Output:
	// --web.listen-address=:9104
	// --mysqld.address=127.0.0.1:3306
	// --mysqld.username=$(MYSQLD_EXPORTER_USER)
	// MYSQLD_EXPORTER_USER from username of exporter
	// MYSQLD_EXPORTER_PASSWORD from password of exporter
}

// showExporter prints the arguments and the variables of an exporter.
func showExporter(app pattern.AppContainer, exporter pattern.SidecarContainer) {
	pod, err := pattern.Pod("web").WithApp(app).WithSidecar(exporter).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	for _, arg := range c.Args {
		fmt.Println(arg)
	}
	for _, e := range c.Env {
		if from := e.ValueFrom; from != nil {
			fmt.Println(e.Name, "from", from.SecretKeyRef.Key, "of", from.SecretKeyRef.Name)
		} else {
			fmt.Println(e.Name + "=" + e.Value)
		}
	}
}
