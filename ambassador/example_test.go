package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// The app dials localhost, by two variables.
func ExampleTCP() {
	web := pattern.App("web", "web:1.4").Env("DSN", "postgres://$(DB_HOST):$(DB_PORT)/shop")
	pod, err := pattern.Pod("web").WithApp(web).
		WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432")).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	showEnv(pod)
	// Output:
	// DB_HOST=127.0.0.1
	// DB_PORT=5432
	// DSN=postgres://$(DB_HOST):$(DB_PORT)/shop
}

// Where the app itself listens on the port of the upstream, the ambassador takes
// the next free one, and the variable says which.
func ExampleTCP_moved() {
	web := pattern.App("pooler", "pgbouncer:1").Port("postgres", 5432)
	pod, err := pattern.Pod("pooler").WithApp(web).
		WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432")).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	showEnv(pod)
	// Output:
	// DB_HOST=127.0.0.1
	// DB_PORT=5433
}

// The pod gets no traffic while the upstream is down.
func ExampleTCP_options() {
	db := ambassador.TCP("db", "postgres.prod.svc:5432", ambassador.TCPOptions{GateOnUpstream: true})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithAmbassador(db).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pod.Spec.InitContainers[0].ReadinessProbe.HTTPGet.Path)
	// Output:
	// /ready
}

func showEnv(pod *corev1.Pod) {
	for _, e := range pod.Spec.Containers[0].Env {
		fmt.Println(e.Name + "=" + e.Value)
	}
}
