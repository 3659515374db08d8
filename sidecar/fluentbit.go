package sidecar

import (
	"fmt"

	"sigs.k8s.io/yaml"
)

// fluentBit is what a configuration of fluent-bit is made of.
type fluentBit struct {
	files  string
	job    string
	port   int
	buffer int64 // in bytes
	to     Destination
}

// fluentBitYAML gives the configuration file. The classic format is deprecated.
func fluentBitYAML(f fluentBit) string {
	text, err := yaml.Marshal(map[string]any{
		"service": map[string]any{
			"flush": 1, "grace": 5, "log_level": "info",
			"http_server": "on", "http_listen": "0.0.0.0", "http_port": f.port, "health_check": "on",
			"storage.path": "/state/buffer", "storage.metrics": "on",
			// A chunk has 2 MB; the default of 128 in memory would not fit the limit.
			"storage.max_chunks_up": 16, "storage.backlog.mem_limit": "16M",
			// The default lets half an hour pass between two tries.
			"scheduler.cap": 60,
		},
		"pipeline": map[string]any{
			"inputs": []any{map[string]any{
				"name": "tail", "path": f.files, "path_key": "file", "tag": "app", "db": "/state/tail.db",
				"read_from_head": "on", "refresh_interval": 5, "skip_long_lines": "on", "storage.type": "filesystem",
			}},
			"filters": []any{map[string]any{
				"name": "record_modifier", "match": "*", "record": []any{"pod ${POD_NAME}", "namespace ${POD_NAMESPACE}"},
			}},
			"outputs": []any{f.output()},
		},
	})
	if err != nil { // strings and numbers only: they can always be written
		return ""
	}
	return string(text)
}

func (f fluentBit) output() map[string]any {
	out := map[string]any{"name": f.to.kind, "match": "*", "retry_limit": "no_limits", "storage.total_limit_size": fmt.Sprint(f.buffer)}
	if f.to.kind == "stdout" {
		out["format"] = "json_lines"
		return out
	}
	out["host"], out["port"] = f.to.host, f.to.port
	if f.to.tls {
		out["tls"], out["tls.verify"] = "on", "on"
	}
	if f.to.secret != nil {
		out["http_user"], out["http_passwd"] = "${LOG_USER}", "${LOG_PASSWORD}"
	}
	switch f.to.kind {
	case "loki":
		out["uri"], out["labels"], out["line_format"] = f.to.path, "job="+f.job, "json"
	case "es":
		// Elasticsearch 8 has no types, and refuses a document that names one.
		out["index"], out["suppress_type_name"] = f.to.path[1:], "on"
	case "http":
		out["uri"], out["format"] = f.to.path, "json_lines"
	}
	return out
}
