package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// The app finds its password in /vault/secrets/db.env, and starts when it is there.
func ExampleVaultAgent() {
	agent := sidecar.VaultAgent("https://vault.vault.svc:8200", "web", []sidecar.VaultTemplate{{
		File:     "db.env",
		Contents: `PASSWORD={{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}`,
	}})
	pod, err := pattern.Pod("web").ServiceAccount("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(agent).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pod.Spec.Containers[0].VolumeMounts[0].MountPath, pod.Spec.Volumes[0].EmptyDir.Medium)
	fmt.Println(pod.Spec.InitContainers[0].StartupProbe.Exec.Command[4:])
	// Output:
	// /vault/secrets Memory
	// [/vault/secrets/db.env]
}

// A template that Vault's agent couldn't read is refused.
func ExampleVaultAgent_refused() {
	agent := sidecar.VaultAgent("https://vault.vault.svc:8200", "web", []sidecar.VaultTemplate{
		{File: "db.env", Contents: `{{ with secret "secret/data/db" }}{{ .Data.data.password }}`},
	})
	for _, e := range pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(agent).Findings().Errors() {
		fmt.Println(e.BadValue, e.Detail)
	}
	// Output:
	// db.env Contents: is no template: template:1: unexpected EOF
}
