package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The files of a claim belong to the user of an older image. To give them to another
// one needs root, which the pod's author has to allow.
func ExamplePermissions() {
	uploads := pattern.PVC("uploads", "web-uploads")
	own := initc.Permissions(uploads, initc.PermissionsOptions{UID: 10001})
	pod := pattern.Pod("web").Hardened().WithInit(own).
		WithApp(pattern.App("web", "web:1.4").RunAsUser(10001).Writes(uploads, "/srv/uploads").Requests("100m", "64Mi").Limits("", "64Mi"))
	for _, f := range pod.Findings() {
		fmt.Println(f.Level, f.Rule)
	}
	fmt.Println(len(pod.Allow("pss-restricted", "the files are those of the old image").Findings()))
	// Output:
	// W pss-restricted
	// 0
}
