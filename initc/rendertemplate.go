package initc

import (
	"fmt"
	"slices"
	"text/template/parse"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// RenderOptions changes how [RenderTemplate] and [RenderTemplates] render; the zero
// value is the default.
type RenderOptions struct {
	// LeftDelim and RightDelim mark what is replaced, such as [[ and ]] where the text
	// has braces itself. Default: {{ and }}.
	LeftDelim, RightDelim string
	// Mode is the permissions of the files, such as 0o640. Default: 0644.
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
// It adds a container render-<file>, with gomplate, as user 65534 and with 128 MiB,
// that mounts a generated ConfigMap with the template at /etc/templates and the
// volume at /rendered. Where the app can expand variables by itself, or takes
// $(NAME) in an argument, no file is needed.
//
// Options: the last of several wins as a whole.
//
// upstream: hairyhenderson/gomplate internal/cmd/main.go, template.go,
// docs/content/datasources.md.
func RenderTemplate(file, text string, into pattern.Volume, opts ...RenderOptions) pattern.InitContainer {
	o := opt.Last(opts)
	c := render(pattern.Init(names.Join(names.Label, "render", label(file)), gomplateImage), "/etc/templates", []string{file}, into, o)
	if !names.IsKey(file) {
		return c.Name("render").Reject("file", file, "want the plain name of a file, such as app.ini")
	}
	tree := parse.New(file)
	tree.Mode = parse.SkipFuncCheck // gomplate has functions of its own
	if _, err := tree.Parse(text, o.LeftDelim, o.RightDelim, make(map[string]*parse.Tree)); err != nil {
		c = c.Reject("text", file, err.Error())
	}
	return c.Config("/etc/templates/"+file, text)
}

// RenderTemplates is [RenderTemplate] for files of a volume, such as a ConfigMap that
// others maintain; their syntax isn't checked. The files are named, since a
// mounted ConfigMap has each file twice, and the rest isn't meant.
//
//	initc.RenderTemplates(pattern.ConfigMap("site").Volume("site"), []string{"nginx.conf"}, config)
//
// It adds a container render-<first file>; the templates are mounted at
// /templates.
func RenderTemplates(templates pattern.Volume, files []string, into pattern.Volume, opts ...RenderOptions) pattern.InitContainer {
	o := opt.Last(opts)
	name := "render"
	if len(files) > 0 {
		name = names.Join(names.Label, name, label(files[0]))
	}
	c := render(pattern.Init(name, gomplateImage), "/templates", files, into, o)
	if len(files) == 0 {
		c = c.Reject("files", "", "name at least one file of the volume")
	}
	for _, file := range files {
		if !names.IsKey(file) {
			c = c.Reject("files", file, "want the plain name of a file, such as app.ini")
		}
	}
	return c.Reads(templates, "/templates")
}

// render runs gomplate on files of a folder. Its image has no shell.
func render(c pattern.InitContainer, from string, files []string, into pattern.Volume, o RenderOptions) pattern.InitContainer {
	var args []string
	for _, file := range files {
		args = append(args, "--file="+from+"/"+file, "--out=/rendered/"+file)
	}
	args = append(args, fmt.Sprintf("--chmod=%o", opt.Or(o.Mode, 0o644)))
	if o.LeftDelim != "" {
		args = append(args, "--left-delim="+o.LeftDelim)
	}
	if o.RightDelim != "" {
		args = append(args, "--right-delim="+o.RightDelim)
	}
	if none := (pattern.Volume{}); o.Data != none {
		c, args = c.Reads(o.Data, "/data"), append(args, "--datasource=data=file:///data/")
	}
	if o.Mode < 0 || o.Mode > 0o777 {
		c = c.Reject("Mode", o.Mode, "want permissions such as 0o640")
	}
	return tells(confined(c, nobody)).Args(slices.Clip(args)...).
		Requests("10m", "32Mi").Limits("", "128Mi").
		Writes(into, "/rendered")
}
