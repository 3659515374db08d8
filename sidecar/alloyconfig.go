package sidecar

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// alloyConfig gives the configuration file.
func alloyConfig(s shipping, job string) string {
	var f alloyFile
	for i, files := range s.sources {
		name := strconv.Itoa(i + 1)
		f.block(`loki.source.file "files_`+name+`"`, func() {
			f.set("targets", "["+alloyTarget(s, files, job)+"]")
			f.set("forward_to", "[loki.process.lines_"+name+".receiver]")
			f.block("file_match", func() {
				f.set("enabled", "true")
				f.set("sync_period", `"5s"`)
			})
		})
		f.block(`loki.process "lines_`+name+`"`, func() {
			f.set("forward_to", fmt.Sprintf("[loki.write.to_%d.receiver]", files.to+1))
			f.stages(s, files)
		})
	}
	for i, d := range s.destinations {
		f.block(fmt.Sprintf("loki.write \"to_%d\"", i+1), func() {
			f.block("endpoint", func() { f.endpoint(s, d, i) })
		})
	}
	return f.String()
}

// alloyFile is a configuration file that is being written.
type alloyFile struct {
	strings.Builder
	indent string
}

// block writes a block with its head, such as endpoint.
func (f *alloyFile) block(head string, inside func()) {
	fmt.Fprintf(f, "%s%s {\n", f.indent, head)
	f.indent += "  "
	inside()
	f.indent = f.indent[2:]
	fmt.Fprintf(f, "%s}\n", f.indent)
}

// set writes an attribute with an expression.
func (f *alloyFile) set(name, expression string) {
	fmt.Fprintf(f, "%s%s = %s\n", f.indent, name, expression)
}

// setText writes an attribute with a text.
func (f *alloyFile) setText(name, text string) { f.set(name, alloyQuoted(text)) }

// alloyQuoted quotes a text: Alloy has Go's strings.
func alloyQuoted(s string) string { return strconv.Quote(s) }

// alloyTarget gives the files and the labels of their lines.
func alloyTarget(s shipping, files shippedFiles, job string) string {
	labels := []string{
		`"__path__" = ` + alloyQuoted(files.path), `"job" = ` + alloyQuoted(job), `"source" = ` + alloyQuoted(files.tag),
	}
	for _, field := range s.fields {
		labels = append(labels, alloyQuoted(alloyLabel(field.name))+" = sys.env("+alloyQuoted(field.env)+")")
	}
	return "{" + strings.Join(labels, ", ") + "}"
}

var notInLabels = regexp.MustCompile(`[^A-Za-z0-9_]|^[0-9]`)

// alloyLabel makes the name of a label of that of a field.
func alloyLabel(field string) string { return notInLabels.ReplaceAllString(field, "_") }

// stages writes what happens to a line.
func (f *alloyFile) stages(s shipping, files shippedFiles) {
	if files.format.joined {
		f.block("stage.multiline", func() {
			f.setText("firstline", files.format.firstLine)
			f.set("max_wait_time", `"1s"`)
			f.set("max_lines", "1000")
		})
	}
	for _, expr := range s.redact {
		f.block("stage.replace", func() {
			// Only what a group matches is replaced.
			f.setText("expression", "("+withoutGroups(expr, false)+")")
			f.setText("replace", "***")
		})
	}
	if !files.format.timed {
		return
	}
	f.time(files.format)
}

// time writes the stages that read a line's time; one that has none keeps the time of
// the reading.
func (f *alloyFile) time(format LineFormat) {
	source := "time"
	switch format.kind {
	case jsonLines: // a path of JMESPath, in which a name is quoted
		f.block("stage.json", func() { f.set("expressions", "{time = "+alloyQuoted(strconv.Quote(format.timeField))+"}") })
	case logfmtLines:
		f.block("stage.logfmt", func() { f.set("mapping", "{time = "+alloyQuoted(format.timeField)+"}") })
	default:
		source = format.timeField
		f.block("stage.regex", func() { f.setText("expression", withoutGroups(format.regex(), true)) })
	}
	layouts := goLayouts(format, "Unix")
	f.block("stage.timestamp", func() {
		f.setText("source", source)
		f.setText("format", layouts[0])
		if len(layouts) > 1 {
			f.set("fallback_formats", "["+alloyQuoted(layouts[1])+"]")
		}
		f.set("action_on_failure", `"skip"`)
	})
}

func (f *alloyFile) endpoint(s shipping, d Destination, i int) {
	f.setText("url", d.server()+d.path)
	if d.tenant != "" {
		f.setText("tenant_id", d.tenant)
	}
	f.set("max_backoff_period", `"1m"`)
	f.set("max_backoff_retries", strconv.Itoa(s.maxRetries)) // 0: without end
	if d.secret != nil {
		user, password := credentials(i)
		f.block("basic_auth", func() {
			f.set("username", "sys.env("+alloyQuoted(user)+")")
			f.set("password", "sys.env("+alloyQuoted(password)+")")
		})
	}
	if d.ca != nil {
		f.block("tls_config", func() { f.setText("ca_file", caFile(i)) })
	}
}

// withoutGroups gives a regular expression that matches the same and has no groups, or
// only those with names.
func withoutGroups(expr string, keepNamed bool) string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil { // the options were checked
		return ""
	}
	return ungrouped(re, keepNamed).String()
}

func ungrouped(re *syntax.Regexp, keepNamed bool) *syntax.Regexp {
	for i, sub := range re.Sub {
		re.Sub[i] = ungrouped(sub, keepNamed)
	}
	if re.Op == syntax.OpCapture && (re.Name == "" || !keepNamed) {
		return re.Sub[0]
	}
	return re
}
