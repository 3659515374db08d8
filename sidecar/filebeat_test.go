package sidecar_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// filebeatOptions sets all that Filebeat can be told.
func filebeatOptions() sidecar.LogShipperOptions {
	o := everyOption(sidecar.Destination{})
	o.MaxRetries, o.Sources = 0, o.Sources[:1]
	o.Format = sidecar.PlainLines().Multiline(`^\d{4}-.*$`)
	o.Sources[0].Format = sidecar.JSONLines().Time("ts", "%Y-%m-%dT%H:%M:%S.%L%z")
	return o
}

func TestFilebeat(t *testing.T) {
	es := sidecar.Elasticsearch("https://es.logging.svc/shop").BasicAuth(pattern.Secret("es")).CA(pattern.ConfigMap("es-ca").Volume("es-ca"))
	tests := map[string]pattern.SidecarContainer{
		"stdout":  sidecar.Filebeat(logs, sidecar.Stdout()),
		"es":      sidecar.Filebeat(logs, es, sidecar.LogShipperOptions{BufferVolume: pattern.PVC("buffer", "web-buffer")}),
		"options": sidecar.Filebeat(logs, es, filebeatOptions()),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "filebeat-"+name, logsPod(), c) })
	}
}

func TestFilebeatRefuses(t *testing.T) {
	for why, tt := range map[string]struct {
		to   sidecar.Destination
		opts sidecar.LogShipperOptions
		want string
	}{
		"Loki":               {sidecar.Loki("http://loki"), sidecar.LogShipperOptions{}, "Filebeat has no output for Loki, only for Elasticsearch and Stdout: use FluentBit, Vector or Alloy"},
		"HTTP":               {sidecar.HTTP("http://logs"), sidecar.LogShipperOptions{}, "no output for HTTP"},
		"two destinations":   {sidecar.Stdout(), sidecar.LogShipperOptions{Sources: []sidecar.LogSource{{Tag: "a", To: sidecar.Stdout()}}}, "one destination"},
		"an end of tries":    {sidecar.Stdout(), sidecar.LogShipperOptions{MaxRetries: 3}, "tries without end"},
		"a small buffer":     {sidecar.Stdout(), sidecar.LogShipperOptions{Buffer: "1Mi"}, "at least 10M"},
		"an annotation":      {sidecar.Stdout(), sidecar.LogShipperOptions{Fields: []string{"metadata.annotations['a']"}}, "annotation may break"},
		"groups":             {sidecar.Stdout(), sidecar.LogShipperOptions{Format: sidecar.RegexLines("(?P<a>b)")}, "reads no RegexLines, only PlainLines and JSONLines: use FluentBit, Vector or Fluentd"},
		"logfmt":             {sidecar.Stdout(), sidecar.LogShipperOptions{Format: sidecar.LogfmtLines()}, "reads no LogfmtLines, only PlainLines and JSONLines: use FluentBit or Vector"},
		"a layout Go hasn't": {sidecar.Stdout(), sidecar.LogShipperOptions{Format: sidecar.JSONLines().Time("t", "%Y 1")}, "means something in a layout of Go"},
	} {
		t.Run(why, func(t *testing.T) { patterntest.Refuses(t, logsPod(), sidecar.Filebeat(logs, tt.to, tt.opts), tt.want) })
	}
}

// filebeatConfig has the options of Filebeat that a configuration may have, by its
// reference: filebeat.reference.yml, and the pages of the inputs and processors.
type filebeatConfig struct {
	Path struct{ Data string }
	HTTP struct {
		Enabled bool
		Host    string
		Port    int
	}
	Filebeat struct {
		Inputs          []filebeatInput
		ShutdownTimeout string `json:"shutdown_timeout"`
	}
	Queue struct {
		Disk struct {
			MaxSize string `json:"max_size"`
		}
	}
	Setup struct {
		Template struct{ Enabled bool }
		ILM      struct{ Enabled bool }
	}
	Output struct {
		Console *struct {
			Codec struct{ JSON struct{ Pretty bool } }
		}
		Elasticsearch *struct {
			Hosts                     []string
			Index, Username, Password string
			SSL                       struct {
				Authorities []string `json:"certificate_authorities"`
			}
		}
	}
}

type filebeatInput struct {
	Type, ID, Encoding string
	Paths              []string
	FileIdentity       struct{ Native any } `json:"file_identity"`
	Prospector         struct {
		Scanner struct {
			CheckInterval string `json:"check_interval"`
			Fingerprint   struct{ Enabled bool }
		}
	}
	Parsers []struct {
		Multiline struct {
			Type, Pattern, Match, Timeout string
			Negate                        bool
		}
	}
	Processors []struct {
		Replace *struct {
			Fields        []struct{ Field, Pattern, Replacement string }
			IgnoreMissing bool `json:"ignore_missing"`
		}
		DecodeJSONFields *struct {
			Fields        []string
			Target        string
			OverwriteKeys bool `json:"overwrite_keys"`
			AddErrorKey   bool `json:"add_error_key"`
		} `json:"decode_json_fields"`
		Timestamp *struct {
			Field         string
			Layouts       []string
			IgnoreMissing bool `json:"ignore_missing"`
			IgnoreFailure bool `json:"ignore_failure"`
		}
		AddFields *struct {
			Target string
			Fields map[string]string
		} `json:"add_fields"`
	}
}

func TestFilebeatConfigIsRead(t *testing.T) {
	es := sidecar.Elasticsearch("https://es.logging.svc/shop").BasicAuth(pattern.Secret("es")).CA(pattern.ConfigMap("es-ca").Volume("es-ca"))
	text := configOf(t, sidecar.Filebeat(logs, es, filebeatOptions()), "filebeat.yml")
	var c filebeatConfig
	require.NoError(t, yaml.UnmarshalStrict([]byte(text), &c))
	require.Equal(t, []string{"https://es.logging.svc:9200"}, c.Output.Elasticsearch.Hosts)
	require.Equal(t, []string{"/etc/log-ca/1/ca.crt"}, c.Output.Elasticsearch.SSL.Authorities)
	require.Equal(t, "'${LOG_PASSWORD:}'", c.Output.Elasticsearch.Password)
	require.Equal(t, `^\d{4}-.*$$`, c.Filebeat.Inputs[0].Parsers[0].Multiline.Pattern, "a lone $ is doubled")
	require.NotEqual(t, c.Filebeat.Inputs[0].ID, c.Filebeat.Inputs[1].ID, "positions are kept by it")
	require.NotNil(t, c.Filebeat.Inputs[1].Processors[3].AddFields, "last, so that a line can't forge its source")
	for _, f := range c.Filebeat.Inputs[0].Processors[0].Replace.Fields {
		_, err := regexp.Compile(strings.ReplaceAll(f.Pattern, "$$", "$"))
		require.NoError(t, err)
	}

	for _, option := range []string{"shutdown_timeout:", "overwrite_keys:", "negate:", "max_size:", "replacement:"} {
		require.Contains(t, text, option)
		broken := strings.Replace(text, option, "x"+option, 1)
		require.ErrorContains(t, yaml.UnmarshalStrict([]byte(broken), &c), "unknown field")
	}
}
