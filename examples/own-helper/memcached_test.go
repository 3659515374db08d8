package main

import (
	"flag"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

var _ = flag.Bool("update", false, "rewrite the golden files")

func TestMemcached(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	patterntest.Helper(t, "default", pod, Memcached())
	patterntest.Helper(t, "large", pod, Memcached(MemcachedOptions{Megabytes: 512}))
	patterntest.Refuses(t, pod, Memcached(MemcachedOptions{Megabytes: -1}), "want a positive number")
}
