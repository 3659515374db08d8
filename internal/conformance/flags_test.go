package conformance_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// flags are those of a program, in the parser that upstream has.
type flags struct{ *pflag.FlagSet }

// flagsOf gives flags by their kind.
func flagsOf(kinds map[string]string) flags {
	f := flags{pflag.NewFlagSet("", pflag.ContinueOnError)}
	f.SetOutput(io.Discard)
	for kind, names := range kinds {
		for _, name := range strings.Fields(names) {
			switch kind {
			case "Bool":
				f.Bool(name, false, "")
			case "Int":
				f.Int(name, 0, "")
			case "Duration":
				f.Duration(name, 0, "")
			case "String":
				f.String(name, "", "")
			case "StringSlice":
				f.StringSlice(name, nil, "")
			}
		}
	}
	return f
}

// parse reads arguments, and refuses those that are no flags.
func (f flags) parse(args []string) error {
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("an argument that is no flag: %q", f.Args())
	}
	return nil
}

func (f flags) text(name string) string { v, _ := f.GetString(name); return v }

func (f flags) number(name string) int { v, _ := f.GetInt(name); return v }

func (f flags) on(name string) bool { v, _ := f.GetBool(name); return v }

func (f flags) list(name string) []string { v, _ := f.GetStringSlice(name); return v }

// usesOf gives the containers of the catalogue's uses of some helpers.
func usesOf(t *testing.T, helpers ...string) map[string]started {
	t.Helper()
	out := make(map[string]started)
	for _, u := range catalogue.Uses() {
		if slices.Contains(helpers, u.Helper) {
			c, _ := u.Container(t)
			env := make(map[string]string)
			for _, e := range c.Env {
				env[e.Name] = e.Value
			}
			out[u.Helper+"/"+u.Why] = started{c.Command, c.Args, env}
		}
	}
	require.NotEmpty(t, out)
	return out
}

type started struct {
	command, args []string
	env           map[string]string
}
