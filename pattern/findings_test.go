package pattern_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// mistake is a builder with a fault. Its findings, in testdata/findings.txt, name
// lines by their distance from the first line of the function.
type mistake struct {
	name string
	make func() pattern.Object
}

func mistakes() []mistake {
	return []mistake{
		{"two containers of one name", func() pattern.Object {
			return pattern.Pod("web").
				WithApp(pattern.App("web", "web:1")).
				WithSidecar(pattern.Sidecar("web", "shipper:1"))
		}},
		{"a name with capitals", func() pattern.Object {
			return pattern.Pod("web").WithApp(
				pattern.App("Web", "web:1"))
		}},
		{"a name that is too long", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1").
				Name(strings.Repeat("w", 64)))
		}},
		{"no container", func() pattern.Object {
			return pattern.Pod("web")
		}},
		{"no image", func() pattern.Object {
			return pattern.Pod("web").WithApp(
				pattern.App("web", ""))
		}},
		{"an image with a space", func() pattern.Object {
			return pattern.Pod("web").WithApp(
				pattern.App("web", "web:1 "))
		}},
		{"a port out of range", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1").
				Port("http", 80).
				Port("metrics", 70000))
		}},
		{"a port name that is too long", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1").
				Port("prometheus-metrics", 9090))
		}},
		{"a port name twice in one container", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1").Port("http", 80).Port("http", 81))
		}},
		{"a quantity that is none", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1").
				Requests("half", "-64Mi").
				Limit("ephemeral-storage", "1 GB"))
		}},
		{"a request above its limit", func() pattern.Object {
			return pattern.Pod("web").WithApp(
				pattern.App("web", "web:1").Requests("2", "64Mi").Limits("1", "64Mi"))
		}},
		{"a mount of no volume", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1").Edit(func(c *corev1.Container) {
				c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: "logs", MountPath: "/logs"})
			}))
		}},
		{"one volume name with two sources", func() pattern.Object {
			mine := pattern.EmptyDir("data").SizeLimit("1Gi")
			yours := pattern.EmptyDir("data").SizeLimit("2Gi")
			return pattern.Pod("web").
				WithApp(pattern.App("web", "web:1").Writes(mine, "/data")).
				WithSidecar(pattern.Sidecar("backup", "backup:1").Reads(yours, "/data"))
		}},
		{"one mount path twice", func() pattern.Object {
			return pattern.Pod("web").WithApp(
				pattern.App("web", "web:1").Writes(pattern.EmptyDir("a"), "/d").Writes(pattern.EmptyDir("b"), "/d"))
		}},
		{"one folder by two paths", func() pattern.Object {
			return pattern.Pod("web").WithApp(
				pattern.App("web", "web:1").Writes(pattern.EmptyDir("a"), "/d").Writes(pattern.EmptyDir("b"), "/d/"))
		}},
		{"a volume that nobody writes", func() pattern.Object {
			logs := pattern.EmptyDir("logs")
			return pattern.Pod("web").
				WithApp(pattern.App("web", "web:1").Reads(logs, "/logs")).
				WithSidecar(pattern.Sidecar("ship", "ship:1").Reads(logs.ReadWrite(), "/logs"))
		}},
		{"a circle of three", func() pattern.Object {
			return pattern.Pod("web").
				WithApp(pattern.App("web", "web:1")).
				WithInit(
					pattern.Init("first", "i:1").
						After("third"),
					pattern.Init("second", "i:1").
						After("first")).
				WithSidecar(pattern.Sidecar("third", "s:1").
					After("second"))
		}},
		{"a container after itself", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithInit(pattern.Init("egg", "egg:1").
				After("egg"))
		}},
		{"a probe of an init container", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithInit(
				pattern.Init("migrate", "migrate:1").ReadinessProbe(pattern.HTTPGet("/", 80)).PreStop(pattern.Exec("bye")))
		}},
		{"two containers on one port", func() pattern.Object {
			return pattern.Pod("web").
				WithApp(pattern.App("web", "web:1").Port("http", 8080)).
				WithAdapter(pattern.Adapter("metrics", "metrics:1").Port("metrics", 8080))
		}},
		{"two wishes of two helpers", func() pattern.Object {
			return pattern.Pod("web").
				WithApp(pattern.App("web", "web:1")).
				WithSidecar(
					pattern.Sidecar("a", "a:1").AppEnv("LEVEL", "debug").FSGroup(1),
					pattern.Sidecar("b", "b:1").AppEnv("LEVEL", "info").FSGroup(2))
		}},
		{"under a Deployment", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "").Port("http", 0)).
				WithVolume(pattern.EmptyDir("Data")).
				Label("no label!", "v").
				Deployment(-1)
		}},
		{"under a CronJob", func() pattern.Object {
			return pattern.Pod("web").WithApp(pattern.App("web", "")).
				WithInit(pattern.Init("i", "i:1").LivenessProbe(pattern.Exec("true"))).
				CronJob("daily")
		}},
	}
}

func TestTextsOfFindings(t *testing.T) {
	var all strings.Builder
	for _, m := range mistakes() {
		_, err := pattern.Objects(m.make())
		require.Error(t, err, m.name)
		fmt.Fprintf(&all, "== %s\n%s\n\n", m.name, relative(m.make, err.Error()))
	}
	golden.Equal(t, "testdata/findings.txt", all.String())
}

// relative counts the lines of this file from the first line of a function.
func relative(f func() pattern.Object, text string) string {
	pc := reflect.ValueOf(f).Pointer()
	file, start := runtime.FuncForPC(pc).FileLine(pc)
	return regexp.MustCompile(regexp.QuoteMeta(filepath.Base(file))+`:(\d+)`).ReplaceAllStringFunc(text, func(at string) string {
		n, err := strconv.Atoi(at[strings.LastIndexByte(at, ':')+1:])
		if err != nil {
			return at
		}
		return fmt.Sprintf("here+%d", n-start)
	})
}

// Every mistake says at which line it was made, and none is found twice.
func TestEveryFindingHasALineAndIsThereOnce(t *testing.T) {
	for _, m := range mistakes() {
		_, err := pattern.Objects(m.make())
		seen := make(map[string]bool)
		for _, f := range findingsOf(t, err) {
			require.NotEmpty(t, f.At, "%s: %v", m.name, f)
			require.NotEmpty(t, f.Fix, "%s: %v", m.name, f)
			require.False(t, seen[f.Rule+f.Path], "%s: %v", m.name, f)
			seen[f.Rule+f.Path] = true
		}
	}
}

func TestErrorsAreFieldErrorsAndFindings(t *testing.T) {
	_, err := with(web().Port("http", 0).Image("")).Build()
	var finding check.Finding
	require.ErrorAs(t, err, &finding)
	require.Equal(t, "image-missing", finding.Rule)
	var fieldError *field.Error
	require.ErrorAs(t, err, &fieldError)
	require.Equal(t, "spec.containers[0].image: Required value", fieldError.Error())
	require.Equal(t, "image-missing", fieldError.Origin)
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok)
	require.Len(t, joined.Unwrap(), 2, "all at once")
	require.False(t, errors.Is(err, errors.ErrUnsupported))
}

func TestNoObjectWhereThereAreErrors(t *testing.T) {
	p := with(web().Image(""))
	pod, err := p.Build()
	require.Error(t, err)
	require.Nil(t, pod)
	template, err := p.Template()
	require.Error(t, err)
	require.Nil(t, template)
	deployment, err := p.Deployment(1).Build()
	require.Error(t, err)
	require.Nil(t, deployment)
	objects, err := p.Objects()
	require.Error(t, err)
	require.Nil(t, objects)
	text, err := p.YAML()
	require.Error(t, err)
	require.Empty(t, text)
	_, err = p.MarshalJSON()
	require.Error(t, err)
}

func TestPathsFollowTheWorkload(t *testing.T) {
	p := with(pattern.App("web", "")).RestartPolicy("OnFailure")
	always := p.RestartPolicy("Always")
	for _, tt := range []struct {
		name   string
		object pattern.Object
		path   string
	}{
		{"Pod", p, "spec.containers[0].image"},
		{"Deployment", always.Deployment(1), "spec.template.spec.containers[0].image"},
		{"StatefulSet", always.StatefulSet(1), "spec.template.spec.containers[0].image"},
		{"DaemonSet", always.DaemonSet(), "spec.template.spec.containers[0].image"},
		{"Job", p.Job(), "spec.template.spec.containers[0].image"},
		{"CronJob", p.CronJob("@daily"), "spec.jobTemplate.spec.template.spec.containers[0].image"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := pattern.Objects(tt.object)
			f := only(t, findingsOf(t, err), "image-missing")
			require.Equal(t, tt.path, f.Path)
			require.Equal(t, tt.path, f.Parties[0].Path)
		})
	}
}

// What the calls on a pod refuse stands where the API server would look for it.
func TestPathsOfThePodsOwnFields(t *testing.T) {
	for _, tt := range []struct{ path, under string }{
		{"metadata.labels", "spec.template.metadata.labels"},
		{"metadata.annotations", "spec.template.metadata.annotations"},
		{"spec.nodeSelector", "spec.template.spec.nodeSelector"},
		{"spec.hostAliases[1].ip", "spec.template.spec.hostAliases[1].ip"},
		{"spec.imagePullSecrets[1].name", "spec.template.spec.imagePullSecrets[1].name"},
		{"spec.securityContext.supplementalGroups[1]", "spec.template.spec.securityContext.supplementalGroups[1]"},
		{"spec.securityContext.fsGroup", "spec.template.spec.securityContext.fsGroup"},
		{"spec.terminationGracePeriodSeconds", "spec.template.spec.terminationGracePeriodSeconds"},
		{"spec.hostname", "spec.template.spec.hostname"},
	} {
		t.Run(tt.path, func(t *testing.T) {
			p := with(web()).Label("!", "v").Annotation("!", "v").NodeSelector("!", "v").
				HostAlias("10.0.0.1", "a").HostAlias("x", "a").PullSecret("ok", "!").SupplementalGroups(1, -1).FSGroup(-1).
				TerminationGracePeriodSeconds(-1).Hostname("!", "")
			_, err := p.Build()
			require.Contains(t, paths(findingsOf(t, err)), tt.path)
			_, err = p.Deployment(1).Build()
			require.Contains(t, paths(findingsOf(t, err)), tt.under)
		})
	}
}

// What a helper asks of the pod is the pod's field too.
func TestPathsOfWhatAHelperAsksOfThePod(t *testing.T) {
	p := with(web(), side("s").PodLabel("!", "v").PodAnnotation("!", "v").FSGroup(-1).PullSecret("!").HostAlias("x", "a"))
	_, err := p.Build()
	require.ElementsMatch(t, []string{
		"metadata.labels", "metadata.annotations", "spec.securityContext.fsGroup", "spec.imagePullSecrets[0].name", "spec.hostAliases[0].ip",
	}, paths(findingsOf(t, err)))
}

func paths(fs check.Findings) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Path)
	}
	return out
}
