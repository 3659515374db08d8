package initc

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"sigs.k8s.io/yaml"
)

// jmxConfig is the configuration of jmx_exporter.
//
// upstream: prometheus/jmx_exporter website/docs/reference/configuration.md (1.6.0).
type jmxConfig struct {
	LowercaseName      bool      `json:"lowercaseOutputName,omitempty"`
	LowercaseLabel     bool      `json:"lowercaseOutputLabelNames,omitempty"`
	IncludeObjectNames []string  `json:"includeObjectNames,omitempty"`
	ExcludeObjectNames []string  `json:"excludeObjectNames,omitempty"`
	Rules              []jmxRule `json:"rules"`
}

// jmxRule says which attributes become which metric.
type jmxRule struct {
	Pattern     string            `json:"pattern,omitempty"`
	Name        string            `json:"name,omitempty"`
	Type        string            `json:"type,omitempty"`
	Help        string            `json:"help,omitempty"`
	Value       string            `json:"value,omitempty"`
	ValueFactor float64           `json:"valueFactor,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
}

// yaml writes the configuration file.
func (c jmxConfig) yaml() string {
	if len(c.Rules) == 0 {
		c.Rules = []jmxRule{{Pattern: ".*"}}
	}
	text, err := yaml.Marshal(c)
	if err != nil { // a factor that is no number, which is rejected
		return ""
	}
	return string(text)
}

var (
	jmxName    = regexp.MustCompile(`^([a-zA-Z_]|\$\d)([a-zA-Z0-9_]|\$\d)*$`)
	objectName = regexp.MustCompile(`^[^:\n]*:[^\n]+$`)
	jmxJar     = regexp.MustCompile(`^(/[a-zA-Z0-9._+-]+)+\.jar$`)
)

// rejections gives what the exporter would refuse.
func (c jmxConfig) rejections() (bad opt.Rejections) {
	for _, list := range []struct {
		field string
		names []string
	}{{"Include", c.IncludeObjectNames}, {"Exclude", c.ExcludeObjectNames}} {
		for _, name := range list.names {
			if !objectName.MatchString(name) {
				bad.Add(list.field, name, "want the name of an MBean, such as java.lang:type=Memory or kafka.*:*")
			}
		}
	}
	for i, r := range c.Rules {
		in := func(field, value, why string) {
			bad.Add(fmt.Sprintf("Rules[%d].%s", i, field), value, why)
		}
		if isBroken(r.Pattern) {
			in("Pattern", r.Pattern, "want a regular expression, such as java.lang<type=Memory><HeapMemoryUsage>used")
		}
		if r.Name != "" && r.Pattern == "" {
			in("Pattern", "", "want a regular expression where there is a Name")
		}
		if r.Name != "" && !jmxName.MatchString(r.Name) {
			in("Name", r.Name, "want the name of a metric, in which $1 is a group of the pattern")
		}
		if r.Name == "" && (r.Help != "" || len(r.Labels) > 0) {
			in("Name", "", "want a name where there are Labels or Help")
		}
		if kinds := []string{"GAUGE", "COUNTER", "UNTYPED"}; r.Type != "" && !slices.Contains(kinds, r.Type) {
			in("Type", r.Type, "want one of "+strings.Join(kinds, ", "))
		}
		if r.ValueFactor-r.ValueFactor != 0 {
			in("ValueFactor", "", "want a number, such as 0.001")
		}
		for _, label := range slices.Sorted(maps.Keys(r.Labels)) {
			if !jmxName.MatchString(label) {
				in("Labels", label, "want the name of a label")
			}
		}
	}
	return bad
}

// isBroken says whether a regular expression is none in Java either, whose syntax has
// more than that of Go.
func isBroken(pattern string) bool {
	_, err := regexp.Compile(pattern)
	var bad *syntax.Error
	return errors.As(err, &bad) && slices.Contains([]syntax.ErrorCode{
		syntax.ErrMissingBracket, syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingRepeatArgument, syntax.ErrTrailingBackslash,
	}, bad.Code)
}
