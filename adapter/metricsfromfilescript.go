package adapter

// serveScript has the port as its argument. httpd ignores TERM as PID 1, and a shell
// catches it only while it waits.
const serveScript = `trap 'kill $! 2>/dev/null; exit 0' TERM INT
httpd -f -p "$1" -h /usr/share/metrics -c /usr/share/metrics/httpd.conf & wait $!`

// fileCGI answers a scrape. Without a Content-Type, Prometheus 3 refuses the answer.
const fileCGI = `#!/bin/sh
printf 'Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n\r\n'
up=1
mtime=
if [ -r "$FILE" ]; then
  mtime=$(stat -L -c %Y "$FILE")
else
  up=0
  FILE=/dev/null
fi
awk -f /usr/share/metrics/regex.awk /etc/metrics/columns |
  sed -E -f - "$FILE" |
  awk -v up="$up" -v mtime="$mtime" -f /usr/share/metrics/metrics.awk /etc/metrics/columns -
`

// regexAwk makes sed's script of a regular expression, if there is one: sed then puts
// what the groups matched between characters that nothing else has. What ends the
// expression to sed is in none either.
const regexAwk = `sub(/^regex /, "") {
  print "s/\r$//"
  print "s/\037//g"
  print "/^[ \t]*(#|$)/!s\001" $0 "\001\037\\1\037\\2\037\\3\037\\4\037\\5\037\\6\037\\7\037\\8\037\\9\037\001"
}
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
function cut(line,    at, n, part) {
  split("", column)
  if (delimiter == " ") {
    split(line, column, " ")
    return
  }
  if (by_regex) {
    n = split(line, part, "\037")
    for (at = 2; at < n; at++)
      column[at - 1] = trim(part[at])
    return
  }
  while ((at = index(line, delimiter)) > 0) {
    column[++n] = trim(substr(line, 1, at - 1))
    line = substr(line, at + length(delimiter))
  }
  column[++n] = trim(line)
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
  else if (word == "regex") by_regex = 1
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
