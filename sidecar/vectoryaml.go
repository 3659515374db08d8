package sidecar

import (
	"fmt"
	"regexp"
	"strconv"

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
		if d.ca != nil {
			sink["tls"] = map[string]any{"ca_file": caFile(i)}
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
	switch d.kind {
	case "loki":
		sink := map[string]any{
			"type": "loki", "endpoint": d.server(), "path": d.path, "encoding": json, "labels": map[string]any{"job": job},
		}
		if d.tenant != "" {
			sink["tenant_id"] = d.tenant
		}
		return sink
	case "es":
		return map[string]any{
			// Without it Vector asks the server for its version, which may be down.
			"type": "elasticsearch", "endpoints": []string{d.server()}, "api_version": "v8", "request_retry_partial": true,
			// A data stream takes no other action.
			"bulk": map[string]any{"index": d.index(), "action": "create"},
		}
	case "http":
		return map[string]any{
			"type": "http", "uri": d.server() + d.path, "encoding": json, "framing": map[string]any{"method": "newline_delimited"},
		}
	}
	return map[string]any{"type": "console", "target": "stdout", "encoding": json}
}
