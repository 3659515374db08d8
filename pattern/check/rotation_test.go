package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

func TestRotateExceedsVolume(t *testing.T) {
	pod := func(args, limit string) string {
		return `{containers: [{name: web, args: [` + args + `], volumeMounts: [{name: logs, mountPath: /logs}]}], volumes: [{name: logs, emptyDir: {` + limit + `}}]}`
	}
	const id, small = "rotate-exceeds-volume", "sizeLimit: 64Mi"
	over := func(field, value, detail string) []string {
		return []string{`W spec.containers[0].args` + field + `: Invalid value: "` + value + `": ` + detail + ` are more than the 64Mi of volume logs`}
	}
	none := check.Intent{}
	tryWritten(t,
		written{id, "a pair of flags", pod("--log-file=/logs/a.log, --log-max-size=16MB, --log-max-files=8", small), none, over("[1]", "--log-max-size=16MB", "8 files of 16Mi")},
		written{id, "values in words of their own", pod("--log-dir, /logs, --max-size, 16m, --max-backups, '8'", small), none, over("[2]", "--max-size", "8 files of 16Mi")},
		written{id, "just enough", pod("--log-file=/logs/a.log, --log-max-size=8MB, --log-max-files=8", small), none, nil},
		written{id, "a number without a unit", pod("--log-file=/logs/a.log, --log-max-size=100, --log-max-files=8", small), none, nil},
		written{id, "the audit log, in MB", pod("--audit-log-path=/logs/audit.log, --audit-log-maxsize=100, --audit-log-maxbackup=10", small), none, over("[1]", "--audit-log-maxsize=100", "10 files of 100Mi")},
		written{id, "files somewhere else", pod("--log-file=/var/a.log, --log-max-size=16MB, --log-max-files=8", small), none, nil},
		written{id, "files in a folder with a longer name", pod("--log-file=/logs-old/a.log, --log-max-size=16MB, --log-max-files=8", small), none, nil},
		written{id, "no size", pod("--log-file=/logs/a.log, --log-max-files=8", small), none, nil},
		written{id, "no limit", pod("--log-file=/logs/a.log, --log-max-size=16MB, --log-max-files=8", ""), none, nil},
		written{id, "the JVM", pod("'-Xlog:gc*:file=/logs/gc.log:time:filecount=10,filesize=20M'", small), none, over("[0]", "-Xlog:gc*:file=/logs/gc.log:time:filecount=10,filesize=20M", "10 files of 20Mi")},
		written{id, "the JVM, somewhere else", pod("'-Xlog:gc*:file=/tmp/gc.log:time:filecount=10,filesize=20M'", small), none, nil},
		written{id, "multilog", pod("'app 2>&1 | multilog t s16777216 n10 /logs'", small), none, over("[0]", "app 2>&1 | multilog t s16777216 n10 /logs", "10 files of 16Mi")},
		written{id, "multilog, in bounds", pod("'app 2>&1 | multilog t s1000000 n10 /logs'", small), none, nil},
		written{id, "rotatelogs", pod("'httpd | rotatelogs -n 5 /logs/access.log 100M'", small), none, over("[0]", "httpd | rotatelogs -n 5 /logs/access.log 100M", "5 files of 100Mi")},
		written{id, "rotatelogs by time", pod("'httpd | rotatelogs -n 5 /logs/access.log 86400'", small), none, nil},
		written{id, "huge numbers", pod("--log-file=/logs/a.log, --log-max-size=999999999999G, --log-max-files=999999999999999999999", small), none, nil},
	)
}
