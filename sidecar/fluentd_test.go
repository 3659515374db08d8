package sidecar_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

func TestFluentd(t *testing.T) {
	http := sidecar.HTTP("https://logs.example.com/ingest?team=web").BasicAuth(pattern.Secret("ingest")).CA(pattern.ConfigMap("ingest-ca").Volume("ingest-ca"))
	every := everyOption(sidecar.Stdout())
	every.Sources = every.Sources[:1]
	tests := map[string]pattern.SidecarContainer{
		"stdout":  sidecar.Fluentd(logs, sidecar.Stdout()),
		"http":    sidecar.Fluentd(logs, http, sidecar.LogShipperOptions{BufferVolume: pattern.PVC("buffer", "web-buffer")}),
		"options": sidecar.Fluentd(logs, http, every),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "fluentd-"+name, logsPod(), c) })
	}
}

func TestFluentdRefuses(t *testing.T) {
	for why, tt := range map[string]struct {
		to   sidecar.Destination
		opts sidecar.LogShipperOptions
		want string
	}{
		"Loki":                   {sidecar.Loki("http://loki"), sidecar.LogShipperOptions{}, "no output for Loki, only for HTTP and Stdout: use FluentBit, Vector or Alloy"},
		"Elasticsearch":          {sidecar.Elasticsearch("http://es"), sidecar.LogShipperOptions{}, "no output for Elasticsearch"},
		"a source's destination": {sidecar.Stdout(), sidecar.LogShipperOptions{Sources: []sidecar.LogSource{{Tag: "a", To: sidecar.Loki("http://loki")}}}, "no output for Loki"},
		"logfmt":                 {sidecar.Stdout(), sidecar.LogShipperOptions{Format: sidecar.LogfmtLines()}, "no parser for logfmt"},
		"a buffer":               {sidecar.Stdout(), sidecar.LogShipperOptions{Buffer: "-1"}, "want a size"},
	} {
		t.Run(why, func(t *testing.T) { patterntest.Refuses(t, logsPod(), sidecar.Fluentd(logs, tt.to, tt.opts), tt.want) })
	}
}

// fluentdSection is a section of a configuration of Fluentd.
type fluentdSection struct {
	name, arg string
	params    map[string]string
	sections  []*fluentdSection
}

// fluentdParams are the parameters of the plugins that the image has, by the
// config_param of lib/fluent/plugin; a record has those that one likes.
var fluentdParams = map[string]string{
	"system":                    "suppress_config_dump",
	"source monitor_agent":      "@type bind port",
	"source tail":               "@type path glob_policy pos_file follow_inodes read_from_head refresh_interval tag path_key encoding multiline_flush_interval",
	"parse none":                "@type message_key time_key",
	"parse multiline":           "@type format_firstline format1",
	"parse json":                "@type time_key",
	"parse regexp":              "@type expression time_key",
	"filter record_transformer": "@type enable_ruby",
	"filter parser":             "@type key_name reserve_data reserve_time remove_key_name_field emit_invalid_record_to_error",
	"match http":                "@type endpoint tls_ca_cert_path retryable_response_codes open_timeout read_timeout",
	"match stdout":              "@type use_logger",
	"format json":               "@type",
	"auth":                      "method username password",
	"buffer file": "@type path total_limit_size chunk_limit_size overflow_action flush_mode flush_interval flush_at_shutdown " +
		"disable_chunk_backup retry_max_interval retry_max_times retry_forever",
}

var fluentdLine = regexp.MustCompile(`^ *(?:<(/?)([a-z]+)(?: ([^>]*))?>|([^' ]+|'(?:[^'\\\\]|\\\\.)*') (.*))$`)

// readFluentd reads a configuration as Fluentd does, and says what it wouldn't take.
func readFluentd(text string) (*fluentdSection, error) {
	root := &fluentdSection{name: "root", params: map[string]string{}}
	open := []*fluentdSection{root}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		m := fluentdLine.FindStringSubmatch(line)
		top := open[len(open)-1]
		switch {
		case m == nil:
			return nil, fmt.Errorf("no section and no parameter: %s", line)
		case m[1] != "":
			if top.name != m[2] {
				return nil, fmt.Errorf("unmatched end tag: %s", line)
			}
			if known, ok := fluentdParams[strings.TrimSpace(top.name+" "+top.params["@type"])]; top.name != "record" {
				for param := range top.params {
					if !ok || !slices.Contains(strings.Fields(known), param) {
						return nil, fmt.Errorf("no parameter of %s %s: %s", top.name, top.params["@type"], param)
					}
				}
			}
			open = open[:len(open)-1]
		case m[2] != "":
			s := &fluentdSection{name: m[2], arg: m[3], params: map[string]string{}}
			top.sections, open = append(top.sections, s), append(open, s)
		default:
			value, err := fluentdLiteral(m[5])
			if err != nil {
				return nil, err
			}
			top.params[m[4]] = value
		}
	}
	if len(open) != 1 {
		return nil, fmt.Errorf("expected end tag of %s", open[len(open)-1].name)
	}
	return root, nil
}

// fluentdLiteral reads a value by the rules of lib/fluent/config/literal_parser.rb.
func fluentdLiteral(s string) (string, error) {
	env := regexp.MustCompile(`^"#\{ENV\['[A-Z_0-9]+'\]\}"$`)
	switch {
	case env.MatchString(s):
		return s, nil
	case !strings.HasPrefix(s, "'"):
		if strings.ContainsAny(s, "\"'#[{ ") {
			return "", fmt.Errorf("has a meaning without quotes: %s", s)
		}
		return s, nil
	}
	out := ""
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\'' && i == len(s)-1:
			return out, nil
		case s[i] == '\'':
			return "", fmt.Errorf("expected end of line: %s", s[i:])
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\\' || s[i+1] == '\''):
			i++
			out += s[i : i+1]
		default:
			out += s[i : i+1]
		}
	}
	return "", fmt.Errorf("unexpected end of file in a single quoted string: %s", s)
}

func TestFluentdConfigIsRead(t *testing.T) {
	http := sidecar.HTTP("https://logs.example.com/ingest?team='web'&b=$").BasicAuth(pattern.Secret("ingest")).CA(pattern.ConfigMap("ca").Volume("ca"))
	every := everyOption(sidecar.Stdout())
	every.Sources = every.Sources[:1]
	text := configOf(t, sidecar.Fluentd(logs, http, every), "fluent.conf")
	root, err := readFluentd(text)
	require.NoError(t, err)
	outputs := map[string]string{}
	for _, s := range root.sections {
		if s.name == "match" {
			outputs[s.arg] = s.params["@type"]
		}
	}
	require.Equal(t, map[string]string{"logs.access": "http", "logs.audit": "stdout"}, outputs)

	for want, broken := range map[string]string{
		"no parameter of match http":   strings.Replace(text, "endpoint ", "endpoint_url ", 1),
		"unmatched end tag":            strings.Replace(text, "</buffer>\n", "", 1),
		"no section and no parameter":  strings.Replace(text, "  method basic", "  method", 1),
		"has a meaning without quotes": strings.Replace(text, "path_key file", "path_key [file", 1),
		"single quoted string":         strings.Replace(text, `TZ")}'`, `TZ")}`, 1) + "a 'b",
		"expected end of line":         strings.Replace(text, "path_key file", "path_key 'fi'le'", 1),
	} {
		require.NotEqual(t, text, broken, want)
		_, err := readFluentd(broken)
		require.ErrorContains(t, err, want)
	}
}
