package adapter_test

import (
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

const pipes = `^(?P<time>[^|]+)\|(?<level>\w+)\|(?<msg>.*)$`

func TestLogsToJSON(t *testing.T) {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Writes(logs, "/var/log/web"))
	patterntest.Helper(t, "logstojson", pod, adapter.LogsToJSON(logs, pipes))
	patterntest.Helper(t, "logstojson-options", pod.TerminationGracePeriodSeconds(3), adapter.LogsToJSON(logs, `(?s)^(?<time>[^|]+)\|(?<level>\w+)\|(?<msg>.*)$`, adapter.LogsToJSONOptions{
		Files: "app/*.txt", Time: "time", TimeLayout: "%F %T.%L", Multiline: `^\d{4}-`, FileField: "file", Port: 9000,
	}))
}

func TestLogsToJSONRefuses(t *testing.T) {
	logs := pattern.EmptyDir("logs")
	pod := pattern.Pod("web").WithApp(patterntest.App().Writes(logs, "/var/log/web"))
	type options = adapter.LogsToJSONOptions
	tests := map[string]struct {
		line string
		opts options
		want string
	}{
		"no expression":    {"", options{}, "want named groups"},
		"no regexp":        {"(?<a>", options{}, "want a regular expression in Go's syntax"},
		"lookahead":        {"(?<a>x)(?=y)", options{}, "want a regular expression in Go's syntax"},
		"no such group":    {pipes, options{Time: "when", TimeLayout: "%s"}, "the expression has no group when"},
		"no layout":        {pipes, options{Time: "time"}, "want a layout as in strftime"},
		"only a layout":    {pipes, options{TimeLayout: "%s"}, "want the name of a field"},
		"layout of Go":     {pipes, options{Time: "time", TimeLayout: "2006-01-02"}, "want a layout as in strftime"},
		"every line":       {pipes, options{Multiline: `\s*`}, "none would be joined"},
		"files outside":    {pipes, options{Files: "/var/log/*.log"}, "below the volume"},
		"a list":           {pipes, options{Files: "a,b"}, "want a glob"},
		"field":            {pipes, options{FileField: "a b"}, "want the name of a field"},
		"port":             {pipes, options{Port: 70000}, "between 1 and 65535"},
		"field of a group": {pipes, options{FileField: "msg"}, "a record has a field msg already"},
		"the time again":   {pipes, options{FileField: "@timestamp"}, "a record has a field @timestamp already"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, adapter.LogsToJSON(logs, tt.line, tt.opts), tt.want)
		})
	}
}
