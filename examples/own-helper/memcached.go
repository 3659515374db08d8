package main

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
)

// MemcachedOptions changes what Memcached does; the zero value is the default.
type MemcachedOptions struct {
	// Megabytes is how much it keeps. Default: 64.
	Megabytes int
}

// Memcached gives the apps a cache on localhost: they get CACHE_HOST and
// CACHE_PORT. What it keeps is lost with the container.
func Memcached(opts ...MemcachedOptions) pattern.AmbassadorContainer {
	o := MemcachedOptions{}
	if len(opts) > 0 {
		o = opts[len(opts)-1]
	}
	if o.Megabytes == 0 {
		o.Megabytes = 64
	}
	c := pattern.Ambassador("cache", "docker.io/library/memcached:1.6.39").
		Port("memcached", 11211).MovePorts().
		Endpoint("cache", "memcached").
		Health(pattern.TCPSocket("memcached")).
		Requests("10m", fmt.Sprintf("%dMi", o.Megabytes)).Limits("", fmt.Sprintf("%dMi", o.Megabytes+32)).
		Restricted().RunAsUser(11211).RunAsGroup(11211).ReadOnlyRootFilesystem(true)
	if o.Megabytes < 1 {
		c = c.Reject("Megabytes", o.Megabytes, "want a positive number")
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		return c.Args("-m", fmt.Sprint(o.Megabytes), "-p", fmt.Sprint(v.Port("memcached")))
	})
}
