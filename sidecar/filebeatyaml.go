package sidecar

import (
	"fmt"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// filebeatYAML gives the configuration file.
func filebeatYAML(s shipping, port int, stopSeconds int64) string {
	inputs := []any{}
	for _, f := range s.sources {
		input := map[string]any{
			"type": "filestream", "id": f.tag, "paths": []string{filebeatText(f.path)}, "encoding": "utf-8",
			// By default a file of less than 1 KiB isn't read.
			"file_identity": map[string]any{"native": nil},
			"prospector": map[string]any{"scanner": map[string]any{
				"check_interval": "5s", "fingerprint": map[string]any{"enabled": false},
			}},
			"processors": filebeatProcessors(s, f),
		}
		if f.format.joined {
			input["parsers"] = []any{map[string]any{"multiline": map[string]any{
				"type": "pattern", "pattern": filebeatText(f.format.firstLine), "negate": true, "match": "after", "timeout": "1s",
			}}}
		}
		inputs = append(inputs, input)
	}
	text, err := yaml.Marshal(map[string]any{
		"path":     map[string]any{"data": "/state"},
		"http":     map[string]any{"enabled": true, "host": "0.0.0.0", "port": port},
		"filebeat": map[string]any{"inputs": inputs, "shutdown_timeout": fmt.Sprintf("%ds", stopSeconds)},
		"queue":    map[string]any{"disk": map[string]any{"max_size": strconv.FormatInt(s.buffer, 10) + "B"}},
		"setup":    map[string]any{"template": map[string]any{"enabled": false}, "ilm": map[string]any{"enabled": false}},
		"output":   filebeatOutput(s.destinations[0]),
	})
	if err != nil { // strings and numbers only: they can always be written
		return ""
	}
	return string(text)
}

// filebeatProcessors makes an event of a line. What the shipper knows comes last, and
// wins over what the line says.
func filebeatProcessors(s shipping, f shippedFiles) []any {
	all := []any{}
	if len(s.redact) > 0 {
		redacted := []any{}
		for _, expr := range s.redact {
			redacted = append(redacted, map[string]any{"field": "message", "pattern": filebeatText(expr), "replacement": "***"})
		}
		all = append(all, map[string]any{"replace": map[string]any{"fields": redacted, "ignore_missing": true}})
	}
	if f.format.kind == jsonLines {
		all = append(all, map[string]any{"decode_json_fields": map[string]any{
			"fields": []string{"message"}, "target": "", "overwrite_keys": true, "add_error_key": false,
		}})
	}
	if f.format.timed {
		layouts := goLayouts(f.format, "UNIX")
		for i := range layouts {
			layouts[i] = filebeatText(layouts[i])
		}
		all = append(all, map[string]any{"timestamp": map[string]any{
			"field": f.format.timeField, "layouts": layouts, "ignore_missing": true, "ignore_failure": true,
		}})
	}
	known := map[string]any{"source": f.tag}
	for _, field := range s.fields {
		known[field.name] = filebeatEnv(field.env)
	}
	return append(all, map[string]any{"add_fields": map[string]any{"target": "", "fields": known}})
}

func filebeatOutput(d Destination) map[string]any {
	if d.kind != "es" {
		return map[string]any{"console": map[string]any{"codec": map[string]any{"json": map[string]any{"pretty": false}}}}
	}
	out := map[string]any{"hosts": []string{d.server()}, "index": d.index()}
	if d.ca != nil {
		out["ssl"] = map[string]any{"certificate_authorities": []string{caFile(0)}}
	}
	if d.secret != nil {
		user, password := credentials(0)
		out["username"], out["password"] = filebeatEnv(user), filebeatEnv(password)
	}
	return map[string]any{"elasticsearch": out}
}

// filebeatText writes a text: ${ would begin a variable.
func filebeatText(s string) string { return strings.ReplaceAll(s, "$", "$$") }

// filebeatEnv gives the value of a variable. Between single quotes Filebeat doesn't
// read it for a number or a list, and without the colon it would not have an empty one.
func filebeatEnv(variable string) string { return "'${" + variable + ":}'" }
