package initc

import (
	"fmt"
	"text/template/parse"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// RenderTemplateOptions changes how [RenderTemplate] renders; the zero value is the
// default.
type RenderTemplateOptions struct {
	// LeftDelim and RightDelim mark what is replaced, such as [[ and ]] where the text
	// has braces itself. Default: {{ and }}.
	LeftDelim, RightDelim string
	// Mode is the permissions of the file, such as 0o640; gomplate lets nobody but the
	// owner write it. Default: 0644.
	Mode int32
	// Data is a volume with files of values, in YAML, JSON, TOML or CSV:
	// {{ (ds "data" "values.yaml").host }}. Default: none.
	Data pattern.Volume
}

// RenderTemplate writes a file with values of this pod in it before the app starts:
// a configuration with a password, or with the pod's own address. text is a template
// of Go; its syntax is checked at Build.
//
//	config := pattern.EmptyDir("config").SizeLimit("1Mi").Memory()
//	initc.RenderTemplate("db.ini", "host = db\npassword = {{ .Env.PASSWORD }}\n", config).
//		EnvSecret("PASSWORD", pattern.Secret("db"), "password")
//	app.Reads(config, "/etc/web")
//
// Values are the container's variables, by EnvSecret, EnvConfigMap and EnvField in
// the chain, and the files of Data. A variable that isn't there is an error with
// {{ .Env.NAME }}, and with {{ getenv "NAME" "default" }} has a default. What renders
// to nothing but space isn't written.
//
// A template that others maintain in a ConfigMap, or that [CopyFrom] takes from an
// image, replaces the text, which is then empty, by ConfigFrom in the chain:
//
//	initc.RenderTemplate("nginx.conf", "", config).
//		ConfigFrom(pattern.ConfigMap("site").Volume("site"), "nginx.conf")
//
// It adds a container render-<file>, with gomplate, as user 65534 and with 128 MiB,
// that mounts a generated ConfigMap with the template at /etc/templates and the
// volume at /rendered. A volume that is no emptyDir needs an FSGroup. Where the app
// can expand variables by itself, or takes $(NAME) in an argument, no file is needed.
//
// Defaults: image gomplate, uid 65534, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: hairyhenderson/gomplate internal/cmd/main.go, template.go,
// docs/content/datasources.md.
func RenderTemplate(file, text string, into pattern.Volume, opts ...RenderTemplateOptions) pattern.InitContainer {
	o := opt.Last(opts)
	args := []string{"--file=/etc/templates/" + file, "--out=/rendered/" + file, fmt.Sprintf("--chmod=%o", opt.Or(o.Mode, 0o644))}
	if o.LeftDelim != "" {
		args = append(args, "--left-delim="+expansion.Literal(o.LeftDelim))
	}
	if o.RightDelim != "" {
		args = append(args, "--right-delim="+expansion.Literal(o.RightDelim))
	}
	c := tells(confined(pattern.Init(names.Join(names.Label, "render", label(file)), gomplateImage), nobody)).
		Requests("10m", "32Mi").Limits("", "128Mi").
		Writes(into, "/rendered")
	if none := (pattern.Volume{}); o.Data != none {
		c, args = c.Reads(o.Data, "/data"), append(args, "--datasource=data=file:///data/")
	}
	c = c.Args(args...)
	if !names.IsKey(file) {
		return c.Name("render").Reject("file", file, "want the plain name of a file, such as app.ini")
	}
	// It is written again when the pod starts again, and made under the umask 022.
	if o.Mode != 0 && (o.Mode&^0o777 != 0 || o.Mode&0o222 != 0o200) {
		c = c.Reject("Mode", fmt.Sprintf("%#o", o.Mode), "want permissions by which its owner may write, and nobody else, such as 0o640")
	}
	tree := parse.New(file)
	tree.Mode = parse.SkipFuncCheck // gomplate has functions of its own
	if _, err := tree.Parse(text, o.LeftDelim, o.RightDelim, make(map[string]*parse.Tree)); err != nil {
		c = c.Reject("text", file, err.Error())
	}
	return c.Config("/etc/templates/"+file, text)
}
