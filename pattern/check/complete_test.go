package check_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// The examples of the rules are fragments: what they leave out is that of the pod
// below. A container of a fragment is the container below with the fields that the
// fragment sets, and its probe asks the first of its ports; null takes a field
// away.
const (
	wellWritten = `
automountServiceAccountToken: false
securityContext:
  fsGroup: 10001
  runAsNonRoot: true
  runAsUser: 10001
  seccompProfile: {type: RuntimeDefault}
containers:
- name: web
`
	wellWrittenContainer = `
image: registry.example.com/web:1.4.0
readinessProbe:
  httpGet: {path: /ready, port: 8080}
resources:
  limits: {cpu: 500m, ephemeral-storage: 64Mi, memory: 128Mi}
  requests: {cpu: 100m, ephemeral-storage: 64Mi, memory: 128Mi}
securityContext:
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  readOnlyRootFilesystem: true
`
)

type fields = map[string]any

func parse(t testing.TB, text string) fields {
	t.Helper()
	var out fields
	require.NoError(t, yaml.Unmarshal([]byte(text), &out), text)
	return out
}

// overlay puts the fields of top over those of base; null takes one away. Lists
// are replaced, and so is a probe by one that asks something else.
func overlay(base, top fields) fields {
	out := fields{}
	for k, v := range base {
		out[k] = v
	}
	for k, v := range top {
		b, both := out[k].(fields)
		if t, ok := v.(fields); ok && both && len(t) > 0 && !handles(t) {
			out[k] = overlay(b, t)
		} else {
			out[k] = v
		}
		if v == nil {
			delete(out, k)
		}
	}
	return out
}

func handles(probe fields) bool {
	for _, handler := range []string{"exec", "grpc", "httpGet", "tcpSocket"} {
		if _, there := probe[handler]; there {
			return true
		}
	}
	return false
}

// complete gives a spec all that a well-written pod has.
func complete(t testing.TB, spec fields) fields {
	out := overlay(parse(t, wellWritten), spec)
	for _, list := range []string{"initContainers", "containers"} {
		items, _ := out[list].([]any)
		var done []any
		for _, item := range items {
			c, ok := item.(fields)
			if !ok {
				c = fields{}
			}
			base := parse(t, wellWrittenContainer)
			if list == "initContainers" && c["restartPolicy"] != "Always" {
				delete(base, "readinessProbe")
			} else if ports, _ := c["ports"].([]any); len(ports) > 0 {
				at(base, "readinessProbe", "httpGet")["port"] = ports[0].(fields)["containerPort"]
			}
			done = append(done, overlay(base, c))
		}
		if items != nil {
			out[list] = done
		}
	}
	return out
}

// objectsOf gives the objects of an example.
func objectsOf(t testing.TB, example string) []runtime.Object {
	t.Helper()
	example = strings.ReplaceAll(example, "<300 KiB>", strings.Repeat("x", 300<<10))
	if !regexp.MustCompile(`(?m)^\{?kind: `).MatchString(example) {
		return []runtime.Object{decode(t, fields{"apiVersion": "v1", "kind": "Pod", "metadata": fields{"name": "web"}, "spec": complete(t, parse(t, example))})}
	}
	var out []runtime.Object
	for _, document := range strings.Split(example, "\n---\n") {
		o := parse(t, document)
		kind := o["kind"].(string)
		apiVersion := map[string]string{"Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "ReplicaSet": "apps/v1", "Job": "batch/v1", "CronJob": "batch/v1", "HorizontalPodAutoscaler": "autoscaling/v2"}[kind]
		if apiVersion == "" {
			apiVersion = "v1"
		}
		o = overlay(fields{"apiVersion": apiVersion, "metadata": fields{"name": "web"}}, o)
		spec, _ := o["spec"].(fields)
		switch kind {
		case "Pod":
			o["spec"] = complete(t, spec)
		case "CronJob":
			o["spec"] = overlay(fields{"schedule": "@daily"}, spec)
			completeJob(t, o["spec"].(fields), "jobTemplate", "spec", "template", "spec")
		case "Job":
			o["spec"] = overlay(fields{}, spec)
			completeJob(t, o["spec"].(fields), "template", "spec")
		case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet":
			labels := fields{"app": "web"}
			o["spec"] = overlay(fields{"selector": fields{"matchLabels": labels}, "template": fields{"metadata": fields{"labels": labels}}}, spec)
			at(o["spec"].(fields), "template")["spec"] = complete(t, at(o["spec"].(fields), "template", "spec"))
		}
		out = append(out, decode(t, o))
	}
	return out
}

func completeJob(t testing.TB, spec fields, path ...string) {
	last := len(path) - 1
	pod := overlay(fields{"restartPolicy": "Never"}, at(spec, path...))
	at(spec, path[:last]...)[path[last]] = complete(t, pod)
}

// at gives what stands at a path, made where there is nothing.
func at(o fields, path ...string) fields {
	for _, p := range path {
		next, ok := o[p].(fields)
		if !ok {
			next = fields{}
			o[p] = next
		}
		o = next
	}
	return o
}

func decode(t testing.TB, o fields) runtime.Object {
	t.Helper()
	text, err := json.Marshal(o)
	require.NoError(t, err)
	out, err := check.Decode(text)
	require.NoError(t, err, "%s", text)
	require.NotNil(t, out, "%s", text)
	return out
}

// checkExample gives the findings of an example.
func checkExample(t *testing.T, example, target string, opts ...check.Option) check.Findings {
	t.Helper()
	if target != "" {
		opts = append(opts, check.Target(target))
	}
	return check.Objects(objectsOf(t, example), opts...)
}

func TestTheWellWrittenPodHasNoFindings(t *testing.T) {
	require.Empty(t, checkExample(t, "{}", ""))
	require.Empty(t, checkExample(t, "kind: Deployment\nspec: {replicas: 2}", ""))
	require.Empty(t, checkExample(t, "kind: Job", ""))
	require.Empty(t, checkExample(t, "kind: CronJob", ""))
}

// Each rule finds what is wrong in its bad example and nothing is wrong in its
// good one, by any rule.
func TestTheExamplesOfTheRules(t *testing.T) {
	for _, r := range check.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			require.NotEmpty(t, r.Title)
			require.NotEmpty(t, r.Why)
			require.NotEmpty(t, r.Fix)
			require.NotEmpty(t, r.Bad)
			require.NotEmpty(t, r.Good)
			require.Contains(t, []check.Level{check.Rejected, check.Broken, check.Warning}, r.Level)
			found := checkExample(t, r.Bad, r.Target, check.Intended(r.Intent))
			require.Contains(t, ids(found), r.ID, "\n%s", found)
			for _, f := range found {
				require.True(t, r.Level == check.Rejected || f.Level != check.Rejected || f.Rule == r.ID, "a bad example that the API server rejects anyway: %s", f)
			}
			for _, f := range found {
				if f.Rule == r.ID {
					require.Equal(t, r.Level, f.Level, "%s", f)
					require.NotEmpty(t, f.Fix)
				} else if r.Level != check.Rejected {
					require.NotEqual(t, check.Rejected, f.Level, "what the API server rejects isn't %s: %s", r.Level, f)
				}
			}
			require.Empty(t, checkExample(t, r.Good, r.Target, check.Intended(r.Intent)), "the good example")
		})
	}
}

func TestEveryRuleHasItsOwnID(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range check.Rules() {
		require.Regexp(t, `^[a-z]+(-[a-z]+)*$`, r.ID)
		require.False(t, seen[r.ID], "%s twice", r.ID)
		seen[r.ID] = true
	}
	require.Greater(t, len(seen), 170)
}
