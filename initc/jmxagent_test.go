package initc_test

import (
	"math"
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

const agentImage, agentJar = "registry.example.com/jmx-agent:1.6.0", "/jmx_prometheus_javaagent-1.6.0.jar"

func TestJMXAgent(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Port("jvm", 9500))
	for name, c := range map[string]pattern.InitContainer{
		"jmxagent-default": initc.JMXAgent(agentImage, agentJar),
		"jmxagent-options": initc.JMXAgent(agentImage, "/agents/agent.jar", initc.JMXAgentOptions{
			Port: 9500, Scrape: true, Variable: "JDK_JAVA_OPTIONS", Lowercase: true, Include: []string{"java.lang:*"}, Exclude: []string{"java.lang:type=Memory,*"},
			Rules: []initc.JMXRule{{
				Pattern: `java.lang<type=(\w+)><HeapMemoryUsage>used: (.*)`, Name: "jvm_$1_used_bytes", Type: "GAUGE",
				Help: `Heap: "used" # $1`, Value: "$2", ValueFactor: 0.5, Labels: map[string]string{"area": "heap"}}}}),
	} {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, name, pod, c) })
	}
}

func TestJMXAgentRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	options := func(o initc.JMXAgentOptions) pattern.InitContainer {
		return initc.JMXAgent(agentImage, agentJar, o)
	}
	rule := func(r initc.JMXRule) pattern.InitContainer {
		return options(initc.JMXAgentOptions{Rules: []initc.JMXRule{r}})
	}
	for name, tt := range map[string]struct {
		c    pattern.InitContainer
		want string
	}{
		"no image":             {initc.JMXAgent("", agentJar), "image"},
		"no jar":               {initc.JMXAgent(agentImage, ""), "want the absolute path of a jar"},
		"relative jar":         {initc.JMXAgent(agentImage, "agent.jar"), "want the absolute path of a jar"},
		"jar with an option":   {initc.JMXAgent(agentImage, "/a.jar=1:/b.jar"), "want the absolute path of a jar"},
		"jar with a space":     {initc.JMXAgent(agentImage, "/a b.jar"), "want the absolute path of a jar"},
		"port":                 {options(initc.JMXAgentOptions{Port: -1}), "want a number from 1 to 65535"},
		"variable":             {options(initc.JMXAgentOptions{Variable: "A=B"}), "A=B"},
		"object name":          {options(initc.JMXAgentOptions{Include: []string{"java.lang"}}), "want the name of an MBean"},
		"pattern":              {rule(initc.JMXRule{Pattern: "("}), "Rules[0].Pattern"},
		"name without pattern": {rule(initc.JMXRule{Name: "a"}), "Rules[0].Pattern"},
		"name":                 {rule(initc.JMXRule{Pattern: "a", Name: "a b"}), "Rules[0].Name"},
		"labels without name":  {rule(initc.JMXRule{Pattern: "a", Labels: map[string]string{"a": "b"}}), "Rules[0].Name"},
		"label":                {rule(initc.JMXRule{Pattern: "a", Name: "a", Labels: map[string]string{"a-b": "b"}}), "Rules[0].Labels"},
		"type":                 {rule(initc.JMXRule{Pattern: "a", Type: "gauge"}), "want one of GAUGE, COUNTER, UNTYPED"},
		"factor":               {rule(initc.JMXRule{Pattern: "a", ValueFactor: math.NaN()}), "Rules[0].ValueFactor"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, tt.c, tt.want) })
	}
}

// The configuration has the keys of upstream's reference, and what was given in them.
//
// upstream: prometheus/jmx_exporter website/docs/reference/configuration.md (1.6.0).
func TestJMXAgentConfig(t *testing.T) {
	var config struct {
		LowercaseOutputName       bool     `json:"lowercaseOutputName"`
		LowercaseOutputLabelNames bool     `json:"lowercaseOutputLabelNames"`
		IncludeObjectNames        []string `json:"includeObjectNames"`
		ExcludeObjectNames        []string `json:"excludeObjectNames"`
		Rules                     []struct {
			Pattern     string            `json:"pattern"`
			Name        string            `json:"name"`
			Value       string            `json:"value"`
			ValueFactor float64           `json:"valueFactor"`
			Labels      map[string]string `json:"labels"`
			Help        string            `json:"help"`
			Type        string            `json:"type"`
		} `json:"rules"`
	}
	text := "a: \"b\" # {{c}}\n- ü%s\\ $(d)"
	objects, err := pattern.Pod("web").WithApp(patterntest.App()).WithInit(initc.JMXAgent(agentImage, agentJar, initc.JMXAgentOptions{
		Lowercase: true, Include: []string{"a:*"}, Exclude: []string{"b:*"}, Rules: []initc.JMXRule{
			{Pattern: "(?=x)a++", Name: "a", Help: text, Value: "$1", ValueFactor: 2, Type: "COUNTER", Labels: map[string]string{"b": text}}}})).Objects()
	require.NoError(t, err)
	file := objects[0].(*corev1.ConfigMap).Data["config.yaml"]
	require.NoError(t, yaml.UnmarshalStrict([]byte(file), &config))
	require.Equal(t, text, config.Rules[0].Help)
	require.Equal(t, text, config.Rules[0].Labels["b"])
	require.Equal(t, "(?=x)a++", config.Rules[0].Pattern)
	require.Error(t, yaml.UnmarshalStrict([]byte(file+"whitelist: []\n"), &config), "the check can fail")
}
