package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// A Job reads its password once, as a file in memory.
func ExampleVaultInit() {
	secrets := initc.VaultInit("https://vault.vault.svc:8200", "report", []initc.VaultTemplate{{
		File:     "db.env",
		Contents: `PASSWORD={{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}`,
	}})
	job, err := pattern.Pod("report").ServiceAccount("report").
		WithApp(pattern.App("report", "report:1.4").Command("report", "--login=/vault/secrets/db.env")).
		WithInit(secrets).Job().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	pod := job.Spec.Template.Spec
	fmt.Println(pod.InitContainers[0].Command, pod.Volumes[0].EmptyDir.Medium)
	// Output:
	// [vault agent -config=/vault/agent/config.json] Memory
}
