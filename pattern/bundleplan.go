package pattern

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Plan tells what [Injection.ApplyToObject] would change: a line for each step, which
// starts with +, ~ or - for what comes, is rewritten and goes, and holds for the object as
// the lines before have left it. It is empty where nothing would change.
func (b Injection) Plan(o runtime.Object) (string, error) {
	pods, err := b.injectObject(o, false)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, p := range pods {
		for i := range p.in.changes {
			c := &p.in.changes[i]
			at := p.kind.path + c.path(p.in.held.t)
			for _, s := range c.steps {
				key := index(s.index)
				if c.kind.keyed() {
					key = "[" + s.key + "]"
				}
				fmt.Fprintf(&text, "%s %s%s%s\n", s.op.sign(), at, key, s.told())
			}
		}
	}
	return text.String(), nil
}

func (o op) sign() string { return [...]string{"+", "~", "-"}[o] }

// told gives what a reader wants to know of the value.
func (s *step) told() string {
	switch v := s.value.(type) {
	case *corev1.Container:
		return " " + v.Name + " (" + v.Image + ")"
	case *corev1.EnvVar:
		if v.ValueFrom == nil {
			return " " + v.Name + "=" + v.Value
		}
	case *corev1.VolumeMount:
		return " " + v.Name + " at " + v.MountPath
	case *string:
		if strings.HasPrefix(s.key, recordAnnotation) || strings.HasPrefix(s.key, configAnnotation) {
			return ""
		}
		return " " + *v
	case *int64:
		return fmt.Sprint(" ", *v)
	case *bool:
		return fmt.Sprint(" ", *v)
	case *corev1.LifecycleHandler:
		return ""
	}
	return " " + s.key
}
