package check_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestShellDollars(t *testing.T) {
	shell := func(script string) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).Command = []string{"/bin/sh", "-c", script} }
	}
	lost := func(piece string) []string {
		return []string{"W spec.containers[0].command[2]: Invalid value: \"" + piece + "\": the shell gets one $ here, and not the number of its process"}
	}
	try(t,
		example{"shell-dollars", "a process", shell("kill $$"), lost("kill $$")},
		example{"shell-dollars", "a file", shell(`echo >"/tmp/a.$$"`), lost(` >\"/tmp/a.$$\"`)},
		example{"shell-dollars", "after one that is meant", shell("echo $$HOME; kill $$"), lost("OME; kill $$")},
		example{"shell-dollars", "in an argument", func(p *corev1.Pod) { webOf(p).Command, webOf(p).Args = []string{"bash"}, []string{"-c", "echo $$"} },
			[]string{`W spec.containers[0].args[1]: Invalid value: "echo $$": the shell gets one $ here, and not the number of its process`}},
		example{"shell-dollars", "twice as many", shell("kill $$$$"), nil},
		example{"shell-dollars", "a variable of the shell", shell("echo $$HOME $${HOME} $$(date) $$1"), nil},
		example{"shell-dollars", "one", shell("echo $ $a"), nil},
		example{"shell-dollars", "no shell", func(p *corev1.Pod) { webOf(p).Command = []string{"awk", "/a$$/"} }, nil},
	)
}
