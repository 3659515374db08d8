package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// The app dials the pool; who it is stays its own affair.
func ExamplePgBouncer() {
	web := pattern.App("web", "web:1.4").
		EnvSecret("PASSWORD", pattern.Secret("shop-db"), "password").
		Env("DSN", "postgres://shop:$(PASSWORD)@$(DB_HOST):$(DB_PORT)/shop?sslmode=disable")
	db := ambassador.PgBouncer("db", "postgres.prod.svc:5432", pattern.Secret("shop-db"), ambassador.PgBouncerOptions{
		PoolSize: 5,
		CA:       pattern.ConfigMap("postgres-ca").Volume("postgres-ca"), // verify-full
	})
	pod, err := pattern.Pod("web").WithApp(web).WithAmbassador(db).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	showEnv(pod)
	// Output:
	// DB_HOST=127.0.0.1
	// DB_PORT=6432
	// PASSWORD=
	// DSN=postgres://shop:$(PASSWORD)@$(DB_HOST):$(DB_PORT)/shop?sslmode=disable
}
