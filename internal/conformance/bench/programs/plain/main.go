// Plain prints Deployments that are struct literals.
package main

import (
	"github.com/podpattern/podpattern/internal/conformance/bench/printed"
	"github.com/podpattern/podpattern/internal/measured/literal"
)

func main() { printed.Main(literal.Deployment) }
