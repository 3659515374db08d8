package ambassador_test

import (
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestRedis(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Env("REDIS_URL", "redis://$(CACHE_HOST):$(CACHE_PORT)/0"))
	patterntest.Helper(t, "redis-default", pod, ambassador.Redis("cache", "redis-0.redis.prod.svc:6379",
		ambassador.RedisOptions{Upstreams: []string{"redis-1.redis.prod.svc:6379"}}))
	patterntest.Helper(t, "redis-options", pod, ambassador.Redis("cache", "redis.prod.svc:6380", ambassador.RedisOptions{
		Addresses: 5, Password: pattern.Secret("redis"), Username: "app", ReadReplicas: true, CheckSeconds: 2, IdleTimeoutSeconds: 90,
		TLS: ambassador.TCPTLS{CA: pattern.Secret("redis-ca").Volume("redis-ca"), ServerName: "redis.example.com"}, GateOnUpstream: true, Scrape: true}))
}

func TestRedisRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1"))
	type opts = ambassador.RedisOptions
	for name, tt := range map[string]struct {
		upstream string
		opts     opts
		want     string
	}{
		"no upstream":          {"", opts{}, "upstream: want host:port"},
		"a URL":                {"redis://redis:6379", opts{}, "upstream: want host:port"},
		"another upstream":     {"redis:6379", opts{Upstreams: []string{"redis-1"}}, "Upstreams: want host:port"},
		"a user alone":         {"redis:6379", opts{Username: "app"}, "needs a Password"},
		"a user of two lines":  {"redis:6379", opts{Password: pattern.Secret("redis"), Username: "a\nb"}, "want the name of a user"},
		"a port for no one":    {"redis:6379", opts{ReadPort: 6380}, "needs ReadReplicas"},
		"interval":             {"redis:6379", opts{CheckSeconds: -1}, "CheckSeconds: want a positive number"},
		"two ways to have two": {"redis:6379", opts{Addresses: 2, Upstreams: []string{"redis-1:6379"}}, "goes without more servers"},
		"a name that may lack": {"redis.prod:6379", opts{Addresses: 2}, "the complete name"},
		"TLS to an address":    {"10.0.0.7:6379", opts{TLS: ambassador.TCPTLS{On: true}}, "set ServerName"},
	} {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, ambassador.Redis("cache", tt.upstream, tt.opts), tt.want)
		})
	}
}
