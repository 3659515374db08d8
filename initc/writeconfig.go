package initc

import (
	"fmt"
	"maps"
	"slices"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// WriteConfigOptions changes how [WriteConfig] writes; the zero value is the default.
type WriteConfigOptions struct {
	// Mode is the permissions of the files. Default: 0666, so that the app may change
	// them whoever it runs as.
	Mode int32
	// KeepExisting leaves a file alone that is there already, such as one that the app
	// has changed on a claim since. Default: the files are written again at each start
	// of the pod.
	KeepExisting bool
}

// WriteConfig writes files into a volume before the app starts, so that the app may
// change them, or mounts them among others, which a ConfigMap doesn't allow: it is
// read-only.
//
//	config := pattern.EmptyDir("config").SizeLimit("1Mi")
//	initc.WriteConfig(map[string]string{"app.ini": "[server]\nport = 8080\n"}, config)
//	app.Mount(config, "/etc/app")
//
// files has the content by the plain name of the file; a folder of the volume is
// into.SubPath("conf.d"). Nothing is expanded in the content: [RenderTemplate] does
// that.
//
// It adds a busybox container write-config, as user 65534 and with 16 MiB, that
// mounts the volume at /written and a generated ConfigMap at /etc/config: a change of the
// content rolls the pods. A volume that is no emptyDir needs an FSGroup.
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 16Mi.
//
// Options: the last of several wins as a whole.
func WriteConfig(files map[string]string, into pattern.Volume, opts ...WriteConfigOptions) pattern.InitContainer {
	o := opt.Last(opts)
	how := "replace"
	if o.KeepExisting {
		how = "keep"
	}
	written := slices.Sorted(maps.Keys(files))
	c := tells(confined(pattern.Init("write-config", busyboxImage), nobody)).
		Command(slices.Concat([]string{"sh", "-c", writeConfig, "write-config", how, fmt.Sprintf("%o", opt.Or(o.Mode, 0o666))}, written)...).
		Requests("5m", "8Mi").Limits("", "16Mi").
		Writes(into, "/written")
	if len(files) == 0 {
		c = c.Reject("files", "", "give at least one file")
	}
	if o.Mode < 0 || o.Mode > 0o777 {
		c = c.Reject("Mode", fmt.Sprintf("%#o", o.Mode), "want permissions such as 0o640")
	}
	for _, file := range written {
		if !names.IsKey(file) {
			c = c.Reject("files", file, "want the plain name of a file, such as app.ini")
			continue
		}
		c = c.Config("/etc/config/"+file, files[file])
	}
	return c
}

// writeConfig has keep or replace, the permissions and the files as its arguments.
const writeConfig = `how=$1 mode=$2
shift 2
for file; do
  target=/written/$file
  if [ "$how" = keep ] && [ -e "$target" ]; then
    echo "$target is there already"
    continue
  fi
  cp "/etc/config/$file" "$target.new" && chmod "$mode" "$target.new" && mv -f "$target.new" "$target" || exit 1
  echo "wrote $target"
done
`
