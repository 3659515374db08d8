package sidecar_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// audit is a second volume with logs.
var audit = pattern.EmptyDir("audit").SizeLimit("1Gi")

// everyOption sets all that a log shipper can be told, with two destinations.
func everyOption(also sidecar.Destination) sidecar.LogShipperOptions {
	return sidecar.LogShipperOptions{
		Files: "*/access.log", Tag: "access", Port: 9000, Buffer: "1Gi", MaxRetries: 10,
		Format: sidecar.RegexLines(`^(?<time>\S+) (?<level>[A-Z]+) (?<msg>.*)$`).Time("time", "%Y-%m-%dT%H:%M:%S.%L%z").Multiline(`^\d{4}-`),
		Redact: []string{`(?i)password=\S+`, `\b\d{16}\b`},
		Fields: []string{"spec.nodeName", "metadata.labels['app.kubernetes.io/name']"},
		Sources: []sidecar.LogSource{
			{Tag: "audit", Volume: audit, Files: "*.json", Format: sidecar.JSONLines().Time("ts", "%s"), To: also},
			{Tag: "errors", Files: "error.log", Format: sidecar.LogfmtLines()},
		},
	}
}

// logsPod is a pod whose app writes logs.
func logsPod() pattern.PodBuilder {
	return pattern.Pod("web").Hardened().Label("app.kubernetes.io/name", "web").
		WithApp(patterntest.App().Writes(logs, "/var/log/web").Writes(audit, "/var/log/audit"))
}

func TestVector(t *testing.T) {
	http := sidecar.HTTP("https://logs.example.com/ingest?team=web").BasicAuth(pattern.Secret("ingest"))
	tests := map[string]pattern.SidecarContainer{
		"loki":    sidecar.Vector(logs, sidecar.Loki("https://loki").Tenant("shop").CA(pattern.ConfigMap("loki-ca").Volume("loki-ca"))),
		"es":      sidecar.Vector(logs, sidecar.Elasticsearch("https://es.logging.svc/shop").BasicAuth(pattern.Secret("es"))),
		"options": sidecar.Vector(logs, http, everyOption(sidecar.Stdout())),
		"claim":   sidecar.Vector(logs, http, sidecar.LogShipperOptions{BufferVolume: pattern.PVC("buffer", "web-buffer")}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "vector-"+name, logsPod(), c) })
	}
}

func TestVectorRefuses(t *testing.T) {
	for why, tt := range map[string]struct {
		to   sidecar.Destination
		opts sidecar.LogShipperOptions
		want string
	}{
		"a buffer below Vector's least": {sidecar.Stdout(), sidecar.LogShipperOptions{Buffer: "64Mi"}, "at least 257Mi"},
		"a part of a time in a URL":     {sidecar.HTTP("http://logs/a%20b"), sidecar.LogShipperOptions{}, "percent sign"},
		"a password's name in a glob":   {sidecar.Stdout(), sidecar.LogShipperOptions{Files: "SECRET[a.b]"}, "SECRET["},
		"a password's name in a layout": {sidecar.Stdout(), sidecar.LogShipperOptions{Format: sidecar.JSONLines().Time("t", "%s SECRET[a.b]")}, "SECRET["},
		"no destination":                {sidecar.Destination{}, sidecar.LogShipperOptions{}, "make it with Loki"},
		"a regular expression":          {sidecar.Stdout(), sidecar.LogShipperOptions{Redact: []string{"("}}, "want a regular expression"},
		"a port":                        {sidecar.Stdout(), sidecar.LogShipperOptions{Port: -1}, "between 1 and 65535"},
	} {
		t.Run(why, func(t *testing.T) { patterntest.Refuses(t, logsPod(), sidecar.Vector(logs, tt.to, tt.opts), tt.want) })
	}
}

// vectorConfig has the options of Vector 0.57 that a configuration may have, by its
// reference: website/cue/reference.
type vectorConfig struct {
	DataDir   string `json:"data_dir"`
	LogSchema struct {
		TimestampKey string `json:"timestamp_key"`
	} `json:"log_schema"`
	Secret     map[string]vectorSecret    `json:"secret"`
	Sources    map[string]vectorSource    `json:"sources"`
	Transforms map[string]vectorTransform `json:"transforms"`
	Sinks      map[string]vectorSink      `json:"sinks"`
}

type vectorSecret struct {
	Type   string `json:"type"`
	Path   string `json:"path"`
	Remove bool   `json:"remove_trailing_whitespace"`
}

type vectorSource struct {
	Type      string   `json:"type"`
	Include   []string `json:"include"`
	ReadFrom  string   `json:"read_from"`
	Multiline *struct {
		Mode      string `json:"mode"`
		Start     string `json:"start_pattern"`
		Condition string `json:"condition_pattern"`
		Timeout   int    `json:"timeout_ms"`
	} `json:"multiline"`
}

type vectorTransform struct {
	Type   string   `json:"type"`
	Inputs []string `json:"inputs"`
	Source string   `json:"source"`
}

type vectorSink struct {
	Type             string   `json:"type"`
	Inputs           []string `json:"inputs"`
	Acknowledgements struct {
		Enabled bool `json:"enabled"`
	} `json:"acknowledgements"`
	Buffer *struct {
		Type     string `json:"type"`
		MaxSize  int64  `json:"max_size"`
		WhenFull string `json:"when_full"`
	} `json:"buffer"`
	TenantID string `json:"tenant_id"`
	TLS      struct {
		CAFile string `json:"ca_file"`
	} `json:"tls"`
	Request struct {
		RetryAttempts int `json:"retry_attempts"`
	} `json:"request"`
	Auth *struct {
		Strategy string `json:"strategy"`
		User     string `json:"user"`
		Password string `json:"password"`
	} `json:"auth"`
	Encoding struct {
		Codec string `json:"codec"`
	} `json:"encoding"`
	Framing struct {
		Method string `json:"method"`
	} `json:"framing"`
	Target    string            `json:"target"`
	URI       string            `json:"uri"`
	Address   string            `json:"address"`
	Endpoint  string            `json:"endpoint"`
	Path      string            `json:"path"`
	Labels    map[string]string `json:"labels"`
	Endpoints []string          `json:"endpoints"`
	Version   string            `json:"api_version"`
	Partial   bool              `json:"request_retry_partial"`
	Bulk      struct {
		Index  string `json:"index"`
		Action string `json:"action"`
	} `json:"bulk"`
}

// readVector reads a configuration as strictly as Vector, and follows its pipes.
func readVector(t *testing.T, text string) (vectorConfig, string) {
	t.Helper()
	var c vectorConfig
	if err := yaml.UnmarshalStrict([]byte(text), &c); err != nil {
		return c, err.Error()
	}
	outputs, read := map[string]bool{}, map[string]bool{}
	for name := range c.Sources {
		outputs[name] = true
	}
	for name := range c.Transforms {
		outputs[name] = true
	}
	inputs := func(from []string) bool {
		for _, name := range from {
			read[name] = true
			if !outputs[name] {
				return false
			}
		}
		return len(from) > 0
	}
	for name, transform := range c.Transforms {
		if !inputs(transform.Inputs) {
			return c, name + " has no input"
		}
	}
	for name, sink := range c.Sinks {
		if !inputs(sink.Inputs) {
			return c, name + " has no input"
		}
	}
	for name := range outputs {
		if !read[name] {
			return c, name + " goes nowhere"
		}
	}
	return c, ""
}

func TestVectorConfigIsRead(t *testing.T) {
	es := sidecar.Elasticsearch("https://es/shop").BasicAuth(pattern.Secret("es")).CA(pattern.ConfigMap("es-ca").Volume("es-ca"))
	text := configOf(t, sidecar.Vector(logs, es, everyOption(sidecar.Loki("http://loki").Tenant("shop"))), "vector.yaml")
	c, wrong := readVector(t, text)
	require.Empty(t, wrong)
	require.Equal(t, []string{"records_1", "records_3"}, c.Sinks["to_1"].Inputs)
	require.Equal(t, "shop", c.Sinks["to_1"].Bulk.Index)
	require.Equal(t, "/loki/api/v1/push", c.Sinks["to_2"].Path)
	require.Equal(t, "shop", c.Sinks["to_2"].TenantID)
	require.Equal(t, "/etc/log-ca/1/ca.crt", c.Sinks["to_1"].TLS.CAFile)
	require.Empty(t, c.Sinks["to_2"].TLS.CAFile)
	require.Equal(t, "SECRET[login_1.password]", c.Sinks["to_1"].Auth.Password)

	// Vector puts the password into the text before it reads it.
	odd := ` p: "a' #{[ \\ $HOME é`
	c, wrong = readVector(t, strings.ReplaceAll(text, "SECRET[login_1.password]", odd))
	require.Empty(t, wrong)
	require.Equal(t, odd, c.Sinks["to_1"].Auth.Password)

	for why, broken := range map[string]string{
		"has no input":  strings.Replace(text, "- records_1", "- record_1", 1),
		"goes nowhere":  strings.Replace(text, "- records_1\n", "", 1),
		"unknown field": strings.Replace(text, "read_from:", "start_at:", 1),
	} {
		require.NotEqual(t, text, broken)
		_, wrong := readVector(t, broken)
		require.Contains(t, wrong, why)
	}
}

// configOf gives a file that a helper of logsPod brings.
func configOf(t *testing.T, c pattern.SidecarContainer, file string) string {
	t.Helper()
	objects, err := logsPod().WithSidecar(c).Objects()
	require.NoError(t, err)
	for _, o := range objects {
		if m, ok := o.(*corev1.ConfigMap); ok && m.Data[file] != "" {
			return m.Data[file]
		}
	}
	require.Fail(t, "no ConfigMap has a "+file)
	return ""
}
