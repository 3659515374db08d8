package pattern

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	"k8s.io/apimachinery/pkg/runtime"
)

// Main is the whole main function of a generator: it prints the objects as the
// flags of the command line ask, the findings on standard error, and exits.
//
//	-o yaml|json|tree   what to print; yaml
//	-o debug            the kubectl commands that show what the pod does
//	-check FILE         print nothing; compare what would be printed with FILE
//	-target 1.35        the minor version of Kubernetes to build for
//	-strict             let warnings fail too
//
// The exit code is 0 if all is fine, 1 if there are findings or FILE is stale,
// and 2 if the command line or FILE can't be read. With findings that make an
// object unusable nothing is printed.
func Main(objects ...Object) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(hurried)
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, objects))
}

// Run is [Main] without the process, for tests: args are the command line without
// the program's name, and the exit code is returned.
func Run(args []string, out, errs io.Writer, objects ...Object) int {
	return run(args, out, errs, objects)
}

// hurried is how much the heap of a generator grows until garbage is collected: the process
// ends soon, and most that it has is still in use.
const hurried = 1600

const (
	exitFine     = 0
	exitFindings = 1
	exitUsage    = 2
)

type mainFlags struct {
	format string
	check  string
	target string
	strict bool
}

func run(args []string, out, errs io.Writer, objects []Object) int {
	f, err := parseFlags(args, errs)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return exitUsage
	}
	var target release.Minor
	if f.target != "" {
		var ok bool
		if target, ok = release.Parse(f.target); !ok {
			fmt.Fprintf(errs, "-target %s: no version of Kubernetes, such as 1.35\n", f.target)
			return exitUsage
		}
	}
	session := &session{target: target, leaves: f.format == "yaml" || f.format == "json"}
	if f.format == "yaml" {
		session.text = &yamlText{}
	}
	built := session.collect(objects)
	if !report(errs, session.findings(), f.strict) {
		return exitFindings
	}
	pages, err := f.print(session, built)
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitFindings
	}
	if f.check != "" {
		return compare(f.check, bytes.Join(pages, nil), errs)
	}
	for _, page := range pages {
		if _, err := out.Write(page); err != nil {
			fmt.Fprintln(errs, err)
			return exitUsage
		}
	}
	return exitFine
}

// print gives the whole text, in pieces, before any of it is written.
func (f mainFlags) print(s *session, objects []runtime.Object) ([][]byte, error) {
	switch f.format {
	case "json":
		text, err := listJSON(objects)
		return [][]byte{text, []byte("\n")}, err
	case "tree":
		return [][]byte{s.tree()}, nil
	case "debug":
		return [][]byte{s.debug()}, nil
	}
	return s.text.all()
}

func parseFlags(args []string, errs io.Writer) (mainFlags, error) {
	var f mainFlags
	set := flag.NewFlagSet("podpattern", flag.ContinueOnError)
	set.SetOutput(errs)
	set.StringVar(&f.format, "o", "yaml", "what to print: yaml, json, tree, or debug, which are the kubectl commands that show what the pod does")
	set.StringVar(&f.check, "check", "", "compare what would be printed with `FILE`, and print nothing")
	set.StringVar(&f.target, "target", "", "the `minor` version of Kubernetes to build for, such as 1.35")
	set.BoolVar(&f.strict, "strict", false, "let warnings fail too")
	set.Usage = func() {
		fmt.Fprintf(errs, "Prints Kubernetes objects.\nExit code 0: fine; 1: findings, or a stale FILE; 2: bad usage or input.\n\n")
		set.PrintDefaults()
	}
	if err := set.Parse(args); err != nil {
		return f, err
	}
	empty := ""
	set.Visit(func(f *flag.Flag) {
		if f.Value.String() == "" {
			empty = f.Name
		}
	})
	switch {
	case empty != "":
		fmt.Fprintf(errs, "-%s needs a value\n", empty)
	case set.NArg() > 0:
		fmt.Fprintf(errs, "unexpected argument %q; -h lists the flags\n", set.Arg(0))
	case f.format != "yaml" && f.format != "json" && f.format != "tree" && f.format != "debug":
		fmt.Fprintf(errs, "-o %s: not yaml, json, tree or debug\n", f.format)
	default:
		return f, nil
	}
	return f, errors.New("bad usage")
}

// report prints the findings, each once and the warnings last, and says whether to
// go on.
func report(errs io.Writer, found check.Findings, strict bool) bool {
	fine := true
	seen := make(map[string]bool, len(found))
	for _, warnings := range [...]bool{false, true} {
		for _, f := range found {
			if warnings != (f.Level == check.Warning) {
				continue
			}
			if text := f.Error(); !seen[text] {
				fmt.Fprintln(errs, text)
				seen[text] = true
			}
			fine = fine && (f.Brought || warnings && !strict)
		}
	}
	return fine
}

// compare says whether a file holds the text, and where it first doesn't.
func compare(file string, want []byte, errs io.Writer) int {
	got, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitUsage
	}
	if bytes.Equal(got, want) {
		return exitFine
	}
	have, need := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	i := 0
	for i < len(have) && i < len(need) && bytes.Equal(have[i], need[i]) {
		i++
	}
	fmt.Fprintf(errs, "%s:%d: stale: has %q, should have %q\n", file, i+1, line(have, i), line(need, i))
	return exitFindings
}

func line(lines [][]byte, i int) string {
	if i < len(lines) {
		return string(lines[i])
	}
	return "the end of the file"
}
