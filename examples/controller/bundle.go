package main

import (
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// logging ships what the apps write below /var/log/app to Loki.
func logging(loki string) pattern.Injection {
	logs := pattern.EmptyDir("app-logs").SizeLimit("256Mi")
	return pattern.Bundle("logging", sidecar.LogShipper(logs, sidecar.Loki(loki)).AppWrites(logs, "/var/log/app"))
}
