package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// proxy is an ambassador with an endpoint.
func proxy() pattern.AmbassadorContainer {
	return pattern.Ambassador("proxy", "proxy:1").Port("db", 5432).Endpoint("my-db", "db")
}

func TestAnEndpointGivesBothVariables(t *testing.T) {
	pod := build(t, with(web().Env("URL", "postgres://$(MY_DB_HOST):$(MY_DB_PORT)/")).WithAmbassador(proxy()))
	require.Equal(t, []corev1.EnvVar{
		{Name: "MY_DB_HOST", Value: "127.0.0.1"},
		{Name: "MY_DB_PORT", Value: "5432"},
		{Name: "URL", Value: "postgres://$(MY_DB_HOST):$(MY_DB_PORT)/"},
	}, pod.Spec.Containers[0].Env, "wired variables stand first, so that the app's own can refer to them")
}

func TestAnEndpointGivesBothVariablesOrNeither(t *testing.T) {
	both := build(t, with(web().Env("MY_DB_HOST", "mine").Env("MY_DB_PORT", "1")).WithAmbassador(proxy()))
	require.Equal(t, []corev1.EnvVar{{Name: "MY_DB_HOST", Value: "mine"}, {Name: "MY_DB_PORT", Value: "1"}}, both.Spec.Containers[0].Env)

	half := with(web().Env("MY_DB_HOST", "mine")).WithAmbassador(proxy())
	f := only(t, half.Findings(), "endpoint-half")
	require.Equal(t, check.Warning, f.Level)
	require.Contains(t, f.Error(), "container proxy")
	require.Contains(t, f.Error(), "container web")
	pod, err := half.Build()
	require.NoError(t, err)
	require.Equal(t, []corev1.EnvVar{{Name: "MY_DB_HOST", Value: "mine"}}, pod.Spec.Containers[0].Env)

	allowed := half.Allow("endpoint-half", "the app dials itself")
	require.Empty(t, own(allowed.Findings()))
}

func TestAnEndpointHasThePortThatItsContainerGotInTheEnd(t *testing.T) {
	pod := build(t, with(web().Port("db", 5432)).WithAmbassador(proxy().MovePorts()))
	require.Equal(t, "5433", env(&pod.Spec.Containers[0], "MY_DB_PORT"))
}

func TestOnlyAppsAreWired(t *testing.T) {
	pod := build(t, with(web(), side("other")).WithApp(pattern.App("worker", "w:1")).WithInit(setup("i")).WithAmbassador(proxy().AppEnv("A", "b")))
	for _, name := range []string{"web", "worker"} {
		require.Equal(t, "b", env(container(t, &pod.Spec, name), "A"))
	}
	for _, name := range []string{"other", "i", "proxy"} {
		require.Empty(t, container(t, &pod.Spec, name).Env)
	}
}

func TestForRestrictsTheWiringToSomeContainers(t *testing.T) {
	p := with(web(), side("other")).WithApp(pattern.App("worker", "w:1")).WithInit(setup("i"))
	wires := side("s").AppEnv("A", "b").AppEnvFrom(pattern.Secret("s")).AppMount(pattern.PVC("v", "c"), "/v")
	pod := build(t, p.WithSidecar(wires.For("worker").For("i", "worker")))
	for _, name := range []string{"worker", "i"} {
		c := container(t, &pod.Spec, name)
		require.Equal(t, []corev1.EnvVar{{Name: "A", Value: "b"}}, c.Env, name)
		require.Len(t, c.EnvFrom, 1, name)
		require.Len(t, c.VolumeMounts, 1, name)
	}
	for _, name := range []string{"web", "other"} {
		c := container(t, &pod.Spec, name)
		require.Empty(t, c.Env, name)
		require.Empty(t, c.EnvFrom, name)
		require.Empty(t, c.VolumeMounts, name)
	}
	unknown := p.WithSidecar(wires.For("web", "nobody"))
	require.Contains(t, only(t, unknown.Findings(), "wiring-target").Error(), `"nobody"`)
}

func TestAnAppKeepsItsOwnVariables(t *testing.T) {
	pod := build(t, with(web().Env("A", "mine").Env("B", "mine"), side("s").AppEnv("A", "theirs").AppEnv("C", "theirs")))
	require.Equal(t, []corev1.EnvVar{{Name: "C", Value: "theirs"}, {Name: "A", Value: "mine"}, {Name: "B", Value: "mine"}}, pod.Spec.Containers[0].Env)
}

func TestHelpersThatWantOneThingDifferently(t *testing.T) {
	a, b := side("a"), side("b")
	secret := pattern.Secret("s")
	for _, tt := range []struct {
		name string
		a, b pattern.SidecarContainer
		fix  func(pattern.PodBuilder) pattern.PodBuilder // what the finding says
	}{
		{"a variable", a.AppEnv("A", "1"), b.AppEnv("A", "2"), nil},
		{"a variable from two secrets", a.AppEnvSecret("A", secret, "k"), b.AppEnvSecret("A", pattern.Secret("t"), "k"), nil},
		{"a variable from two keys", a.AppEnvSecret("A", secret, "k"), b.AppEnvSecret("A", secret, "l"), nil},
		{"a variable with a value and from a secret", a.AppEnv("A", ""), b.AppEnvSecret("A", secret, "k"), nil},
		{"an endpoint's port", a.Port("x", 1).Endpoint("e", "x"), b.Port("y", 2).Endpoint("e", "y"), nil},
		{"a label", a.PodLabel("l", "1"), b.PodLabel("l", "2"), func(p pattern.PodBuilder) pattern.PodBuilder { return p.Label("l", "3") }},
		{"an annotation", a.PodAnnotation("l", "1"), b.PodAnnotation("l", "2"), func(p pattern.PodBuilder) pattern.PodBuilder { return p.Annotation("l", "3") }},
		{"the group", a.FSGroup(1), b.FSGroup(2), func(p pattern.PodBuilder) pattern.PodBuilder { return p.FSGroup(3) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := with(web(), tt.a, tt.b)
			f := only(t, p.Findings(), "wiring-clash")
			require.Equal(t, check.Rejected, f.Level)
			require.Contains(t, f.Error(), "container a")
			require.Contains(t, f.Error(), "container b")
			require.NotEmpty(t, f.At)
			if tt.fix != nil {
				require.Empty(t, own(tt.fix(p).Findings()))
			}
		})
	}
}

func TestTheSameWishTwiceIsOne(t *testing.T) {
	wish := func(name string) pattern.SidecarContainer {
		return side(name).AppEnv("A", "1").AppEnvSecret("B", pattern.Secret("s"), "k").PodLabel("l", "1").PodAnnotation("l", "1").FSGroup(1).
			AppReads(pattern.PVC("disk", "disk"), "/disk")
	}
	pod := build(t, with(web(), wish("a"), wish("b")))
	require.Len(t, pod.Spec.Containers[0].Env, 2)
	require.Len(t, pod.Spec.Containers[0].VolumeMounts, 1)
}

func TestMountsInTheApps(t *testing.T) {
	shared := pattern.EmptyDir("shared")
	pod := build(t, with(web(), side("s").
		Writes(shared, "/out").
		AppReads(shared, "/in").
		AppWrites(pattern.PVC("disk", "disk"), "/disk").
		AppMount(pattern.ConfigMap("c").Volume("conf"), "/conf")))
	require.Equal(t, []corev1.VolumeMount{
		{Name: "shared", MountPath: "/in", ReadOnly: true},
		{Name: "disk", MountPath: "/disk"},
		{Name: "conf", MountPath: "/conf"},
	}, container(t, &pod.Spec, "web").VolumeMounts)
	require.Len(t, pod.Spec.Volumes, 3)
}

func TestATakenMountPath(t *testing.T) {
	mine, theirs := pattern.EmptyDir("mine"), pattern.PVC("theirs", "claim")
	for _, path := range []string{"/d", "/d/"} {
		p := with(web().Writes(mine, "/d"), side("s").AppReads(theirs, path))
		f := only(t, p.Findings(), "mount-path-dup")
		require.Contains(t, f.Error(), "container s")
		require.Contains(t, f.Error(), "container web")
	}
	same := build(t, with(web().Writes(mine, "/d"), side("s").AppReads(mine, "/d")))
	require.Equal(t, []corev1.VolumeMount{{Name: "mine", MountPath: "/d"}}, same.Spec.Containers[0].VolumeMounts, "it has what it needs")

	part := with(web().Writes(mine.SubPath("a"), "/d"), side("s").AppReads(mine, "/d"))
	require.Equal(t, []string{"mount-path-dup"}, rules(part.Findings()), "a part of the volume isn't the volume")
}

func TestSocket(t *testing.T) {
	run := pattern.EmptyDir("run")
	pod := build(t, with(web(), side("s").Socket(run, "my-app.sock")))
	require.Equal(t, "/run/run/my-app.sock", env(container(t, &pod.Spec, "web"), "MY_APP_SOCKET"))
	for _, name := range []string{"web", "s"} {
		require.Equal(t, []corev1.VolumeMount{{Name: "run", MountPath: "/run/run"}}, container(t, &pod.Spec, name).VolumeMounts)
	}
	fits := pattern.EmptyDir("d")
	require.Empty(t, own(with(web(), side("s").Socket(fits, long(107-len("/run/d/")))).Findings()))
	require.Equal(t, []string{"socket"}, rules(with(web(), side("s").Socket(fits, long(108-len("/run/d/")))).Findings()))
}

func TestSharedMemory(t *testing.T) {
	pod := build(t, with(web(), side("s").SharedMemory("1Gi"), side("t").SharedMemory("1024Mi")))
	for _, name := range []string{"web", "s", "t"} {
		require.Equal(t, []corev1.VolumeMount{{Name: "shared-memory", MountPath: "/dev/shm"}}, container(t, &pod.Spec, name).VolumeMounts)
	}
	dir := volume(t, &pod.Spec, "shared-memory").EmptyDir
	require.Equal(t, corev1.StorageMediumMemory, dir.Medium)
	require.Equal(t, "1Gi", dir.SizeLimit.String())

	app := build(t, with(web().SharedMemory("1Gi")).WithApp(pattern.App("b", "b:1")))
	require.Len(t, container(t, &app.Spec, "web").VolumeMounts, 1)
	require.Empty(t, container(t, &app.Spec, "b").VolumeMounts)

	two := with(web(), side("s").SharedMemory("1Gi"), side("t").SharedMemory("2Gi"))
	require.Equal(t, lineAbove(1), only(t, two.Findings(), "volume-source").At)
}

func TestScrape(t *testing.T) {
	pod := build(t, with(web(), side("s").Port("metrics", 9100).Scrape("metrics", "/metrics")))
	require.Equal(t, map[string]string{"prometheus.io/scrape": "true", "prometheus.io/port": "9100", "prometheus.io/path": "/metrics"}, pod.Annotations)

	moved := build(t, with(web().Port("metrics", 9100), side("s").Port("metrics", 9100).MovePorts().Scrape("metrics", "/metrics")))
	require.Equal(t, "9101", moved.Annotations["prometheus.io/port"])

	p := with(web().Port("http", 80).Scrape("http", "/first"), side("s").Port("metrics", 9100).Scrape("metrics", "/second"))
	f := only(t, p.Findings(), "scrape-annotation-clash")
	require.Equal(t, check.Warning, f.Level)
	require.Contains(t, f.Error(), "container web")
	require.Contains(t, f.Error(), "container s")
	second, err := p.Build()
	require.NoError(t, err)
	require.Equal(t, "/first", second.Annotations["prometheus.io/path"])

	own := build(t, p.Annotation("prometheus.io/scrape", "false"))
	require.Equal(t, map[string]string{"prometheus.io/scrape": "false"}, own.Annotations)
}

func TestBrings(t *testing.T) {
	keys := setup("keys")
	pod := build(t, with(web(), side("a").Brings(keys), side("b").Brings(keys, side("c").Brings(keys))))
	require.Equal(t, []string{"keys", "a", "c", "b"}, containerNames(pod.Spec.InitContainers))

	twice := with(web(), side("a").Brings(setup("keys")), side("b").Brings(setup("keys")))
	require.Equal(t, []string{"container-name-dup"}, rules(twice.Findings()), "two that are made apart aren't the same companion")
}

func TestWhatAHelperAsksOfThePod(t *testing.T) {
	pod := build(t, with(web(),
		side("a").FSGroup(2000).SharePID().PullSecret("pull").PodLabel("a", "1").PodAnnotation("b", "2").HostAlias("10.0.0.1", "db"),
		side("b").FSGroup(2000).SharePID().PullSecret("pull").PodLabel("a", "1").PodAnnotation("b", "2")).
		PullSecret("own"))
	require.EqualValues(t, 2000, *pod.Spec.SecurityContext.FSGroup)
	require.True(t, *pod.Spec.ShareProcessNamespace)
	require.Equal(t, []corev1.LocalObjectReference{{Name: "own"}, {Name: "pull"}}, pod.Spec.ImagePullSecrets)
	require.Equal(t, map[string]string{"a": "1"}, pod.Labels)
	require.Equal(t, map[string]string{"b": "2"}, pod.Annotations)
	require.Equal(t, []corev1.HostAlias{{IP: "10.0.0.1", Hostnames: []string{"db"}}}, pod.Spec.HostAliases)
}

func TestWhatThePodSetsItselfWins(t *testing.T) {
	pod := build(t, with(web(), side("a").FSGroup(2000).PodLabel("a", "helper").PodAnnotation("b", "helper").PullSecret("own")).
		FSGroup(1).Label("a", "pod").Annotation("b", "pod").PullSecret("own"))
	require.EqualValues(t, 1, *pod.Spec.SecurityContext.FSGroup)
	require.Equal(t, "pod", pod.Labels["a"])
	require.Equal(t, "pod", pod.Annotations["b"])
	require.Len(t, pod.Spec.ImagePullSecrets, 1)
}

func TestAPodsVariables(t *testing.T) {
	pod := build(t, with(web().Env("TZ", "mine"), side("s").AppEnv("WIRED", "w")).WithInit(setup("i")).
		Env("TZ", "UTC").For("web", "i").Env("ONLY", "some").EnvFrom(pattern.ConfigMap("c")))
	require.Equal(t, []corev1.EnvVar{{Name: "WIRED", Value: "w"}, {Name: "ONLY", Value: "some"}, {Name: "TZ", Value: "mine"}}, container(t, &pod.Spec, "web").Env)
	require.Equal(t, []corev1.EnvVar{{Name: "TZ", Value: "UTC"}, {Name: "ONLY", Value: "some"}}, container(t, &pod.Spec, "i").Env)
	require.Equal(t, []corev1.EnvVar{{Name: "TZ", Value: "UTC"}}, container(t, &pod.Spec, "s").Env)
	for _, name := range []string{"web", "i", "s"} {
		require.Equal(t, "c", container(t, &pod.Spec, name).EnvFrom[0].ConfigMapRef.Name)
	}
}

func TestTheLaterOfTwoPodVariablesHolds(t *testing.T) {
	pod := build(t, with(web(), side("s")).Env("A", "1").Env("A", "2").For("web").Env("A", "3"))
	require.Equal(t, []corev1.EnvVar{{Name: "A", Value: "3"}}, container(t, &pod.Spec, "web").Env)
	require.Equal(t, []corev1.EnvVar{{Name: "A", Value: "2"}}, container(t, &pod.Spec, "s").Env)
}

// A variable that the user gives the pod is the user's own, as one of the app is.
func TestAPodsVariableGoesBeforeAHelpers(t *testing.T) {
	pod := build(t, with(web(), side("s").AppEnv("A", "helper")).Env("A", "mine"))
	require.Equal(t, "mine", env(container(t, &pod.Spec, "web"), "A"))

	half := with(web()).WithAmbassador(proxy()).Env("MY_DB_HOST", "mine")
	only(t, half.Findings(), "endpoint-half")
	pod, err := half.Build()
	require.NoError(t, err)
	require.Equal(t, []corev1.EnvVar{{Name: "MY_DB_HOST", Value: "mine"}}, container(t, &pod.Spec, "web").Env)
}

func TestTheSameLineOfHostsComesOnce(t *testing.T) {
	pod := build(t, with(web(), side("a").HostAlias("10.0.0.1", "db"), side("b").HostAlias("10.0.0.1", "db"), side("c").HostAlias("10.0.0.1", "other")))
	require.Len(t, pod.Spec.HostAliases, 2)
}

// A helper that says that it needs the others' processes has a reason; a pod that
// shares them for no helper hears of it.
func TestSharedProcessesAreNoNewsToAHelper(t *testing.T) {
	p := with(web(), side("reload"))
	require.Contains(t, p.ShareProcessNamespace().Findings().String(), "sharepid")
	require.NotContains(t, with(web(), side("reload").SharePID()).Findings().String(), "sharepid")
}
