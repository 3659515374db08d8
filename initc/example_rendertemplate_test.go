package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// The app wants its password in a file; the template has its name only.
func ExampleRenderTemplate() {
	config := pattern.EmptyDir("config").SizeLimit("1Mi")
	ini := initc.RenderTemplate("db.ini", "host = db\npassword = {{ .Env.PASSWORD }}\n", config).
		EnvSecret("PASSWORD", pattern.Secret("db"), "password")
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Reads(config, "/etc/web")).WithInit(ini).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, c.Args)
	// Output:
	// render-db-ini [--file=/etc/templates/db.ini --out=/rendered/db.ini --chmod=644]
}

// A template that isn't one is found before anything runs.
func ExampleRenderTemplate_refused() {
	config := pattern.EmptyDir("config").SizeLimit("1Mi")
	ini := initc.RenderTemplate("db.ini", "host = db\npassword = {{ .Env.PASSWORD }\n", config)
	for _, e := range pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Reads(config, "/etc/web")).WithInit(ini).Findings().Errors() {
		fmt.Println(e.BadValue, e.Detail)
	}
	// Output:
	// db.ini text: template: db.ini:2: unexpected "}" in operand
}

// The template is in a ConfigMap that another team maintains.
func ExampleRenderTemplate_mounted() {
	config := pattern.EmptyDir("config").SizeLimit("1Mi")
	site := pattern.ConfigMap("site-templates").Volume("site")
	conf := initc.RenderTemplate("nginx.conf", "", config).ConfigFrom(site, "nginx.conf").EnvField("POD_IP", "status.podIP")
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Reads(config, "/etc/nginx")).WithInit(conf).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Args[0], c.VolumeMounts[1].Name)
	// Output:
	// --file=/etc/templates/nginx.conf site
}
