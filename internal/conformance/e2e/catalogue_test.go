package e2e_test

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ran is how each helper was run; the same as in the catalogue's testdata.
type ran struct {
	mu    sync.Mutex
	kinds map[string][]string // by helper
	count map[string]int      // of uses, by kind
	uids  int                 // that were read inside
}

// Every helper of the catalogue runs where Pod Security restricted is enforced, but for those
// that say they can't: these are refused.
func TestCatalogueIsRestricted(t *testing.T) {
	t.Parallel()
	start, r := time.Now(), &ran{kinds: map[string][]string{}, count: map[string]int{}}
	uses := catalogue.Uses()
	t.Run("uses", func(t *testing.T) {
		for _, u := range uses {
			t.Run(u.Helper+"/"+u.Why, func(t *testing.T) { r.run(t, u) })
		}
	})
	total := 0
	for _, n := range r.count {
		total += n
	}
	if total != len(uses) {
		return // some failed, or were not asked for
	}
	figures := fmt.Sprintf("of %d pods with a helper of the catalogue, Pod Security restricted admitted %d and refused %d, as the catalogue says; %d ran by the helper's program, %d more by the program as far as it gets without its server, %d by a stand-in, and %d only had the pod changed; the user ID was read inside of %d",
		total, total-r.count[refused], r.count[refused], r.count[byProgram], r.count[withoutServer], r.count[byStandIn], r.count[onlyThePod], r.uids)
	t.Log(figures)
	(&space{T: t}).observed(start, "%s", figures)
	r.compare(t)
}

const recorded = "../../catalogue/testdata/cluster.txt"

// compare compares with what the README's table is made of, or writes it where E2E_UPDATE
// is 1.
func (r *ran) compare(t *testing.T) {
	var lines []string
	for helper, kinds := range r.kinds {
		slices.Sort(kinds)
		lines = append(lines, helper+": "+strings.Join(slices.Compact(kinds), "; ")+"\n")
	}
	slices.Sort(lines)
	text := strings.Join(lines, "")
	if os.Getenv("E2E_UPDATE") == "1" {
		require.NoError(t, os.WriteFile(recorded, []byte(text), 0o644))
	}
	want, err := os.ReadFile(recorded)
	require.NoError(t, err)
	require.Equal(t, string(want), text, "E2E_UPDATE=1 writes it")
}

func (r *ran) note(u catalogue.Use, kind string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kinds[u.Helper] = append(r.kinds[u.Helper], kind)
	r.count[kind]++
}

func (r *ran) run(t *testing.T, u catalogue.Use) {
	s, start := newSpace(t, "pod-security.kubernetes.io/enforce", "restricted"), time.Now()
	pod := s.offer(u)
	if pod == nil {
		r.note(u, refused)
		s.observed(start, "Pod Security restricted refused the pod, as the catalogue says: %s", u.Unrestricted)
		return
	}
	s.applyObject(pod)
	helper, kind := helperOf(u, pod)
	if kind == onlyThePod {
		s.ready("web")
		r.note(u, kind)
		s.observed(start, "the pod was admitted and ready; the mesh adds the container")
		return
	}
	how := s.works(u, helper)
	if without(u) != nil && kind == byProgram {
		kind = withoutServer
	}
	s.complainsNot(pod)
	uid, inside := s.uid(helper)
	require.Equal(t, *helper.SecurityContext.RunAsUser, uid)
	r.note(u, kind)
	if inside {
		r.mu.Lock()
		r.uids++
		r.mu.Unlock()
	}
	s.observed(start, "%s as uid %d, %s", how, uid, map[string]string{byProgram: "by the program", byStandIn: "by a stand-in", withoutServer: "by the program"}[kind])
}

// offer makes what a use's pod needs, and gives the pod to run; nil is that Pod Security
// refuses it, which only the catalogue's Unrestricted allows. The pod is offered as the
// catalogue makes it, and with a regular container for an old cluster too.
func (s *space) offer(u catalogue.Use) *corev1.Pod {
	s.Helper()
	var last *corev1.Pod
	for _, builder := range []pattern.PodBuilder{catalogue.Classic(u), catalogue.Pod(u)} {
		objects, err := pattern.Objects(builder)
		require.NoError(s, err)
		pod, ok := objects[len(objects)-1].(*corev1.Pod)
		require.True(s, ok)
		for _, o := range objects[:len(objects)-1] {
			s.applyObject(o)
		}
		s.supply(&pod.Spec, objects)
		_, err = s.CoreV1().Pods(s.name).Create(s.ctx, pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if u.Unrestricted != "" {
			require.ErrorContains(s, err, `violates PodSecurity "restricted`)
			continue
		}
		require.NoError(s, err)
		last = pod
	}
	if last == nil {
		return nil
	}
	return runnable(s, last, another(u))
}

// helperOf gives the helper's container in a pod: its companions stand before it.
func helperOf(u catalogue.Use, pod *corev1.Pod) (corev1.Container, string) {
	all := pod.Spec.InitContainers
	if len(all) == 0 {
		return corev1.Container{}, onlyThePod
	}
	return all[len(all)-1], kindOf(all[len(all)-1])
}

// works waits for a helper to do what it is there for, and tells what that is.
func (s *space) works(u catalogue.Use, helper corev1.Container) string {
	s.Helper()
	native := helper.RestartPolicy != nil
	switch says := without(u); {
	case says != nil:
		s.prints("web", helper.Name, says.String())
		return "started and asked for its server, which isn't there,"
	case !native:
		p := s.ready("web")
		require.Equal(s, int32(0), status(p, helper.Name).RestartCount)
		return "completed"
	}
	p := s.ready("web")
	started := status(p, helper.Name)
	require.True(s, *started.Started && started.Ready, told(p))
	for _, probe := range []*corev1.Probe{helper.StartupProbe, helper.ReadinessProbe, helper.LivenessProbe} {
		if probe != nil && probe.HTTPGet != nil {
			s.passes(helper, *probe.HTTPGet)
		}
	}
	if helper.ReadinessProbe == nil { // the kubelet has not asked it yet
		lasts := 3 * time.Second
		s.until(helper.Name+" to run for a while", waitLong, func() (bool, string) { return time.Since(started.State.Running.StartedAt.Time) > lasts, "" })
		p, err := s.CoreV1().Pods(s.name).Get(s.ctx, "web", metav1.GetOptions{})
		require.NoError(s, err)
		started = status(p, helper.Name)
		require.NotNil(s, started.State.Running, told(p))
		require.Zero(s, started.RestartCount, told(p))
		return "ran without a restart"
	}
	require.Zero(s, started.RestartCount, told(p))
	return "ready"
}

// passes asks what a probe asks, through the API server.
func (s *space) passes(helper corev1.Container, get corev1.HTTPGetAction) {
	s.Helper()
	port := get.Port.IntVal
	for _, p := range helper.Ports {
		if p.Name == get.Port.StrVal {
			port = p.ContainerPort
		}
	}
	scheme := strings.ToLower(cmp.Or(string(get.Scheme), "http"))
	s.until(fmt.Sprintf("an answer on %d%s", port, get.Path), waitLong, func() (bool, string) {
		var code int
		raw, err := s.CoreV1().RESTClient().Get().Namespace(s.name).Resource("pods").Name(fmt.Sprintf("%s:web:%d", scheme, port)).
			SubResource("proxy").Suffix(get.Path).Do(s.ctx).StatusCode(&code).Raw()
		return code == http.StatusOK, fmt.Sprint(code, err, string(raw))
	})
}

// complains is what a container prints that may not do what it wants to.
var complains = regexp.MustCompile(`(?i).*(permission denied|read-only file ?system|operation not permitted|EACCES|EROFS).*`)

// complainsNot requires that no container of a pod prints such a thing.
func (s *space) complainsNot(pod *corev1.Pod) {
	s.Helper()
	for _, c := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		if text, err := s.logsOf(s.ctx, pod.Name, c.Name, false); err == nil {
			require.Empty(s, complains.FindString(text), c.Name)
		}
	}
}

// uid gives the user that a helper runs as: what the runtime says of it, or it itself. Where
// the image has nothing to ask with, it is what the pod says, and inside is false.
func (s *space) uid(helper corev1.Container) (uid int64, inside bool) {
	s.Helper()
	p, err := s.CoreV1().Pods(s.name).Get(s.ctx, "web", metav1.GetOptions{})
	require.NoError(s, err)
	if c := status(p, helper.Name); c != nil && c.User != nil && c.User.Linux != nil {
		return c.User.Linux.UID, true
	}
	if text, err := s.logsOf(s.ctx, "web", helper.Name, false); err == nil {
		if m := regexp.MustCompile(`^stand-in for \S+ uid (\d+)`).FindStringSubmatch(text); m != nil {
			uid, err = strconv.ParseInt(m[1], 10, 64)
			require.NoError(s, err)
			return uid, true
		}
	}
	if out, err := s.exec("web", helper.Name, "id", "-u"); err == nil {
		uid, err = strconv.ParseInt(strings.TrimSpace(out), 10, 64)
		require.NoError(s, err)
		return uid, true
	}
	return *helper.SecurityContext.RunAsUser, false
}
