package pattern_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"sigs.k8s.io/yaml"
)

// The examples print only the part of a manifest that their verb changes, by the
// functions below. A manifest that can't be built prints its findings.

// showFields prints some fields of an object, such as spec.containers.0.env, or
// the whole object.
func showFields(o pattern.Object, fields ...string) {
	object := showLast(o)
	if object == nil {
		return
	}
	if len(fields) == 0 {
		showYAML(object)
	}
	for _, field := range fields {
		path := strings.Split(field, ".")
		showYAML(map[string]any{path[len(path)-1]: showAt(object, path...)})
	}
}

// showContainer prints some fields of a container, or all but its name and image.
func showContainer[R pattern.Role](c pattern.Container[R], fields ...string) {
	object := showLast(showPodAround(c))
	if object == nil {
		return
	}
	list := "containers" // a classic helper stands behind the app, a native one here:
	if showAt(object, "spec", "initContainers") != nil {
		list = "initContainers"
	}
	containers := showAt(object, "spec", list).([]any)
	made := containers[len(containers)-1].(map[string]any)
	delete(made, "name")
	delete(made, "image")
	if len(fields) == 0 {
		showYAML(made)
	}
	for _, field := range fields {
		showYAML(map[string]any{field: made[field]})
	}
}

// showPodAround puts a container into a pod, a helper beside an app.
func showPodAround(c any) pattern.PodBuilder {
	pod := pattern.Pod("web")
	if app, ok := c.(pattern.AppContainer); ok {
		return pod.WithApp(app)
	}
	pod = pod.WithApp(pattern.App("web", "web:1.4"))
	switch c := c.(type) {
	case pattern.SidecarContainer:
		return pod.WithSidecar(c)
	case pattern.AmbassadorContainer:
		return pod.WithAmbassador(c)
	case pattern.AdapterContainer:
		return pod.WithAdapter(c)
	default:
		return pod.WithInit(c.(pattern.InitContainer))
	}
}

// showVolume prints a volume of a pod.
func showVolume(v pattern.Volume) {
	showFields(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Mount(v, "/data")), "spec.volumes")
}

// showOrder prints the containers of a pod in the order in which they start, as in
// "migrate -> proxy -> web + worker".
func showOrder(pod pattern.PodBuilder) {
	made, err := pod.Build()
	if err != nil {
		showError(err)
		return
	}
	var steps, together []string
	for _, c := range made.Spec.InitContainers {
		steps = append(steps, c.Name)
	}
	for _, c := range made.Spec.Containers {
		together = append(together, c.Name)
	}
	fmt.Println(strings.Join(append(steps, strings.Join(together, " + ")), " -> "))
}

// showObjects prints the kinds and names of everything that the objects need.
func showObjects(objects ...pattern.Object) {
	for _, object := range showAll(objects...) {
		fmt.Println(showAt(object, "kind"), showAt(object, "metadata", "name"))
	}
}

// showFindings prints findings without the lines of Go that caused them, and the
// fix in a line of its own.
func showFindings(findings check.Findings) {
	for _, f := range own(findings) {
		f.At, f.Parties = "", slices.Clone(f.Parties)
		for i := range f.Parties {
			f.Parties[i].At = ""
		}
		fmt.Println(strings.Replace(f.Error(), ". Fix: ", "\n  Fix: ", 1))
	}
}

func showError(err error) {
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var f check.Finding
		errors.As(e, &f)
		showFindings(check.Findings{f})
	}
}

// showLast gives an object as it is printed: before it comes what it needs.
func showLast(o pattern.Object) any {
	all := showAll(o)
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

func showAll(objects ...pattern.Object) []any {
	text, err := pattern.YAML(objects...)
	if err != nil {
		showError(err)
		return nil
	}
	var all []any
	for document := range strings.SplitSeq(string(text), "---\n") {
		var object any
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			panic(err)
		}
		all = append(all, object)
	}
	return all
}

// showAt gives what stands at a path, nil where nothing does.
func showAt(at any, path ...string) any {
	for _, key := range path {
		switch v := at.(type) {
		case map[string]any:
			at = v[key]
		case []any:
			i, _ := strconv.Atoi(key)
			at = v[i]
		default:
			return nil
		}
	}
	return at
}

func showYAML(v any) {
	text, err := yaml.Marshal(v)
	if err != nil {
		panic(err)
	}
	fmt.Print(string(text))
}
