package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
)

type flags struct {
	helpers  []helper
	settings settings
	name     string // of the bundle
	target   string
	remove   bool
	plan     bool
	list     bool
}

func parseFlags(args []string, errs io.Writer) (*flags, error) {
	f := &flags{}
	set := flag.NewFlagSet("inject", flag.ContinueOnError)
	set.SetOutput(errs)
	set.Func("helper", "add a `helper`; may be repeated, -list names them all", func(name string) error {
		h, known := helperNamed(name)
		if !known {
			return errors.New("no such helper; -list names them all")
		}
		f.helpers = append(f.helpers, h)
		return nil
	})
	set.StringVar(&f.name, "bundle", "", "the `name` of what is added, by which it is brought up to date and taken out (default: the first helper)")
	set.StringVar(&f.target, "target", "", "the `minor` version of Kubernetes that the pods are for, such as 1.35")
	set.BoolVar(&f.remove, "remove", false, "take the bundle out in place of adding it")
	set.BoolVar(&f.plan, "plan", false, "print what would change in place of the objects")
	set.BoolVar(&f.list, "list", false, "print the helpers and their flags")
	set.StringVar(&f.settings.loki, "loki", "", "the `URL` of the Loki that log-shipper ships to")
	set.StringVar(&f.settings.logs, "logs", "/var/log/app", "the `directory` to which the app writes its *.log files")
	set.StringVar(&f.settings.upstream, "upstream", "", "the server of tcp and wait-for-tcp, as `host:port`")
	set.StringVar(&f.settings.name, "name", "upstream", "what the app calls the server of tcp")
	set.Usage = func() {
		fmt.Fprintf(errs, "inject [flags] < objects\n\nAdds helpers to the pods of objects in YAML or JSON, and prints all objects in YAML.\n"+
			"Exit code 0: fine; 1: findings, and nothing is printed; 2: bad usage, or input that can't be read.\n\n")
		set.PrintDefaults()
	}
	if err := set.Parse(args); err != nil {
		return f, err
	}
	if wrong := f.wrong(set); wrong != "" {
		fmt.Fprintln(errs, wrong)
		return f, errors.New("bad usage")
	}
	return f, nil
}

// wrong says what is wrong with flags that by themselves are right; "": nothing.
func (f *flags) wrong(set *flag.FlagSet) string {
	switch {
	case set.NArg() > 0:
		return fmt.Sprintf("unexpected argument %q; -h lists the flags", set.Arg(0))
	case f.list:
		return ""
	case f.plan && f.remove:
		return "-plan tells what would be added: not with -remove"
	case f.remove && f.name == "" && len(f.helpers) == 0:
		return "-remove needs -bundle"
	case !f.remove && len(f.helpers) == 0:
		return "no -helper; -list names them all"
	case f.remove:
		return ""
	}
	for _, h := range f.helpers {
		for _, name := range h.needs {
			if set.Lookup(name).Value.String() == "" {
				return fmt.Sprintf("-helper %s needs -%s", h.name, name)
			}
		}
	}
	wrong := ""
	set.Visit(func(given *flag.Flag) {
		if isSetting(given.Name) && !slices.ContainsFunc(f.helpers, func(h helper) bool { return slices.Contains(h.needs, given.Name) }) {
			wrong = fmt.Sprintf("-%s is for another -helper; -list says for which", given.Name)
		}
	})
	return wrong
}

// isSetting says whether a flag is that of a helper.
func isSetting(name string) bool {
	return slices.ContainsFunc(helpers(), func(h helper) bool { return slices.Contains(h.needs, name) })
}
