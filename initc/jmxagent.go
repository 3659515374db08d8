package initc

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// JMXAgentOptions changes what [JMXAgent] does; the zero value is the default.
type JMXAgentOptions struct {
	// Port is what the agent serves the metrics on, in the app's container. Default:
	// 9404. Declare it on the app, as metrics say, so that a PodMonitor can name it.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// Variable is what the JVM takes the agent from. Default: JAVA_TOOL_OPTIONS; an app
	// that sets that itself can have the agent from JDK_JAVA_OPTIONS, which the command
	// java of version 9 and later reads.
	Variable string
	// Rules say which attributes become which metrics; the first that matches counts.
	// Default: all, under names of their own.
	Rules []JMXRule
	// Include and Exclude are names of MBeans that are read, or not, such as
	// kafka.server:*. Default: all are.
	Include, Exclude []string
	// Lowercase turns the names of metrics and labels to lower case.
	Lowercase bool
}

// JMXRule is a rule of jmx_exporter.
type JMXRule struct {
	// Pattern is a regular expression of Java for the attribute, such as
	// java.lang<type=Memory><HeapMemoryUsage>used.
	Pattern string
	// Name is the metric's, in which $1 is a group of the pattern. Default: made of
	// the names of the MBean and the attribute.
	Name string
	// Type is GAUGE, COUNTER or UNTYPED. Default: UNTYPED.
	Type string
	// Help says what it is. Needs a Name.
	Help string
	// Value is a number, or a group of the pattern. Default: the attribute's value.
	Value string
	// ValueFactor is what the value is multiplied with. Default: 1.
	ValueFactor float64
	// Labels are the metric's, with groups likewise. Needs a Name.
	Labels map[string]string
}

// JMXAgent lets the app's JVM serve its MBeans as metrics for Prometheus, by the Java
// agent of jmx_exporter. Its authors recommend the agent over a process beside the JVM:
// that needs remote JMX, and can't tell the JVM's own numbers. There is no official
// image; jar is where the agent is in an image of yours, which has the command cp.
//
// It adds: an init container that copies the jar and its configuration into a volume;
// the volume at /opt/jmx-agent in the apps, and JAVA_TOOL_OPTIONS, by which every JVM
// in their containers takes the agent: another one there, such as keytool, fails, as
// the port is taken; unset the variable for it. An app that sets the variable itself
// keeps its own value, and has no agent: add $(JAVA_TOOL_OPTIONS) to yours, or set
// Variable. With several apps, say which by For. It runs as uid 65534.
//
// Defaults: uid 65534, 10m CPU, 16Mi memory, at most 32Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: prometheus/jmx_exporter website/docs/deployment/java-agent.md,
// website/docs/configuration/rules.md (1.6.0).
func JMXAgent(image, jar string, opts ...JMXAgentOptions) pattern.InitContainer {
	o := opt.Last(opts)
	port := opt.Or(o.Port, 9404)
	files := pattern.EmptyDir("jmx-agent").SizeLimit("64Mi")
	config := jmxConfig{
		LowercaseName: o.Lowercase, LowercaseLabel: o.Lowercase,
		IncludeObjectNames: slices.Clone(o.Include), ExcludeObjectNames: slices.Clone(o.Exclude),
	}
	for _, r := range o.Rules {
		r.Labels = maps.Clone(r.Labels)
		config.Rules = append(config.Rules, jmxRule(r))
	}
	c := pattern.Init("jmx-agent", image).
		Command("cp", jar, "/etc/jmx-agent/config.yaml", "/opt/jmx-agent/").
		Config("/etc/jmx-agent/config.yaml", config.yaml()).
		Writes(files, "/opt/jmx-agent").AppReads(files, "/opt/jmx-agent").
		AppEnv(opt.Or(o.Variable, "JAVA_TOOL_OPTIONS"), fmt.Sprintf("-javaagent:/opt/jmx-agent/%s=%d:/opt/jmx-agent/config.yaml", path.Base(jar), port)).
		Requests("10m", "16Mi").Limits("", "32Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true)
	if o.Scrape {
		c = c.PodAnnotation("prometheus.io/scrape", "true").
			PodAnnotation("prometheus.io/port", strconv.Itoa(port)).
			PodAnnotation("prometheus.io/path", "/metrics")
	}
	if !jmxJar.MatchString(jar) || path.Clean(jar) != jar {
		c = c.Reject("jar", jar, "want the absolute path of a jar, such as /jmx_prometheus_javaagent.jar")
	}
	if port < 1 || port > 65535 {
		c = c.Reject("Port", o.Port, "want a number from 1 to 65535")
	}
	return opt.Reject(c, config.rejections())
}
