package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// The app serves a page that is made anew every five seconds.
func ExampleContent() {
	pages := pattern.EmptyDir("pages").SizeLimit("16Mi")
	web := pattern.App("web", "nginx:1.30").Port("http", 80)
	pod, err := pattern.Pod("web").WithApp(web).
		WithSidecar(sidecar.Content(pages, "docker.io/library/busybox:1.38.0", "date >index.html",
			sidecar.ContentOptions{AppPath: "/usr/share/nginx/html", PeriodSeconds: 5})).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range pod.Spec.Containers[0].VolumeMounts {
		fmt.Println(m.Name, m.MountPath, "read-only:", m.ReadOnly)
	}
	// Output:
	// pages /usr/share/nginx/html read-only: true
}
