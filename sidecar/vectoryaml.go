package sidecar

import (
	"fmt"
	"net"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/strftime"
	"github.com/podpattern/podpattern/pattern"
	"sigs.k8s.io/yaml"
)

// vectorYAML gives the configuration file. Since 0.57 Vector expands no variables in
// it, so a $ is a $.
func vectorYAML(s shipping, secrets []*pattern.SecretBuilder, job string, port int) string {
	sources, transforms := vectorSources(s)
	sources["metrics"] = map[string]any{"type": "internal_metrics"}
	sinks, logins := vectorSinks(s, secrets, job)
	sinks["metrics_out"] = map[string]any{
		"type": "prometheus_exporter", "inputs": []string{"metrics"}, "address": "0.0.0.0:" + strconv.Itoa(port),
	}
	config := map[string]any{
		"data_dir": "/state", "log_schema": map[string]any{"timestamp_key": "@timestamp"},
		"sources": sources, "transforms": transforms, "sinks": sinks,
	}
	if len(logins) > 0 {
		config["secret"] = logins
	}
	text, err := yaml.Marshal(config)
	if err != nil { // strings and numbers only: they can always be written
		return ""
	}
	return secretAsBlock.ReplaceAllString(string(text), "$1$2: |2-\n$1  $3")
}

// vectorSources gives the files, and what makes records of their lines.
func vectorSources(s shipping) (sources, transforms map[string]any) {
	sources, transforms = map[string]any{}, map[string]any{}
	for i, f := range s.sources {
		source := map[string]any{"type": "file", "include": []string{f.path}, "read_from": "beginning"}
		if f.format.joined {
			first := rustExpr(f.format.firstLine)
			source["multiline"] = map[string]any{
				"mode": "halt_before", "start_pattern": first, "condition_pattern": first, "timeout_ms": 1000,
			}
		}
		files := "files_" + strconv.Itoa(i+1)
		sources[files] = source
		transforms[vectorRecords(i)] = map[string]any{"type": "remap", "inputs": []string{files}, "source": vrl(s, f)}
	}
	return sources, transforms
}

// vectorRecords is what makes records of the lines of a source.
func vectorRecords(source int) string { return "records_" + strconv.Itoa(source+1) }

// vectorSinks gives the destinations, and the folders with their passwords.
func vectorSinks(s shipping, secrets []*pattern.SecretBuilder, job string) (sinks, logins map[string]any) {
	sinks, logins = map[string]any{}, map[string]any{}
	for i, d := range s.destinations {
		sink, inputs := vectorSink(d, job), []string{}
		for j, f := range s.sources {
			if f.to == i {
				inputs = append(inputs, vectorRecords(j))
			}
		}
		sink["inputs"] = inputs
		// A position in a file is kept when its lines are in the buffer, or sent.
		sink["acknowledgements"] = map[string]any{"enabled": true}
		if d.kind != "stdout" {
			sink["buffer"] = map[string]any{"type": "disk", "max_size": s.buffer, "when_full": "block"}
			if s.maxRetries > 0 {
				sink["request"] = map[string]any{"retry_attempts": s.maxRetries}
			}
		}
		if secrets[i] != nil {
			login := "login_" + strconv.Itoa(i+1)
			logins[login] = map[string]any{"type": "directory", "path": vectorLogin(i), "remove_trailing_whitespace": true}
			sink["auth"] = map[string]any{
				"strategy": "basic", "user": "SECRET[" + login + ".username]", "password": "SECRET[" + login + ".password]",
			}
		}
		sinks["to_"+strconv.Itoa(i+1)] = sink
	}
	return sinks, logins
}

// secretAsBlock finds what Vector replaces by a password before it reads the YAML. In a
// block every character of the password stands for itself.
var secretAsBlock = regexp.MustCompile(`(?m)^( *)(user|password): (SECRET\[login_\d+\.\w+\])$`)

// vectorLogin is the folder with the user and the password of a destination.
func vectorLogin(destination int) string { return fmt.Sprintf("/etc/vector-login/%d", destination+1) }

func vectorSink(d Destination, job string) map[string]any {
	json := map[string]any{"codec": "json"}
	server := net.JoinHostPort(d.host, strconv.Itoa(d.port))
	if d.tls {
		server = "https://" + server
	} else {
		server = "http://" + server
	}
	switch d.kind {
	case "loki":
		return map[string]any{
			"type": "loki", "endpoint": server, "path": d.path, "encoding": json, "labels": map[string]any{"job": job},
		}
	case "es":
		return map[string]any{
			// Without it Vector asks the server for its version, which may be down.
			"type": "elasticsearch", "endpoints": []string{server}, "api_version": "v8", "request_retry_partial": true,
			// A data stream takes no other action.
			"bulk": map[string]any{"index": strings.TrimPrefix(d.path, "/"), "action": "create"},
		}
	case "http":
		return map[string]any{
			"type": "http", "uri": server + d.path, "encoding": json, "framing": map[string]any{"method": "newline_delimited"},
		}
	}
	return map[string]any{"type": "console", "target": "stdout", "encoding": json}
}

// vrl gives the program that makes a record of a line. What the shipper knows wins
// over what the line says.
func vrl(s shipping, f shippedFiles) string {
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	put(`line = string(.message) ?? ""`)
	for _, expr := range s.redact {
		put(`line = replace(line, r'%s', "***")`, rustExpr(expr))
	}
	put(`at = now()`)
	put(`record = {"log": line}`)
	switch f.format.kind {
	case jsonLines:
		put(`parsed, err = parse_json(line)`)
		put(`if err == null && is_object(parsed) { record = object!(parsed) }`)
	case logfmtLines:
		put(`parsed, err = parse_logfmt(line)`)
		put(`if err == null { record = parsed }`)
	case regexLines:
		put(`parsed, err = parse_regex(line, r'%s')`, rustExpr(f.format.expr))
		put(`if err == null { record = parsed }`)
	}
	if f.format.timed {
		field := vrlString(f.format.timeField)
		put(`stamp, err = parse_timestamp(to_string(record.%s) ?? "", format: %s)`, field, vrlString(chronoLayout(f.format.timeForm)))
		put(`if err == null { at = stamp; del(record.%s) }`, field)
	}
	put(`record.file = .file`)
	put(`record.source = %s`, vrlString(f.tag))
	for _, field := range s.fields {
		put(`record.%s = get_env_var(%s) ?? ""`, vrlString(field.name), vrlString(field.env))
	}
	put(`record."@timestamp" = at`)
	put(`. = record`)
	return b.String()
}

// vrlString quotes a text: {{ would name a variable.
func vrlString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "{{", `\{{`).Replace(s) + `"`
}

// rustExpr writes a regular expression of Go for Rust's crate regex, which reads the
// canonical form alike, between r' and '.
func rustExpr(expr string) string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil { // the options were checked
		return ""
	}
	return strings.ReplaceAll(re.String(), "'", `\x27`)
}

// chronoLayout writes a layout for Rust's crate chrono. It reads a fraction of the
// second of any length after a point, and of three digits after anything else.
func chronoLayout(layout string) string {
	tokens, err := strftime.Tokens(layout)
	if err != nil { // the options were checked
		return ""
	}
	out := ""
	for _, t := range tokens {
		switch {
		case t.Directive == 0:
			out += t.Text
		case t.Directive == 'L' && strings.HasSuffix(out, "."):
			out = strings.TrimSuffix(out, ".") + "%.f"
		case t.Directive == 'L':
			out += "%3f"
		case t.Directive == 'z': // Z too
			out += "%#z"
		default:
			out += "%" + string(t.Directive)
		}
	}
	return out
}
