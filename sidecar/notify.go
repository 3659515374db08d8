package sidecar

import (
	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/pattern"
)

// notifies checks a URL that hears of changes.
func notifies(c pattern.SidecarContainer, field, raw string) pattern.SidecarContainer {
	if raw == "" {
		return c
	}
	u, port, err := endpoint.URL(raw, 0, "http", "https")
	if err != nil {
		return c.Reject(field, raw, err.Error())
	}
	return c.Dials(u.Hostname(), port)
}
