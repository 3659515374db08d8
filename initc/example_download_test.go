package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// A model is fetched into a volume that the app reads; the app starts when it is
// whole and the right one.
func ExampleDownload() {
	models := pattern.EmptyDir("models").SizeLimit("2Gi")
	model := initc.Download("https://models.example.com/v7/model.onnx",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", models)
	app := pattern.App("web", "web:1.4").Reads(models, "/srv/models")
	pod, err := pattern.Pod("web").WithApp(app).WithInit(model).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, c.VolumeMounts[0].MountPath, c.Command[6:8])
	// Output:
	// download-model-onnx /download [/download/model.onnx 644]
}
