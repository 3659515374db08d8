// Applyconfig prints Deployments that are apply configurations.
package main

import (
	"github.com/podpattern/podpattern/internal/conformance/bench/applied"
	"github.com/podpattern/podpattern/internal/conformance/bench/printed"
)

func main() { printed.Main(applied.Deployment) }
