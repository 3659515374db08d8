package e2e_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// The examples of the rules are fragments. objectsOf gives them what they need to run.

type object = map[string]any

// idle is what a container runs that has nothing else to do. As the first process of its
// container a shell hears SIGTERM only if it says so.
const idle = "trap exit TERM; sleep 1d & wait"

const plainImage = "busybox:1.36"

// versions are those of the kinds that aren't v1.
var versions = map[string]string{"Deployment": "apps/v1", "Job": "batch/v1"}

// objectsOf gives the objects of an example. Its pod or workload gets the name, each
// container busybox and its script.
func objectsOf(t *testing.T, example, name string, run map[string]string) []runtime.Object {
	t.Helper()
	example = regexp.MustCompile(`\bNAME\b`).ReplaceAllString(example, name)
	if !regexp.MustCompile(`(?m)^\{?kind: `).MatchString(example) {
		example = "kind: Pod\nspec: " + onOneLine(t, example)
	}
	var out []runtime.Object
	for _, document := range strings.Split(example, "\n---\n") {
		o := object{}
		require.NoError(t, yaml.Unmarshal([]byte(document), &o), document)
		kind := o["kind"].(string)
		if o["apiVersion"] = versions[kind]; o["apiVersion"] == "" {
			o["apiVersion"] = "v1"
		}
		meta := within(o, "metadata")
		if meta["name"] == nil {
			meta["name"] = "web"
		}
		switch kind {
		case "Pod":
			meta["name"] = name
			completeSpec(within(o, "spec"), run)
		case "Job", "Deployment":
			meta["name"] = name
			completeSpec(within(o, "spec", "template", "spec"), run)
		}
		if kind == "Job" && within(o, "spec", "template", "spec")["restartPolicy"] == nil {
			within(o, "spec", "template", "spec")["restartPolicy"] = "Never"
		}
		text, err := json.Marshal(o)
		require.NoError(t, err)
		made, err := check.Decode(text)
		require.NoError(t, err, "%s", text)
		if made == nil { // no rule knows the kind
			made = &unstructured.Unstructured{Object: o}
		}
		out = append(out, made)
	}
	return out
}

// onOneLine gives YAML on one line.
func onOneLine(t *testing.T, text string) string {
	out, err := yaml.YAMLToJSON([]byte(text))
	require.NoError(t, err, text)
	return string(out)
}

// completeSpec gives the containers of a pod what they run.
func completeSpec(spec object, run map[string]string) {
	if spec["containers"] == nil {
		spec["containers"] = []any{object{"name": "web"}}
	}
	if spec["terminationGracePeriodSeconds"] == nil {
		spec["terminationGracePeriodSeconds"] = 1
	}
	for _, list := range []string{"initContainers", "containers"} {
		items, _ := spec[list].([]any)
		for _, item := range items {
			c := item.(object)
			if c["image"] == nil {
				c["image"] = plainImage
			}
			script, has := run[c["name"].(string)]
			switch {
			case has:
				c["command"] = []any{"sh", "-c", script}
				if args, _ := c["args"].([]any); args != nil {
					c["args"] = append([]any{"sh"}, args...) // the first one is the name of the script
				}
			case c["command"] == nil && (list == "containers" || c["restartPolicy"] == "Always"):
				c["command"] = []any{"sh", "-c", idle}
			}
		}
	}
}

// within gives what stands at a path, made where there is nothing.
func within(o object, path ...string) object {
	for _, p := range path {
		next, ok := o[p].(object)
		if !ok {
			next = object{}
			o[p] = next
		}
		o = next
	}
	return o
}

func ignoreExisting(err error) error {
	if errors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
