package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// The app finds its certificate, its key and the authorities below /run/spiffe.
func ExampleSPIFFEHelper() {
	certs := pattern.EmptyDir("certs").Memory().SizeLimit("4Mi")
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		WithSidecar(sidecar.SPIFFEHelper(certs, sidecar.SPIFFEHelperOptions{AppPath: "/run/spiffe"})).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range pod.Spec.InitContainers[0].VolumeMounts {
		fmt.Println(m.Name, m.MountPath)
	}
	// Output:
	// certs /certs
	// spiffe-helper-agent /spiffe-workload-api
	// spiffe-helper-config /etc/spiffe-helper
}
