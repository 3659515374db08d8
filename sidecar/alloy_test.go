package sidecar_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/scanner"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// alloyOptions sets all that Alloy can be told.
func alloyOptions() sidecar.LogShipperOptions {
	o := everyOption(sidecar.Loki("http://loki/tenant/push").BasicAuth(pattern.Secret("audit")))
	o.Buffer = ""
	o.Sources[1].Format = sidecar.LogfmtLines().Time("ts", "%s")
	return o
}

func TestAlloy(t *testing.T) {
	loki := sidecar.Loki("https://loki.example.com").BasicAuth(pattern.Secret("loki")).Tenant("shop").CA(pattern.ConfigMap("loki-ca").Volume("loki-ca"))
	tests := map[string]pattern.SidecarContainer{
		"loki":    sidecar.Alloy(logs, sidecar.Loki("http://loki")),
		"claim":   sidecar.Alloy(logs, loki, sidecar.LogShipperOptions{BufferVolume: pattern.PVC("buffer", "web-buffer")}),
		"options": sidecar.Alloy(logs, loki, alloyOptions()),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "alloy-"+name, logsPod(), c) })
	}
}

func TestAlloyRefuses(t *testing.T) {
	loki := sidecar.Loki("http://loki")
	for why, tt := range map[string]struct {
		to   sidecar.Destination
		opts sidecar.LogShipperOptions
		want string
	}{
		"Elasticsearch":          {sidecar.Elasticsearch("http://es"), sidecar.LogShipperOptions{}, "Alloy has no output for Elasticsearch, only for Loki: use FluentBit, Vector or Filebeat"},
		"HTTP":                   {sidecar.HTTP("http://logs"), sidecar.LogShipperOptions{}, "no output for HTTP"},
		"standard output":        {sidecar.Stdout(), sidecar.LogShipperOptions{}, "no output for Stdout"},
		"a source's destination": {loki, sidecar.LogShipperOptions{Sources: []sidecar.LogSource{{Tag: "a", To: sidecar.Stdout()}}}, "no output for Stdout"},
		"a buffer":               {loki, sidecar.LogShipperOptions{Buffer: "1Gi"}, "no buffer on disk"},
		"one label twice":        {loki, sidecar.LogShipperOptions{Fields: []string{"metadata.labels['a.b']", "metadata.labels['a/b']"}}, "the label a_b too"},
		"a label of its own":     {loki, sidecar.LogShipperOptions{Fields: []string{"metadata.labels['job']"}}, "the label job too"},
		"a layout Go hasn't":     {loki, sidecar.LogShipperOptions{Format: sidecar.JSONLines().Time("t", "%Y 1")}, "means something in a layout of Go"},
	} {
		t.Run(why, func(t *testing.T) { patterntest.Refuses(t, logsPod(), sidecar.Alloy(logs, tt.to, tt.opts), tt.want) })
	}
}

// alloyArguments are the arguments of the components and blocks, by their reference;
// what is optional of them has a question mark.
var alloyArguments = map[string]string{
	"loki.source.file": "targets forward_to",
	"file_match":       "enabled sync_period?",
	"loki.process":     "forward_to",
	"stage.multiline":  "firstline max_wait_time? max_lines?",
	"stage.replace":    "expression replace?",
	"stage.json":       "expressions?",
	"stage.logfmt":     "mapping?",
	"stage.regex":      "expression",
	"stage.timestamp":  "source format fallback_formats? action_on_failure?",
	"loki.write":       "",
	"endpoint":         "url tenant_id? max_backoff_period? max_backoff_retries?",
	"basic_auth":       "username password",
	"tls_config":       "ca_file?",
}

// alloyBlock is a block of a configuration; the values are as they stand.
type alloyBlock struct {
	name, label string
	arguments   map[string]string
	blocks      []*alloyBlock
}

var (
	alloyHead      = regexp.MustCompile(`^\s*([a-z_.]+)(?: "([a-z_0-9]+)")? \{$`)
	alloyAttribute = regexp.MustCompile(`^\s*([a-z_]+) = (.+)$`)
)

// readAlloy reads a configuration as Alloy does, and says what it wouldn't take.
func readAlloy(text string) (*alloyBlock, error) {
	root := &alloyBlock{}
	open := []*alloyBlock{root}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		top := open[len(open)-1]
		head, attribute := alloyHead.FindStringSubmatch(line), alloyAttribute.FindStringSubmatch(line)
		switch {
		case head != nil:
			b := &alloyBlock{name: head[1], label: head[2], arguments: map[string]string{}}
			top.blocks, open = append(top.blocks, b), append(open, b)
		case attribute != nil && top != root:
			if err := alloyExpression(attribute[2]); err != nil {
				return nil, err
			}
			top.arguments[attribute[1]] = attribute[2]
		case strings.TrimSpace(line) == "}" && top != root:
			if err := top.known(); err != nil {
				return nil, err
			}
			open = open[:len(open)-1]
		default:
			return nil, fmt.Errorf("no block and no attribute: %s", line)
		}
	}
	if len(open) != 1 {
		return nil, errors.New("expected }, got EOF")
	}
	return root, root.wired()
}

// known says which argument a block may not have, or misses.
func (b *alloyBlock) known() error {
	known, ok := alloyArguments[b.name]
	if !ok {
		return fmt.Errorf("unrecognized block %s", b.name)
	}
	for argument := range b.arguments {
		if !slices.Contains(strings.Fields(strings.ReplaceAll(known, "?", "")), argument) {
			return fmt.Errorf("unrecognized attribute %s of %s", argument, b.name)
		}
	}
	for _, argument := range strings.Fields(known) {
		if b.arguments[argument] == "" && !strings.HasSuffix(argument, "?") {
			return fmt.Errorf("missing required attribute %s of %s", argument, b.name)
		}
	}
	return nil
}

// wired says which receiver is none.
func (b *alloyBlock) wired() error {
	receivers := []string{}
	for _, component := range b.blocks {
		receivers = append(receivers, "["+component.name+"."+component.label+".receiver]")
	}
	for _, component := range b.blocks {
		if to, ok := component.arguments["forward_to"]; ok && !slices.Contains(receivers, to) {
			return fmt.Errorf("component %s does not exist", to)
		}
	}
	return nil
}

// alloyExpression reads an expression: texts as in Go, names, numbers and calls, whose
// brackets match.
func alloyExpression(expression string) error {
	var s scanner.Scanner
	var err error
	s.Init(strings.NewReader(expression))
	s.Mode = scanner.ScanIdents | scanner.ScanInts | scanner.ScanStrings
	s.Error = func(_ *scanner.Scanner, message string) { err = errors.New(message) }
	open := ""
	for token := s.Scan(); token != scanner.EOF && err == nil; token = s.Scan() {
		switch {
		case token == scanner.String:
			_, err = strconv.Unquote(s.TokenText())
		case strings.ContainsRune("[{(", token):
			open += string(token)
		case strings.ContainsRune("]})", token):
			if open == "" || strings.Index("[{(", open[len(open)-1:]) != strings.IndexRune("]})", token) {
				return fmt.Errorf("no bracket for %c: %s", token, expression)
			}
			open = open[:len(open)-1]
		case token > 0 && !strings.ContainsRune(",=.", token):
			return fmt.Errorf("illegal character %c: %s", token, expression)
		}
	}
	if open != "" && err == nil {
		err = fmt.Errorf("an open bracket: %s", expression)
	}
	return err
}

func TestAlloyConfigIsRead(t *testing.T) {
	text := configOf(t, sidecar.Alloy(logs, sidecar.Loki("https://loki:3100").Tenant("shop").CA(pattern.ConfigMap("loki-ca").Volume("loki-ca")), alloyOptions()), "config.alloy")
	root, err := readAlloy(text)
	require.NoError(t, err)
	require.Len(t, root.blocks, 3+3+2)

	for want, broken := range map[string]string{
		"unrecognized attribute":               strings.Replace(text, "max_wait_time", "max_wait", 1),
		"unrecognized block":                   strings.Replace(text, "stage.replace", "stage.redact", 1),
		"missing required attribute url":       strings.Replace(text, `url = "http://loki:3100/tenant/push"`, "", 1),
		"component [loki.write.to_1.receiver]": strings.Replace(text, `loki.write "to_1"`, `loki.write "to_9"`, 1),
		"no bracket for )":                     strings.Replace(text, `"POD_NAME")`, `"POD_NAME"))`, 1),
		"invalid char escape":                  strings.Replace(text, `"^\\d`, `"^\d`, 1),
		"literal not terminated":               strings.Replace(text, `"***"`, `"***`, 1),
		"expected }":                           strings.TrimSuffix(text, "}\n"),
	} {
		require.NotEqual(t, text, broken, want)
		_, err := readAlloy(regexp.MustCompile(`(?m)^\s+\n`).ReplaceAllString(broken, ""))
		require.ErrorContains(t, err, want)
	}
}

// What a text has in it stays in it, and a redaction replaces all that it matches.
func TestAlloyQuotes(t *testing.T) {
	for _, tt := range []struct{ expr, line, want string }{
		{`"\s*}`, `a"  } b`, "a*** b"},
		{`\\`, `a\b`, "a***b"},
		{"\n", "a\nb", "a***b"},
		{`\$\{sys\.env\("X"\)\}`, `${sys.env("X")}`, "***"},
		{`(?i)(pass)(?P<word>word)|é`, "PASSWORD é", "*** ***"},
		{`//|/\*`, "a // b /* c", "a *** b *** c"},
	} {
		root, err := readAlloy(configOf(t, sidecar.Alloy(logs, sidecar.Loki("http://loki"), sidecar.LogShipperOptions{Redact: []string{tt.expr}}), "config.alloy"))
		require.NoError(t, err, tt.expr)
		got, err := strconv.Unquote(root.blocks[1].blocks[0].arguments["expression"])
		require.NoError(t, err)
		re := regexp.MustCompile(got)
		require.Equal(t, 1, re.NumSubexp(), "stage.replace replaces groups")
		require.Equal(t, tt.want, re.ReplaceAllString(tt.line, "***"))
	}
}
