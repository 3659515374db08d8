package conformance_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// fluent-bit itself can't be had here, and takes unknown sections without a word. So
// this is the list of what its sources and documentation have, of which each word
// stands here because a configuration of this library has it.
//
// upstream: fluent/fluent-bit 5.1, the config_map of plugins/in_tail, filter_lua,
// filter_modify, filter_parser, filter_record_modifier, out_es, out_http, out_loki,
// out_stdout; src/flb_config.c, flb_input.c, flb_output.c, flb_parser.c.
var (
	anyText, onOff      = `.+`, `on|off`
	digits, sizes       = `\d+`, `\d+[KMG]?`
	fluentBitTagged     = map[string]string{"name": anyText, "match": anyText, "match_regex": anyText}
	fluentBitService    = map[string]string{"flush": digits, "grace": `[1-9]\d*`, "log_level": "off|error|warn|info|debug|trace", "http_server": onOff, "http_listen": anyText, "http_port": digits, "health_check": onOff, "storage.path": `/.+`, "storage.metrics": onOff, "storage.max_chunks_up": digits, "storage.backlog.mem_limit": sizes, "scheduler.cap": digits}
	fluentBitParser     = map[string]string{"name": anyText, "format": "json|regex|logfmt|ltsv", "regex": anyText, "time_key": anyText, "time_format": anyText}
	fluentBitMultiline  = map[string]string{"name": anyText, "type": "regex", "flush_timeout": digits}
	fluentBitConnection = map[string]string{"host": anyText, "port": digits, "tls": onOff, "tls.verify": onOff, "tls.verify_hostname": onOff, "tls.ca_file": `/.+`, "http_user": anyText, "http_passwd": anyText, "retry_limit": `[1-9]\d*|no_limits|no_retries`, "storage.total_limit_size": sizes}
	fluentBitPlugins    = map[string]map[string]map[string]string{
		"inputs": {
			"tail": {"name": anyText, "tag": anyText, "path": `/.+`, "path_key": anyText, "db": `/.+`, "db.locking": onOff, "read_from_head": onOff, "refresh_interval": digits, "buffer_max_size": sizes, "skip_long_lines": onOff, "multiline.parser": anyText, "storage.type": "filesystem|memory", "mem_buf_limit": sizes},
		},
		"filters": {
			"lua":             {"call": `\w+`, "code": `(?s).+`},
			"modify":          {"hard_rename": `\S+ \S+`},
			"parser":          {"key_name": anyText, "parser": anyText, "reserve_data": onOff},
			"record_modifier": {"record": `\S+ (\S+|"[^"]*")`, "remove_key": `\S+`},
		},
		"outputs": {
			"stdout": {"format": "json|json_lines|json_stream|msgpack", "json_date_format": "double|epoch|epoch_ms|iso8601|java_sql_timestamp", "json_date_key": anyText, "retry_limit": `[1-9]\d*|no_limits|no_retries`, "storage.total_limit_size": sizes},
			"loki":   joined(fluentBitConnection, map[string]string{"uri": `/.*`, "tenant_id": anyText, "labels": `\w+=[^,]+(, \w+=[^,]+)*`, "line_format": "json|key_value"}),
			"es":     joined(fluentBitConnection, map[string]string{"index": `[a-z0-9][^/A-Z%]*`, "suppress_type_name": onOff}),
			"http":   joined(fluentBitConnection, map[string]string{"uri": `/.*`, "format": "msgpack|json|json_stream|json_lines|gelf", "json_date_format": "double|epoch|epoch_ms|iso8601|java_sql_timestamp", "json_date_key": anyText}),
		},
	}
)

func joined(a, b map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range []map[string]string{a, b} {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

type fluentBitConfig struct {
	Service   map[string]any   `json:"service"`
	Parsers   []map[string]any `json:"parsers"`
	Multiline []map[string]any `json:"multiline_parsers"`
	Pipeline  struct {
		Inputs  []map[string]any `json:"inputs"`
		Filters []map[string]any `json:"filters"`
		Outputs []map[string]any `json:"outputs"`
	} `json:"pipeline"`
}

// fluentBitErrors says what is wrong with a configuration.
func fluentBitErrors(config string, variables []string) []string {
	var c fluentBitConfig
	if err := yaml.UnmarshalStrict([]byte(config), &c); err != nil {
		return []string{err.Error()}
	}
	bad := fluentBitOptions("service", c.Service, fluentBitService)
	parsers, joins, tags, dbs := []string{}, []string{}, []string{}, []string{}
	for _, p := range c.Parsers {
		bad = append(bad, fluentBitOptions("parser", p, fluentBitParser)...)
		parsers = append(parsers, fmt.Sprint(p["name"]))
	}
	for _, m := range c.Multiline {
		rules, _ := m["rules"].([]any)
		states := []string{}
		for _, rule := range rules {
			r, _ := rule.(map[string]any)
			bad = append(bad, fluentBitOptions("rule", r, map[string]string{"state": anyText, "regex": anyText, "next_state": anyText})...)
			states = append(states, fmt.Sprint(r["state"]))
		}
		for _, rule := range rules {
			if next := rule.(map[string]any)["next_state"]; !slices.Contains(states, fmt.Sprint(next)) {
				bad = append(bad, fmt.Sprintf("no state %v", next))
			}
		}
		if !slices.Contains(states, "start_state") {
			bad = append(bad, "no start_state")
		}
		delete(m, "rules")
		bad = append(bad, fluentBitOptions("multiline parser", m, fluentBitMultiline)...)
		joins = append(joins, fmt.Sprint(m["name"]))
	}
	for _, in := range c.Pipeline.Inputs {
		bad = append(bad, fluentBitPlugin("inputs", in)...)
		tags, dbs = append(tags, fmt.Sprint(in["tag"])), append(dbs, fmt.Sprint(in["db"]))
		if m, ok := in["multiline.parser"]; ok && !slices.Contains(joins, fmt.Sprint(m)) {
			bad = append(bad, fmt.Sprintf("no multiline parser %v", m))
		}
		if in["storage.type"] == "filesystem" && c.Service["storage.path"] == nil {
			bad = append(bad, "storage.type without a storage.path")
		}
	}
	bad = append(bad, namedTwice(dbs)...)
	bad = append(bad, namedTwice(tags)...)
	reached := []string{}
	for _, f := range c.Pipeline.Filters {
		bad = append(bad, fluentBitPlugin("filters", f)...)
		_, why := fluentBitMatches(f, tags)
		bad = append(bad, why...)
		if p, ok := f["parser"]; ok && !slices.Contains(parsers, fmt.Sprint(p)) {
			bad = append(bad, fmt.Sprintf("no parser %v", p))
		}
	}
	for _, o := range c.Pipeline.Outputs {
		bad = append(bad, fluentBitPlugin("outputs", o)...)
		hit, why := fluentBitMatches(o, tags)
		reached, bad = append(reached, hit...), append(bad, why...)
	}
	for _, tag := range tags {
		if !slices.Contains(reached, tag) {
			bad = append(bad, "nothing takes "+tag+": its records are lost")
		}
	}
	for _, v := range regexp.MustCompile(`\$\{([^}]*)`).FindAllStringSubmatch(config, -1) {
		if !slices.Contains(variables, v[1]) {
			bad = append(bad, "no variable "+v[1])
		}
	}
	return bad
}

// options holds what a section has against what it may have.
func fluentBitOptions(section string, has map[string]any, may map[string]string) []string {
	bad := []string{}
	for key, value := range has {
		values, ok := value.([]any)
		if !ok {
			values = []any{value}
		}
		for _, v := range values {
			switch want, known := may[key]; {
			case !known:
				bad = append(bad, section+" has no option "+key)
			case !regexp.MustCompile(`^(?:` + want + `)$`).MatchString(fmt.Sprint(v)):
				bad = append(bad, fmt.Sprintf("%s: %s can't be %v", section, key, v))
			}
		}
	}
	return bad
}

func fluentBitPlugin(kind string, has map[string]any) []string {
	name := fmt.Sprint(has["name"])
	may, ok := fluentBitPlugins[kind][name]
	switch {
	case !ok:
		return []string{"no plugin " + name + " among the " + kind}
	case kind == "inputs":
		return fluentBitOptions(name, has, may)
	}
	return fluentBitOptions(name, has, joined(fluentBitTagged, may))
}

// matches gives the tags that a filter or an output takes.
func fluentBitMatches(has map[string]any, tags []string) (hit, bad []string) {
	for _, tag := range tags {
		pattern := regexp.QuoteMeta(fmt.Sprint(has["match"]))
		pattern = `^` + strings.ReplaceAll(pattern, `\*`, `.*`) + `$`
		if m, ok := has["match_regex"]; ok {
			pattern = fmt.Sprint(m)
		}
		if regexp.MustCompile(pattern).MatchString(tag) {
			hit = append(hit, tag)
		}
	}
	if len(hit) == 0 {
		bad = append(bad, fmt.Sprintf("%v takes no tag", has["name"]))
	}
	return hit, bad
}

func namedTwice(names []string) []string {
	bad := []string{}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			bad = append(bad, name+" is there twice")
		}
	}
	return bad
}

var fluentBitUses = map[string]func(logs pattern.Volume) pattern.PodBuilder{
	"Loki": func(logs pattern.Volume) pattern.PodBuilder {
		return pattern.Pod("web").WithSidecar(sidecar.FluentBit(logs, sidecar.Loki("http://loki")))
	},
	"Elasticsearch": func(logs pattern.Volume) pattern.PodBuilder {
		return pattern.Pod("web").WithSidecar(sidecar.FluentBit(logs, sidecar.Elasticsearch("https://es:9200/shop").BasicAuth(pattern.Secret("es"))))
	},
	"HTTP": func(logs pattern.Volume) pattern.PodBuilder {
		return pattern.Pod("web").WithSidecar(sidecar.FluentBit(logs, sidecar.HTTP("https://logs.example.com/ingest?team=web")))
	},
	"all options": func(logs pattern.Volume) pattern.PodBuilder {
		return pattern.Pod("web").WithSidecar(sidecar.FluentBit(logs, sidecar.Stdout(), sidecar.LogShipperOptions{
			Files: "*/a.log", Tag: "a", Redact: []string{`(?i)password=\S+`, `\$\{x\}`}, Fields: []string{"spec.nodeName", "metadata.labels['app.kubernetes.io/name']"},
			Format: sidecar.RegexLines(`^(?P<time>[^|]+)\|(?<rest>.*\$\{y\}.*)$`).Time("time", "%F %T.%L").Multiline(`^\d`), Port: 9000, Buffer: "1Gi", MaxRetries: 7,
			BufferVolume: pattern.PVC("buffer", "buffer"),
			Sources: []sidecar.LogSource{
				{Tag: "b", Files: "b", Format: sidecar.JSONLines().Time("ts", "%s")},
				{Tag: "c", Files: "c", Format: sidecar.LogfmtLines(), To: sidecar.Loki("https://loki").BasicAuth(pattern.Secret("loki")).Tenant("shop").CA(pattern.ConfigMap("ca").Volume("ca"))},
				{Tag: "d", Files: "d", Format: sidecar.PlainLines(), To: sidecar.HTTP("http://d")},
			},
		}))
	},
	"LogsToJSON": func(logs pattern.Volume) pattern.PodBuilder {
		return pattern.Pod("web").WithAdapter(adapter.LogsToJSON(logs, `^(?<a>.*)$`).Name("fluent-bit"))
	},
	"LogsToJSON with all options": func(logs pattern.Volume) pattern.PodBuilder {
		return pattern.Pod("web").WithAdapter(adapter.LogsToJSON(logs, `^(?<time>\S+) (?<date>.*)$`, adapter.LogsToJSONOptions{
			Files: "*/a.log", Time: "time", TimeLayout: "%s", Multiline: `^\S`, FileField: "file", Port: 9000,
		}).Name("fluent-bit"))
	},
}

// fluentBitYAML gives the configuration, and the variables that its container has.
func fluentBitYAML(t *testing.T, use func(pattern.Volume) pattern.PodBuilder) (config string, variables []string) {
	t.Helper()
	logs := pattern.EmptyDir("logs")
	pod, err := use(logs).InlineConfig().WithApp(pattern.App("web", "web:1").Writes(logs, "/log")).Build()
	require.NoError(t, err)
	for _, e := range pod.Spec.InitContainers[0].Env {
		variables = append(variables, e.Name)
	}
	config = pod.Annotations["config.podpattern.dev/fluent-bit.fluent-bit.yaml"]
	require.NotEmpty(t, config)
	return config, variables
}

func TestFluentBitConfiguration(t *testing.T) {
	for name, use := range fluentBitUses {
		t.Run(name, func(t *testing.T) {
			config, variables := fluentBitYAML(t, use)
			require.Empty(t, fluentBitErrors(config, variables), config)
		})
	}
}

// The list can refuse.
func TestFluentBitRefusesABrokenConfiguration(t *testing.T) {
	good, variables := fluentBitYAML(t, fluentBitUses["all options"])
	tests := map[string]struct{ old, new, want string }{
		"unknown section":   {"pipeline:", "pipelines: {}\npipeline:", "unknown field"},
		"unknown option":    {"read_from_head:", "read_from_start:", "tail has no option read_from_start"},
		"unknown plugin":    {"name: record_modifier", "name: record_transformer", "no plugin record_transformer"},
		"option of another": {"json_date_format: iso8601", "line_format: json", "stdout has no option line_format"},
		"value":             {"retry_limit: 7", "retry_limit: often", "retry_limit can't be often"},
		"no tag":            {"match: d\n", "match: e\n", "takes no tag"},
		"lost records":      {`\A(?:a|b)\z`, `\A(?:a)\z`, "nothing takes b"},
		"no parser":         {"parser: b\n", "parser: x\n", "no parser x"},
		"no joining parser": {"multiline.parser: a-lines", "multiline.parser: x", "no multiline parser x"},
		"state":             {"next_state: more", "next_state: most", "no state most"},
		"one database":      {"db: /state/b.db", "db: /state/a.db", "/state/a.db is there twice"},
		"no storage":        {"  storage.path: /state/buffer\n", "", "storage.type without a storage.path"},
		"no variable":       {"${LOG_USER_2}", "${LOG_USER}", "no variable LOG_USER"},
		"two words":         {`"${POD_FIELD_1}"`, `a b`, "record can't be"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, good, tt.old)
			bad := strings.Replace(good, tt.old, tt.new, 1)
			require.Contains(t, strings.Join(fluentBitErrors(bad, variables), "\n"), tt.want)
		})
	}
}

// A joined record ends with a newline in fluent-bit, which goes before anything else
// reads it.
func TestFluentBitChomp(t *testing.T) {
	config, _ := fluentBitYAML(t, fluentBitUses["LogsToJSON with all options"])
	var c fluentBitConfig
	require.NoError(t, yaml.Unmarshal([]byte(config), &c))
	require.Equal(t, "chomp", c.Pipeline.Filters[0]["call"])
	script := filepath.Join(t.TempDir(), "chomp.lua")
	require.NoError(t, os.WriteFile(script, []byte(fmt.Sprint(c.Pipeline.Filters[0]["code"])+`
for _, log in ipairs{"a\nb\n", "a\nb", "\n", ""} do
  local code, time, record = chomp("app", 1, { log = log })
  assert(time == 1)
  io.write(code, "<", record.log, ">")
end
assert(chomp("app", 1, { log = 7 }) == 0)`), 0o644))
	out, err := exec.Command("lua5.1", script).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, "2<a\nb>0<a\nb>2<>0<>", string(out))
}
