package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
)

func TestLogTail(t *testing.T) {
	patterntest.Helper(t, "logtail", writer(), sidecar.LogTail("access-log", logs, "nginx/access.log"))
	patterntest.Helper(t, "logtail-new", writer().TerminationGracePeriodSeconds(2), sidecar.LogTail("log", logs, `a "b" $c.log`, sidecar.LogTailOptions{OnlyNew: true}))
}

func TestLogTailRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"":            "want a file below the volume",
		"/var/a.log":  "want a file below the volume",
		"../a.log":    "want a file below the volume",
		"a\nb":        "want a file below the volume",
		"*.log":       "add a LogTail for each",
		"a-[0-9].log": "add a LogTail for each",
	} {
		patterntest.Refuses(t, writer(), sidecar.LogTail("log", logs, file), want)
	}
	patterntest.Refuses(t, writer(), sidecar.LogTail("Access Log", logs, "a.log"), "name")
}

func TestLogRotate(t *testing.T) {
	patterntest.Helper(t, "logrotate", writer(), sidecar.LogRotate(logs, 10001))
	patterntest.Helper(t, "logrotate-options", writer(), sidecar.LogRotate(logs, 10001,
		sidecar.LogRotateOptions{Files: "*/access*.txt", MaxSize: "1500k", Keep: 10, PeriodSeconds: 60, Gzip: true}))
}

func TestLogRotateRefuses(t *testing.T) {
	type options = sidecar.LogRotateOptions
	tests := map[string]struct {
		uid  int64
		opts options
		want string
	}{
		"root":             {0, options{}, "want the uid that the app runs as"},
		"negative uid":     {-1, options{}, "want the uid that the app runs as"},
		"files outside":    {1, options{Files: "../*"}, "below the volume"},
		"two globs":        {1, options{Files: "a b"}, "want a glob"},
		"a command":        {1, options{Files: "$(id)"}, "want a glob"},
		"size":             {1, options{MaxSize: "large"}, "want a size"},
		"no size":          {1, options{MaxSize: "0"}, "want a size"},
		"less than a byte": {1, options{MaxSize: "-1Mi"}, "want a size"},
		"keep":             {1, options{Keep: -1}, "from 1 to 99"},
		"keep too many":    {1, options{Keep: 100}, "from 1 to 99"},
		"period":           {1, options{PeriodSeconds: -1}, "want a positive number of seconds"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, writer(), sidecar.LogRotate(logs, tt.uid, tt.opts), tt.want)
		})
	}
}

// What reads and what rotates the same files live in one pod.
func TestLogHelpersTogether(t *testing.T) {
	patterntest.Golden(t, "logs-together", writer().WithSidecar(
		sidecar.LogShipper(logs, sidecar.Loki("http://loki")),
		sidecar.LogShipper(logs, sidecar.Stdout()).Name("log-copy"),
		sidecar.LogTail("access-log", logs, "access.log"),
		sidecar.LogTail("error-log", logs, "error.log"),
		sidecar.LogRotate(logs, 10001),
	).WithAdapter(adapter.LogsToJSON(logs, `(?<level>[A-Z]+) (?<msg>.*)`)))
}
