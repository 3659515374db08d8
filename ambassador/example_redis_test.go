package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// The app writes to the primary and reads from the replicas, and knows of neither.
func ExampleRedis() {
	cache := ambassador.Redis("cache", "redis.prod.svc:6379", ambassador.RedisOptions{
		Addresses:    3, // pods behind the headless Service
		Password:     pattern.Secret("redis"),
		ReadReplicas: true,
	})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithAmbassador(cache).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	showEnv(pod)
	// Output:
	// CACHE_HOST=127.0.0.1
	// CACHE_PORT=6379
	// CACHE_READ_HOST=127.0.0.1
	// CACHE_READ_PORT=6380
}
