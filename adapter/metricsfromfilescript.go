package adapter

import (
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
)

// columns gives the options as the script reads them: a word and, after a space,
// its value up to the end of the line. What belongs to a metric follows it.
func columns(o MetricsFromFileOptions) string {
	var b strings.Builder
	say := func(word, value string) { b.WriteString(word + " " + value + "\n") }
	say("delimiter", opt.Or(o.Delimiter, "|"))
	say("header", strconv.Itoa(o.HeaderLines))
	for _, m := range o.Metrics {
		say("metric", m.Name)
		say("type", opt.Or(m.Type, "gauge"))
		say("value", strconv.Itoa(m.Value))
		if m.Help != "" {
			say("help", strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", "").Replace(m.Help))
		}
		for _, label := range sortedKeys(m.Labels) {
			say("label", strconv.Itoa(m.Labels[label])+" "+label)
		}
		for _, column := range sortedKeys(m.Match) {
			say("match", strconv.Itoa(column)+" "+m.Match[column])
		}
	}
	return b.String()
}

// serveScript has the port as its argument. httpd ignores TERM as PID 1, and a shell
// catches it only while it waits.
const serveScript = `trap 'kill $! 2>/dev/null; exit 0' TERM INT
httpd -f -p "$1" -h /usr/share/metrics -c /usr/share/metrics/httpd.conf & wait $!`

// fileCGI answers a scrape. Without a Content-Type, Prometheus 3 refuses the answer.
const fileCGI = `printf 'Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n\r\n'
up=1
[ -r "$FILE" ] && mtime=$(stat -L -c %Y "$FILE") || { up=0; FILE=/dev/null; }
exec awk -v up="$up" -v mtime="$mtime" -f /usr/share/metrics/metrics.awk /etc/metrics/columns "$FILE"
`

// fileAwk reads the columns first and then the file. It keeps the samples until the
// end, as those of one name must stand together.
const fileAwk = `function replace(text, old, new,    at, out) {
  while ((at = index(text, old)) > 0) {
    out = out substr(text, 1, at - 1) new
    text = substr(text, at + length(old))
  }
  return out text
}

function trim(text) {
  sub(/^[ \t]+/, "", text)
  sub(/[ \t]+$/, "", text)
  return text
}

# cut puts the columns of a line into column; a delimiter is no regular expression.
function cut(line,    at, n) {
  split("", column)
  if (delimiter == " ")
    return split(line, column, " ")
  while ((at = index(line, delimiter)) > 0) {
    column[++n] = trim(substr(line, 1, at - 1))
    line = substr(line, at + length(delimiter))
  }
  column[++n] = trim(line)
  return n
}

function is_number(text) {
  return text ~ /^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$/ || text ~ /^(NaN|[+-]?Inf)$/
}

function matches(m,    i) {
  for (i = 1; i <= conditions[m]; i++)
    if (column[where[m, i]] != wanted[m, i])
      return 0
  return 1
}

function labels(m,    i, out) {
  for (i = 1; i <= labelled[m]; i++)
    out = out (i > 1 ? "," : "") label[m, i] "=\"" replace(replace(column[from[m, i]], "\\", "\\\\"), "\"", "\\\"") "\""
  return out == "" ? "" : "{" out "}"
}

function add(name, type, help, series, value) {
  if (!(name in types)) {
    names[++named] = name
    types[name] = type
    helps[name] = help
  }
  if (!((name series) in values))
    sample[name, ++samples[name]] = series
  values[name series] = value
}

function family(name, type, help) {
  if (help != "")
    print "# HELP " name " " help
  print "# TYPE " name " " type
}

FNR == NR {
  word = substr($0, 1, index($0, " ") - 1)
  text = substr($0, index($0, " ") + 1)
  number = text + 0
  rest = substr(text, index(text, " ") + 1)
  if (word == "delimiter") delimiter = text
  else if (word == "header") header = number
  else if (word == "metric") metric[++metrics] = text
  else if (word == "type") type[metrics] = text
  else if (word == "value") value[metrics] = number
  else if (word == "help") help[metrics] = text
  else if (word == "label") { label[metrics, ++labelled[metrics]] = rest; from[metrics, labelled[metrics]] = number }
  else if (word == "match") { wanted[metrics, ++conditions[metrics]] = rest; where[metrics, conditions[metrics]] = number }
  next
}

{ sub(/\r$/, "") }

FNR <= header || /^[ \t]*(#|$)/ { next }

{
  cut($0)
  used = 0
  if (!metrics && column[1] ~ /^[a-zA-Z_][a-zA-Z0-9_]*$/ && column[1] !~ /^metrics_file_/ && is_number(column[2])) {
    add(column[1], "untyped", "", "", column[2])
    used = 1
  }
  for (m = 1; m <= metrics; m++)
    if (matches(m) && is_number(column[value[m]])) {
      add(metric[m], type[m], help[m], labels(m), column[value[m]])
      used = 1
    }
  if (!used)
    skipped++
}

END {
  for (n = 1; n <= named; n++) {
    family(names[n], types[names[n]], helps[names[n]])
    for (i = 1; i <= samples[names[n]]; i++)
      print names[n] sample[names[n], i] " " values[names[n] sample[names[n], i]]
  }
  family("metrics_file_up", "gauge", "Whether the file is there.")
  print "metrics_file_up " up
  family("metrics_file_skipped_lines", "gauge", "Lines of which no metric came.")
  print "metrics_file_skipped_lines " skipped + 0
  if (mtime != "") {
    family("metrics_file_mtime_seconds", "gauge", "When the file was last written.")
    print "metrics_file_mtime_seconds " mtime
  }
}
`
