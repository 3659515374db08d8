package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// programs are what there are stand-ins for.
func programs() map[string]func(arguments) (program, error) {
	return map[string]func(arguments) (program, error){
		"web":        app,
		"fluent-bit": fluentBit, "vector": vector, "fluentd": fluentd, "filebeat": filebeat, "alloy": alloy, "otelcol": collector,
		"envoy": envoy, "json_exporter": jsonExporter, "oauth2-proxy": oauth2Proxy,
		"k8s-sidecar": configSync, "vault": vault, "spiffe-helper": spiffeHelper,
		"gomplate": gomplate, "flyway": flyway, "liquibase": liquibase,
	}
}

// app is the app of every pod: PORTS are those of the container, and WRITES the paths of the
// volumes that it may write, where it leaves what its helpers read.
func app(arguments) (program, error) {
	p := program{makes: map[string][]byte{}, listens: map[string][]string{}}
	for _, port := range strings.Fields(os.Getenv("PORTS")) {
		p.listens[":"+port] = []string{"/", "/stub_status", "/stats", "/-/reload"}
	}
	for _, dir := range strings.Fields(os.Getenv("WRITES")) {
		p.writes = append(p.writes, dir)
		for file, content := range map[string]string{
			"app.log": "REQ|/cart|200\n", "access.log": "GET /\n", "audit.txt": "{\"user\": \"a\"}\n",
			"raw": "orders|3\n", "stats.raw": "orders|3\n", "queues.csv": "queue,depth\norders,3\n",
		} {
			p.makes[filepath.Join(dir, file)] = []byte(content)
		}
	}
	return p, nil
}

// folders gives the folders of paths, such as those with a wildcard.
func folders(paths []string) []string {
	var out []string
	for _, path := range paths {
		out = append(out, filepath.Dir(path))
	}
	return out
}

func fluentBit(a arguments) (program, error) {
	c, err := read(a.flag("c"))
	if err != nil {
		return program{}, err
	}
	port, err := c.one(`^  http_port: (\d+)`)
	return program{
		ships:   c.all(`^    path: (/\S+)`),
		reads:   folders(c.all(`^    path: (/\S+)`)),
		writes:  append(folders(c.all(`^    db: (\S+)`)), c.all(`^  storage\.path: (\S+)`)...),
		listens: map[string][]string{"0.0.0.0:" + port: {"/", "/api/v2/health", "/api/v2/metrics/prometheus"}},
	}, err
}

func vector(a arguments) (program, error) {
	c, err := read(a.flag("config"))
	if err != nil {
		return program{}, err
	}
	address, err := c.one(`^    address: (\S+)`)
	return program{
		reads:   folders(c.all(`^    - (/\S+)`)),
		writes:  c.all(`^data_dir: (\S+)`),
		listens: map[string][]string{address: {"/metrics"}},
	}, err
}

// fluentd's entry point wants no arguments: the file is the image's.
func fluentd(arguments) (program, error) {
	c, err := read("/fluentd/etc/" + cmp.Or(os.Getenv("FLUENTD_CONF"), "fluent.conf"))
	if err != nil {
		return program{}, err
	}
	address, err := c.one(`^  bind (\S+)\n  port (\d+)`)
	return program{
		reads:   folders(c.all(`^  path (\S+)`)),
		writes:  append(folders(c.all(`^  pos_file (\S+)`)), append(c.all(`^    path (\S+)`), "/tmp")...),
		listens: map[string][]string{address: {"/api/plugins.json"}},
	}, err
}

func filebeat(a arguments) (program, error) {
	c, err := read(a.flag("c"))
	if err != nil {
		return program{}, err
	}
	address, err := c.one(`^  host: (\S+)\n  port: (\d+)`)
	data, err2 := c.one(`^path:\n  data: (\S+)`)
	return program{
		reads:   folders(c.all(`^    - (/\S+)`)),
		writes:  []string{data},
		listens: map[string][]string{address: {"/", "/stats"}},
	}, cmp.Or(err, err2)
}

func alloy(a arguments) (program, error) {
	if len(a) < 2 || a[0] != "run" {
		return program{}, fmt.Errorf("not run FILE: %q", a)
	}
	c, err := read(a[1])
	if err != nil {
		return program{}, err
	}
	v, err := a.needs("storage.path", "server.http.listen-addr")
	if err != nil {
		return program{}, err
	}
	return program{
		reads:   folders(c.all(`"?__path__"? *= *"([^"]+)"`)),
		writes:  []string{v[0], "/tmp"},
		listens: map[string][]string{v[1]: {"/-/ready", "/metrics", "/-/reload"}},
	}, nil
}

// collector has the receivers that the collector of ../images.sh has not.
func collector(a arguments) (program, error) {
	c, err := read(a.flag("config"))
	if err != nil {
		return program{}, err
	}
	p := program{listens: map[string][]string{}}
	for _, address := range append(c.all(`endpoint: ([\d.]+:\d+)$`), c.all(`host: (\S+)\n +port: (\d+)`)...) {
		p.listens[address] = []string{"/", "/metrics"}
	}
	if len(p.listens) < 2 {
		return p, fmt.Errorf("no receivers in the configuration")
	}
	return p, nil
}

// envoy listens as its configuration says, and reads the files that stand in it.
func envoy(a arguments) (program, error) {
	c, err := read(a.flag("c"))
	if err != nil {
		return program{}, err
	}
	p := program{
		reads:   c.all(`^ +(?:filename|proto_descriptor): (\S+)`),
		listens: map[string][]string{},
	}
	for _, address := range c.all(`^  (?:- )?address:\n +socket_address:\n +address: (\S+)\n +port_value: (\d+)`) {
		p.listens[strings.ReplaceAll(address, "::", "[::]:")] = []string{"/ready", "/stats/prometheus"}
	}
	if len(p.listens) < 2 {
		return p, fmt.Errorf("no listeners in the configuration")
	}
	return p, nil
}

func jsonExporter(a arguments) (program, error) {
	v, err := a.needs("config.file", "web.listen-address")
	if err != nil {
		return program{}, err
	}
	return program{reads: v[:1], listens: map[string][]string{v[1]: {"/", "/metrics", "/probe"}}}, nil
}

func oauth2Proxy(a arguments) (program, error) {
	v, err := a.needs("http-address", "metrics-address", "ping-path", "ready-path", "upstream", "email-domain", "provider", "oidc-issuer-url")
	if err != nil {
		return program{}, err
	}
	if n := len(os.Getenv("OAUTH2_PROXY_COOKIE_SECRET")); n != 16 && n != 24 && n != 32 {
		return program{}, fmt.Errorf("the cookie secret has %d bytes", n)
	}
	return program{listens: map[string][]string{v[0]: {"/", v[2], v[3]}, v[1]: {"/metrics"}}}, nil
}
