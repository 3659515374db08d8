package initc

import (
	"path"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern"
)

// CopyFrom copies files out of another image into a volume before the app starts:
// plugins, an agent, a folder of migrations. from is a file or a folder, which keeps
// its name in the volume; a folder that ends in /. gives its content.
//
//	agents := pattern.EmptyDir("agents").SizeLimit("50Mi")
//	initc.CopyFrom("registry.example.com/jmx-agent:1.6.0", "/opt/agent/.", agents)
//	app.Reads(agents, "/opt/agent")
//
// It adds a container copy-from-<image> of that image, as user 65534 and with 64
// MiB, that mounts the volume at /copied and runs cp -RHf: without -p and -a, which
// fail where the root of the volume belongs to root, as an emptyDir's does. So
// symbolic links in a folder are kept, and permissions but for the right of others to
// write; owners and times are not. A volume that is no emptyDir needs an FSGroup.
//
// The image must have cp, and let user 65534 read the files; RunAsUser in the chain
// says another one. An image from scratch has no cp: pattern.ImageVolume mounts the
// files themselves, without a copy and without a container, from Kubernetes 1.35.
// Programs must be for the processor of the node, and fit the libraries of the app's
// image.
//
// Defaults: uid 65534, 10m CPU, 16Mi memory, at most 64Mi.
func CopyFrom(image, from string, into pattern.Volume) pattern.InitContainer {
	c := tells(confined(pattern.Init(names.Join(names.Label, "copy-from", label(imageName(image))), image), nobody)).
		Command("cp", "-RHf", expansion.Literal(from), "/copied/").
		Requests("10m", "16Mi").Limits("", "64Mi").
		Writes(into, "/copied")
	if !path.IsAbs(from) {
		c = c.Reject("from", from, "want an absolute path in the image, such as /plugins/.")
	}
	return c
}
