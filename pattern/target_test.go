package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestANativeSidecarIsClassicWhereTheTargetHasNone(t *testing.T) {
	p := with(web(), side("s").Health(pattern.TCPSocket(80)).First()).WithInit(setup("i"))
	for _, target := range []string{"1.28", "v1.28", "1.28.3"} {
		old := build(t, p.Target(target))
		require.Equal(t, []string{"i"}, containerNames(old.Spec.InitContainers))
		require.Equal(t, []string{"web", "s"}, containerNames(old.Spec.Containers))
		s := container(t, &old.Spec, "s")
		require.Nil(t, s.RestartPolicy)
		require.Nil(t, s.StartupProbe, "nothing waits for it there")
	}
	for _, target := range []string{"1.29", "1.36"} {
		young := build(t, p.Target(target))
		require.Equal(t, []string{"s", "i"}, containerNames(young.Spec.InitContainers))
		require.Equal(t, []string{"web"}, containerNames(young.Spec.Containers))
	}
	byDefault := build(t, p)
	require.Equal(t, []string{"s", "i"}, containerNames(byDefault.Spec.InitContainers))
}

func TestNativeAndClassicByHand(t *testing.T) {
	pod := build(t, with(web(), side("a").Classic(), side("b").Classic().Native()))
	require.Equal(t, []string{"b"}, containerNames(pod.Spec.InitContainers))
	require.Equal(t, []string{"web", "a"}, containerNames(pod.Spec.Containers))

	same := build(t, with(web().Classic().Native()).WithInit(setup("i").Classic()))
	require.Equal(t, []string{"i"}, containerNames(same.Spec.InitContainers))
	require.Nil(t, same.Spec.InitContainers[0].RestartPolicy)
}

// kubectl takes containers[0] where nobody says which container is meant.
func TestTheAppIsTheDefaultContainer(t *testing.T) {
	const key = "kubectl.kubernetes.io/default-container"
	classicFirst := pattern.Pod("web").WithSidecar(side("s").Classic()).WithApp(web())
	require.Equal(t, "web", build(t, classicFirst).Annotations[key])
	require.Equal(t, "mine", build(t, classicFirst.Annotation(key, "mine")).Annotations[key])
	require.NotContains(t, build(t, with(web(), side("s").Classic())).Annotations, key, "it is containers[0] by itself")
}

func TestWhatNeedsANewerVersion(t *testing.T) {
	dir := pattern.EmptyDir("d")
	for _, tt := range []struct {
		name   string
		p      pattern.PodBuilder
		before string
		since  string
	}{
		{"Sleep", with(web().PreStop(pattern.Sleep(5))), "1.29", "1.30"},
		{"pod-level requests", with(web()).Requests("1", ""), "1.33", "1.34"},
		{"pod-level limits", with(web()).Limits("1", ""), "1.33", "1.34"},
		{"RestartPolicy", with(web().RestartPolicy("Never")), "1.34", "1.35"},
		{"RestartRules", with(web().RestartPolicy("Never").RestartRules(pattern.RestartOn(1))), "1.34", "1.35"},
		{"EnvFile", with(web().EnvFile("A", dir, "env", "A")).WithInit(setup("i").Writes(dir, "/d")), "1.34", "1.35"},
		{"ImageVolume", with(web().Reads(pattern.ImageVolume("v", "files:1"), "/v")), "1.34", "1.35"},
		{"WhenDown(RestartPod)", with(web(), side("s").WhenDown(pattern.RestartPod)), "1.35", "1.36"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found := own(tt.p.Target(tt.before).Findings())
			require.NotEmpty(t, found)
			for _, f := range found {
				require.Equal(t, "target-version", f.Rule)
				require.Equal(t, check.Broken, f.Level)
				require.Contains(t, f.Detail, tt.since)
				require.Contains(t, f.Detail, tt.before)
				require.Contains(t, f.At, "target_test.go:")
			}
			require.Empty(t, own(tt.p.Target(tt.since).Findings()))
		})
	}
}

// What the pod has besides is said all the same.
func TestABadTargetHidesNothing(t *testing.T) {
	require.ElementsMatch(t, []string{"image-missing", "target-version"}, rules(with(web().Image("")).Target("latest").Findings()))
	require.ElementsMatch(t, []string{"image-missing", "target-version"}, rules(with(web().Image("").PreStop(pattern.Sleep(1))).Target("1.29").Findings()))
}

func TestTheLastTargetHolds(t *testing.T) {
	p := with(web().PreStop(pattern.Sleep(5))).Target("1.29").Target("1.30")
	require.Empty(t, own(p.Findings()))
}

func TestRestartPolicies(t *testing.T) {
	pod := build(t, with(web().RestartPolicy("Never").RestartRules(pattern.RestartOn(1, 2), pattern.RestartOn(3)), side("s")))
	app, helper := container(t, &pod.Spec, "web"), container(t, &pod.Spec, "s")
	require.Equal(t, corev1.ContainerRestartPolicyNever, *app.RestartPolicy)
	require.Len(t, app.RestartPolicyRules, 2)
	require.Equal(t, []int32{1, 2}, app.RestartPolicyRules[0].ExitCodes.Values)
	require.Equal(t, corev1.ContainerRestartPolicyAlways, *helper.RestartPolicy)

	native := with(web(), side("s").RestartPolicy("Never"))
	require.Equal(t, []string{"restart-policy"}, rules(native.Findings()), "one that doesn't stay is no native sidecar")
	noPolicy := with(web().RestartRules(pattern.RestartOn(1)))
	require.Equal(t, []string{"restart-rules"}, rules(noPolicy.Findings()))
}
