package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
)

// Container is an immutable builder of one container; R is its role. Every
// method returns a new value and leaves the one that it was called on as it was,
// so a base can be kept and forked:
//
//	base := pattern.App("web", "web:1").Limits("1", "256Mi")
//	blue, green := base.Env("COLOUR", "blue"), base.Env("COLOUR", "green")
//
// No method fails: what is wrong with its arguments is reported by Build, with
// the line of the call. Each method says whether it replaces or appends.
type Container[R Role] struct{ last *edit[draft] }

func start[R Role](name, image string, origin stack) Container[R] {
	return Container[R]{push(nil, func(d *draft) {
		d.origin = origin
		d.c.Name, d.c.Image = name, image
	})}
}

// add records an edit.
func (c Container[R]) add(run func(*draft)) Container[R] {
	if c.last == nil {
		zero := zeroContainer[R]()
		c.last = push(nil, func(d *draft) { d.report(*zero) })
	}
	return Container[R]{push(c.last, run)}
}

// reject records a flaw in place of an edit.
func (c Container[R]) reject(f *flaw) Container[R] {
	return c.add(func(d *draft) { d.report(*f) })
}

func zeroContainer[R Role]() *flaw {
	f := invalid("zero-builder", "", nil, "a container in the role of "+roleOf[R]().String()+" was never started", "start it with its constructor, such as pattern.App")
	return f
}

// Name replaces the name that the constructor gave. The names of what the
// library generates for this container follow it. A name that is no DNS label
// is an error.
func (c Container[R]) Name(name string) Container[R] {
	var bad *flaw
	if !names.IsLabel(name) {
		bad = notLabel(".name", name, "at most 63 of a-z, 0-9 and -")
	}
	return c.add(func(d *draft) {
		d.c.Name = name
		d.reportAll(bad, "")
	})
}

// Image replaces the image. An empty one is an error.
func (c Container[R]) Image(image string) Container[R] {
	var bad *flaw
	switch {
	case image == "":
		bad = missing("image-missing", ".image", "name the image, with its tag")
	case strings.TrimSpace(image) != image:
		bad = invalid("image-whitespace", ".image", image, "has space around it", "remove the space")
	}
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		d.c.Image = image
	})
}

// ImagePullPolicy replaces the pull policy; by default none is written, and the
// API server chooses Always for the tag latest and IfNotPresent for others. One
// that the API doesn't have is an error.
func (c Container[R]) ImagePullPolicy(policy corev1.PullPolicy) Container[R] {
	bad := oneOf(".imagePullPolicy", policy, "", corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever)
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		d.c.ImagePullPolicy = policy
	})
}

// Command replaces the image's entrypoint. Without arguments it gives the
// image's own back.
func (c Container[R]) Command(command ...string) Container[R] {
	command = slices.Clone(command)
	return c.add(func(d *draft) { d.c.Command = slices.Clone(command) })
}

// Args replaces the arguments. Without arguments it gives the image's own back.
func (c Container[R]) Args(args ...string) Container[R] {
	args = slices.Clone(args)
	return c.add(func(d *draft) { d.c.Args = slices.Clone(args) })
}

// Shell replaces the command by sh -c script: what most tutorials write by hand.
// The image must have a shell.
func (c Container[R]) Shell(script string) Container[R] {
	return c.add(func(d *draft) { d.c.Command = []string{"sh", "-c", script} })
}

// WorkingDir replaces the working directory; by default the image's own.
func (c Container[R]) WorkingDir(dir string) Container[R] {
	return c.add(func(d *draft) { d.c.WorkingDir = dir })
}

// TerminationMessage replaces the file whose content becomes the container's
// last message, and what to do where it is empty. By default nothing is written:
// /dev/termination-log and File. A policy that the API doesn't have is an error.
func (c Container[R]) TerminationMessage(path string, policy corev1.TerminationMessagePolicy) Container[R] {
	bad := oneOf(".terminationMessagePolicy", policy, "", corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError)
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		d.c.TerminationMessagePath, d.c.TerminationMessagePolicy = path, policy
	})
}

// Stdin keeps the container's standard input open, with a terminal if tty is set.
func (c Container[R]) Stdin(tty bool) Container[R] {
	return c.add(func(d *draft) { d.c.Stdin, d.c.TTY = true, tty })
}
