package ambassador

import (
	"strconv"
	"strings"
	"time"

	"github.com/podpattern/podpattern/internal/envoy"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// httpDefaults fills the options in, and refuses what can't be meant.
func httpDefaults(c pattern.AmbassadorContainer, o HTTPOptions) (pattern.AmbassadorContainer, HTTPOptions) {
	for _, n := range []struct {
		field string
		value int
	}{
		{"MaxRequests", o.MaxRequests}, {"RequestsPerSecond", o.RequestsPerSecond}, {"EjectAfter", o.EjectAfter},
	} {
		if n.value < 0 {
			c = c.Reject(n.field, n.value, "want a positive number")
		}
	}
	if o.HealthPath != "" && !isPath(o.HealthPath) {
		c = c.Reject("HealthPath", o.HealthPath, "want a path, such as /healthz")
	}
	if o.Streams && (o.Timeout != 0 || o.Retries.PerTry != 0) {
		c = c.Reject("Streams", o.Streams, "requests that stay open have no Timeout, and no Retries.PerTry")
	}
	if o.IdleTimeout != 0 {
		c = envoy.Positive(c, "IdleTimeout", o.IdleTimeout)
	}
	o.IdleTimeout = envoy.Idle(o.IdleTimeout, o.Timeout)
	o.MaxRequests, o.EjectAfter = opt.Or(o.MaxRequests, 1024), opt.Or(o.EjectAfter, 5)
	o.Retries.Times = opt.Or(o.Retries.Times, 2)
	if o.Retries.Times < 0 || o.Retries.Times > 10 {
		return c.Reject("Retries.Times", o.Retries.Times, "want a number from 1 to 10"), o
	}
	if o.Streams {
		return c, o
	}
	o.Timeout = opt.Or(o.Timeout, 15*time.Second)
	c = envoy.Positive(c, "Timeout", o.Timeout)
	tries := time.Duration(o.Retries.Times) + 1
	o.Retries.PerTry = opt.Or(o.Retries.PerTry, (o.Timeout / tries).Truncate(time.Millisecond))
	c = envoy.Positive(c, "Retries.PerTry", o.Retries.PerTry)
	if !o.Retries.Off && tries*o.Retries.PerTry > o.Timeout {
		c = c.Reject("Retries.PerTry", o.Retries.PerTry.String(), strconv.Itoa(int(tries))+" tries of that don't fit into the Timeout of "+o.Timeout.String())
	}
	return c, o
}

// isPath says whether a text can stand in a request as its path.
func isPath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == '#' || r > '~' })
}
