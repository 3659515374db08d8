package sidecar

import (
	"fmt"
	"strconv"
	"strings"
)

// fluentdConf gives the configuration file.
func fluentdConf(s shipping, port int) string {
	var f fluentdFile
	f.in("system", "", func() { f.set("suppress_config_dump", "true") })
	f.in("source", "", func() {
		f.set("@type", "monitor_agent")
		f.set("bind", "0.0.0.0")
		f.set("port", strconv.Itoa(port))
	})
	for _, files := range s.sources {
		f.tail(files)
	}
	f.in("filter", "logs.**", func() { // before anything else reads the line
		f.set("@type", "record_transformer")
		f.set("enable_ruby", "true")
		f.in("record", "", func() { f.set("log", "${"+fluentdRedacted(s.redact)+"}") })
	})
	for _, files := range s.sources {
		f.parse(files)
	}
	for _, files := range s.sources {
		f.enrich(s, files)
	}
	for i, d := range s.destinations {
		tags := []string{}
		for _, files := range s.sources {
			if files.to == i {
				tags = append(tags, "logs."+files.tag)
			}
		}
		f.in("match", strings.Join(tags, " "), func() { f.output(s, d, i) })
	}
	return f.String()
}

func (f *fluentdFile) tail(files shippedFiles) {
	f.in("source", "", func() {
		f.set("@type", "tail")
		// What is between percent signs would be a part of a time.
		f.set("path", strings.ReplaceAll(files.path, "%", "%%"))
		f.set("glob_policy", "extended")
		f.set("pos_file", "/state/"+files.tag+".pos")
		f.set("follow_inodes", "true") // else a file that is renamed is read again
		f.set("read_from_head", "true")
		f.set("refresh_interval", "5")
		f.set("tag", "logs."+files.tag)
		f.set("path_key", "file")
		f.set("encoding", "utf-8")
		if files.format.joined {
			f.set("multiline_flush_interval", "1s")
		}
		f.in("parse", "", func() {
			if !files.format.joined {
				f.set("@type", "none")
				f.set("message_key", "log")
				return
			}
			f.set("@type", "multiline")
			f.set("format_firstline", "/"+rubyExpr(files.format.firstLine)+"/")
			f.set("format1", "/(?<log>(?m:.*))/")
		})
	})
}

func (f *fluentdFile) parse(files shippedFiles) {
	if files.format.kind == plainLines {
		return
	}
	f.in("filter", "logs."+files.tag, func() {
		f.set("@type", "parser")
		f.set("key_name", "log")
		f.set("reserve_data", "true")
		f.set("reserve_time", "true")
		f.set("remove_key_name_field", "true")
		f.set("emit_invalid_record_to_error", "false")
		f.in("parse", "", func() {
			// By default the parser takes the field time, and drops the record if that is
			// no time.
			f.set("time_key", "")
			if files.format.kind == jsonLines {
				f.set("@type", "json")
				return
			}
			f.set("@type", "regexp")
			f.set("expression", "/"+rubyExpr(files.format.regex())+"/")
		})
	})
}

// enrich adds what the shipper knows, which wins over what the line says.
func (f *fluentdFile) enrich(s shipping, files shippedFiles) {
	at := "time"
	if files.format.timed {
		at = fmt.Sprintf("(Time.strptime(record[%s].to_s, %s) rescue time)", rubyString(files.format.timeField), rubyString(files.format.timeForm))
	}
	f.in("filter", "logs."+files.tag, func() {
		f.set("@type", "record_transformer")
		f.set("enable_ruby", "true")
		f.in("record", "", func() {
			// A parameter can't begin with @, but what Ruby makes of it can.
			f.set(`${"@timestamp"}`, "${"+at+`.utc.strftime("%Y-%m-%dT%H:%M:%S.%6NZ")}`)
			f.set("source", files.tag)
			for _, field := range s.fields {
				f.set(field.name, "${ENV["+rubyString(field.env)+"]}")
			}
		})
	})
}

func (f *fluentdFile) output(s shipping, d Destination, i int) {
	if d.kind == "stdout" {
		f.set("@type", "stdout")
		f.set("use_logger", "false")
		f.in("format", "", func() { f.set("@type", "json") })
		return
	}
	f.set("@type", "http")
	f.set("endpoint", d.server()+d.path)
	if d.ca != nil {
		f.set("tls_ca_cert_path", caFile(i))
	}
	// By default only 503 is tried again, and all else is dropped.
	f.set("retryable_response_codes", "408,429,500,502,503,504")
	f.set("open_timeout", "10")
	f.set("read_timeout", "60")
	f.in("format", "", func() { f.set("@type", "json") })
	if d.secret != nil {
		user, password := credentials(i)
		f.in("auth", "", func() {
			f.set("method", "basic")
			f.setEnv("username", user)
			f.setEnv("password", password)
		})
	}
	f.in("buffer", "", func() {
		f.set("@type", "file")
		f.set("path", fmt.Sprintf("/state/buffer-%d", i+1))
		f.set("total_limit_size", strconv.FormatInt(s.buffer, 10))
		f.set("chunk_limit_size", strconv.FormatInt(min(s.buffer, 2<<20), 10)) // one request, which is in memory
		f.set("overflow_action", "block")
		f.set("flush_mode", "interval")
		f.set("flush_interval", "1s")
		f.set("flush_at_shutdown", "true")
		f.set("disable_chunk_backup", "true") // the copies of what is refused would be without bound
		f.set("retry_max_interval", "60s")
		if s.maxRetries > 0 {
			f.set("retry_max_times", strconv.Itoa(s.maxRetries))
		} else {
			f.set("retry_forever", "true")
		}
	})
}

// fluentdRedacted is Ruby that gives the line without what is to be hidden.
func fluentdRedacted(redact []string) string {
	line := `record["log"].scrub`
	for _, expr := range redact {
		line += ".gsub(/" + rubyExpr(expr) + `/, "***")`
	}
	return line
}
