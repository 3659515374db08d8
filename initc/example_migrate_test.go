package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The migrations come with the app's image; the database is waited for before.
func ExampleGolangMigrate() {
	const image = "registry.example.com/orders:3.0.2"
	migrations := pattern.EmptyDir("migrations").SizeLimit("1Mi")
	pod, err := pattern.Pod("orders").WithApp(pattern.App("orders", image)).WithInit(
		initc.CopyFrom(image, "/migrations/.", migrations),
		initc.WaitForTCP("db.prod.svc:5432"),
		initc.GolangMigrate(migrations, pattern.Secret("orders-db"), "url"),
	).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range pod.Spec.InitContainers {
		fmt.Println(c.Name, c.Args)
	}
	// Output:
	// copy-from-orders []
	// wait-for-db-5432 []
	// migrate [-path=/migrations -database=$(DATABASE_URL) -lock-timeout=60 up]
}

// The password stands in the Secret, never in the URL.
func ExampleFlyway() {
	migrations := pattern.ConfigMap("migrations").Volume("migrations")
	flyway := initc.Flyway(migrations, "jdbc:postgresql://db.prod.svc:5432/web", pattern.Secret("db"), initc.FlywayOptions{
		Placeholders: map[string]string{"owner": "web"},
	})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(flyway).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, arg := range pod.Spec.InitContainers[0].Args {
		fmt.Println(arg)
	}
	// Output:
	// -locations=filesystem:/flyway/sql
	// -connectRetries=15
	// -connectRetriesInterval=8
	// -validateMigrationNaming=true
	// -placeholders.owner=web
	// migrate
}

// Liquibase has no JDBC drivers: one is fetched first, and its checksum verified.
func ExampleLiquibase() {
	changelogs := pattern.ConfigMap("changelogs").Volume("changelogs")
	drivers := pattern.EmptyDir("drivers").SizeLimit("16Mi")
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(
		initc.Download("https://repo1.maven.org/maven2/org/postgresql/postgresql/42.7.7/postgresql-42.7.7.jar",
			"157963d60ae66d607e09466e8c0cdf8087e9cb20d0159899ffca96bca2528460", drivers),
		initc.Liquibase(changelogs, "changelog.yaml", "jdbc:postgresql://db.prod.svc:5432/web", pattern.Secret("db"),
			initc.LiquibaseOptions{Drivers: drivers}),
	).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range pod.Spec.InitContainers {
		fmt.Println(c.Name, c.Args)
	}
	// Output:
	// download-postgresql-42-7-7-jar []
	// liquibase [update --changelog-file=changelog.yaml]
}
