package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// arguments are those of a command line.
type arguments []string

// flag gives the value of --name=value, -name value and the like; "" is that there is none.
func (a arguments) flag(name string) string {
	for i, arg := range a {
		given, value, with := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case given != name || !strings.HasPrefix(arg, "-"):
		case with:
			return value
		case i+1 < len(a):
			return a[i+1]
		default:
			return "true"
		}
	}
	return ""
}

// needs gives the values of flags, and fails where one isn't given.
func (a arguments) needs(names ...string) ([]string, error) {
	var values []string
	for _, name := range names {
		value := a.flag(name)
		if value == "" {
			return nil, fmt.Errorf("no flag %s in %q", name, a)
		}
		values = append(values, value)
	}
	return values, nil
}

// text is a configuration.
type text string

// read gives the configuration that a file has.
func read(file string) (text, error) {
	raw, err := os.ReadFile(file)
	return text(raw), err
}

// one gives what the only group of an expression finds first.
func (t text) one(expression string) (string, error) {
	if all := t.all(expression); len(all) > 0 {
		return all[0], nil
	}
	return "", fmt.Errorf("nothing like %s in the configuration", expression)
}

// all gives what the groups of an expression find, those of a place put together by a colon.
func (t text) all(expression string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?m)"+expression).FindAllStringSubmatch(string(t), -1) {
		out = append(out, strings.Join(m[1:], ":"))
	}
	return out
}
