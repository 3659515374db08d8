// Lint finds what is wrong with the pods of a manifest, wherever it comes from:
//
//	go run ./examples/lint deploy.yaml
//	helm template ./chart | go run ./examples/lint -target 1.33 -
//	kustomize build . | go run ./examples/lint -o sarif - > findings.sarif
//
// It is what the checks are for outside of a generator: a few lines around
// check.Objects.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
)

const (
	exitFine     = 0
	exitFindings = 1
	exitUnread   = 2
)

func main() { os.Exit(lint(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func lint(args []string, in io.Reader, out, errs io.Writer) int {
	f, err := parseFlags(args, errs)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine
	case err != nil:
		return exitUnread
	}
	var m manifest
	for _, file := range f.files {
		m.read(file, in)
	}
	for _, err := range m.errs {
		fmt.Fprintln(errs, err)
	}
	found := check.Objects(m.objects(), f.options...)
	for i := range found {
		m.locate(&found[i])
	}
	for _, note := range m.notes() {
		fmt.Fprintln(errs, note)
	}
	if err := print(out, f.format, found); err != nil {
		fmt.Fprintln(errs, err)
		return exitUnread
	}
	switch {
	case len(m.errs) > 0:
		return exitUnread
	case len(found) > 0:
		return exitFindings
	}
	return exitFine
}

type flags struct {
	files   []string
	format  string
	options []check.Option
}

func parseFlags(args []string, errs io.Writer) (flags, error) {
	f := flags{format: "text"}
	set := flag.NewFlagSet("lint", flag.ContinueOnError)
	set.SetOutput(errs)
	set.StringVar(&f.format, "o", "text", "what to print: text, long, json or sarif")
	set.Func("target", "the `minor` version of Kubernetes that the manifest is for, such as 1.35", func(s string) error {
		f.options = append(f.options, check.Target(s))
		return complaint(check.Target(s))
	})
	set.Func("allow", "leave out the findings of a rule: `rule=reason`; may be repeated", func(s string) error {
		rule, reason, _ := strings.Cut(s, "=")
		f.options = append(f.options, check.Allow(rule, reason))
		return complaint(check.Allow(rule, reason))
	})
	set.Func("level", "leave out what is below a `level`: A is rejected by the API server, E breaks, W is a warning", func(s string) error {
		if s != "A" && s != "E" && s != "W" {
			return errors.New("not A, E or W")
		}
		f.options = append(f.options, check.AtLeast(check.Level(s)))
		return nil
	})
	set.Usage = func() {
		fmt.Fprintf(errs, "lint [flags] FILE... | -\n\nFinds what is wrong with the pods of manifests in YAML or JSON; - is the standard input.\n"+
			"What it leaves out, such as kinds that no check knows, it names on the standard error.\n"+
			"Exit code 0: fine; 1: findings; 2: bad usage, or a document that can't be read.\n\n")
		set.PrintDefaults()
	}
	if err := set.Parse(args); err != nil {
		return f, err
	}
	f.files = set.Args()
	switch {
	case f.format != "text" && f.format != "long" && f.format != "json" && f.format != "sarif":
		fmt.Fprintf(errs, "-o %s: not text, long, json or sarif\n", f.format)
	case len(f.files) == 0:
		fmt.Fprintln(errs, "no file; - is the standard input, -h lists the flags")
	default:
		return f, nil
	}
	return f, errors.New("bad usage")
}

// complaint gives what a check says of an option by itself.
func complaint(o check.Option) error {
	for _, f := range check.Objects(nil, o) {
		return errors.New(f.Detail)
	}
	return nil
}

func print(out io.Writer, format string, found check.Findings) error {
	var text []byte
	var err error
	switch {
	case format == "sarif":
		text, err = found.SARIF()
	case format == "json" && found == nil:
		text = []byte("[]")
	case format == "json":
		text, err = json.MarshalIndent(found, "", "  ")
	case format == "long":
		text = []byte(strings.TrimSuffix(found.Long(), "\n"))
	default:
		text = []byte(found.String())
	}
	if err == nil && len(text) > 0 {
		_, err = fmt.Fprintf(out, "%s\n", text)
	}
	return err
}
