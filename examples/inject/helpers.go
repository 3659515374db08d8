package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// settings are the flags of helpers.
type settings struct{ loki, logs, upstream, name string }

// helper is one that the command line can ask for.
type helper struct {
	name string
	does string
	// needs are the flags that it reads; those without a default must be set.
	needs []string
	make  func(settings) pattern.Helper
}

// helpers are all of them: to offer another one, add it here.
func helpers() []helper {
	return []helper{
		{"log-shipper", "ships the app's log files to Loki", []string{"loki", "logs"}, func(s settings) pattern.Helper {
			logs := pattern.EmptyDir("log-shipper-logs").SizeLimit("1Gi")
			return sidecar.LogShipper(logs, sidecar.Loki(s.loki)).AppWrites(logs, s.logs)
		}},
		{"statsd", "turns the app's statsd metrics into those of Prometheus", nil, func(settings) pattern.Helper {
			return adapter.StatsD(nil)
		}},
		{"tcp", "gives the app a server on localhost, as NAME_HOST and NAME_PORT", []string{"upstream", "name"}, func(s settings) pattern.Helper {
			return ambassador.TCP(s.name, s.upstream)
		}},
		{"wait-for-tcp", "keeps the app from starting until a server accepts connections", []string{"upstream"}, func(s settings) pattern.Helper {
			return initc.WaitForTCP(s.upstream)
		}},
	}
}

func printHelpers(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, h := range helpers() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", h.name, strings.Join(dashed(h.needs), " "), h.does)
	}
	_ = w.Flush() // the exit code of a closed pipe is the shell's matter
}

func dashed(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = "-" + name
	}
	return out
}

// bundle makes the bundle that the flags ask for. To take one out its name is enough.
func (f *flags) bundle() pattern.Injection {
	var all []pattern.Helper
	if !f.remove {
		for _, h := range f.helpers {
			all = append(all, h.make(f.settings))
		}
	}
	name := f.name
	if len(f.helpers) > 0 {
		name = cmp.Or(name, f.helpers[0].name)
	}
	b := pattern.Bundle(name, all...)
	if f.target != "" {
		b = b.Target(f.target)
	}
	return b
}

func helperNamed(name string) (helper, bool) {
	all := helpers()
	i := slices.IndexFunc(all, func(h helper) bool { return h.name == name })
	if i < 0 {
		return helper{}, false
	}
	return all[i], true
}
