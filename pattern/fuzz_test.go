package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// oddStrings are seeds that strings have broken on before.
func oddStrings() []string {
	return []string{"", "a", "web", "Web", "-", "--", ".", "..", "/", "//", "/a", "/a/", "/a/../b", "a:b", "a=b", "a b", " ", "\n", "\x00", "\x7f\u0080", noUTF8, "ü", "网", "1", "1.35", "v1.28", "1.", "-1", "1Gi", "1e3", "1e999999999", "NaN", "$(A)", "{{ x }}", "a/b/c", "private", "*", long(63), long(64), long(300)}
}

// holds is what must be true of every builder, whatever it was made of: it gives
// either findings that say where they come from, or objects that can be read back,
// and the same again when asked again.
func holds(t *testing.T, objects ...pattern.Object) {
	t.Helper()
	out, err := pattern.Objects(objects...)
	for _, f := range findingsOf(t, err) {
		require.NotEmpty(t, f.Rule)
		require.NotEmpty(t, f.At, "%v", f)
	}
	require.Equal(t, built(objects...), built(objects...))
	if err != nil {
		require.Nil(t, out)
		return
	}
	text, err := pattern.YAML(objects...)
	require.NoError(t, err)
	if len(out) == 1 {
		require.NoError(t, yaml.Unmarshal(text, new(map[string]any)), "%s", text)
	}
}

func FuzzNames(f *testing.F) {
	for i, s := range oddStrings() {
		f.Add(s, oddStrings()[len(oddStrings())-1-i], s, uint8(i))
	}
	f.Fuzz(func(t *testing.T, a, b, c string, what uint8) {
		switch what % 12 {
		case 0:
			holds(t, pattern.Pod(a).WithApp(pattern.App(b, c)))
		case 1:
			holds(t, with(web().Port(a, 80), side("s").Port(a, 81).Endpoint(b, a).Scrape(a, c)).Service(c))
		case 2:
			holds(t, with(web().Env(a, b).EnvField(b, c).EnvResource(c, a, b), side("s").AppEnv(a, c)).Env(c, a))
		case 3:
			holds(t, with(web().EnvSecret(a, pattern.Secret(b), c).EnvFromPrefix(a, pattern.ConfigMap(c)), side("s").AppEnvSecret(a, pattern.Secret(b).Data(c, a), c)))
		case 4:
			holds(t, with(web(), side("s").PodLabel(a, b).PodAnnotation(b, c)).Label(a, b).Annotation(b, c).NodeSelector(c, a).SelectorLabels(a, c).Deployment(1))
		case 5:
			holds(t, with(web(), side(a).Before(b).After(c).For(a)).WithInit(setup(b).First()).Target(c))
		case 6:
			holds(t, with(web().PullSecret(a).HostAlias(b, c)).ServiceAccount(a).PullSecret(b).HostAlias(a, b).Hostname(b, c).RuntimeClass(a).PriorityClass(b).SchedulerName(c))
		case 7:
			holds(t, pattern.ConfigMap(a).Data(b, c).Namespace(c), pattern.Secret(b).Data(c, a), pattern.Namespace(c).Label(a, b))
		case 8:
			holds(t, with(web().Mount(pattern.EmptyDir(a), "/a").Mount(pattern.PVC(b, c), "/b").Mount(pattern.CSI(c, a, map[string]string{b: c}), "/c")).Namespace(a))
		case 9:
			holds(t, with(web().NeedsAPI().Config("/etc/app/app.conf", b).Name(a).Scratch("/tmp", "1Mi")).InlineConfig(), pattern.Pod(a).WithApp(web()).CronJob(c).TimeZone(b))
		case 10:
			holds(t, with(web().Dials(a, 80), side("s").Dials(b, 443)).Sysctl(a, b).ReadinessGate(corev1.PodConditionType(c)).SchedulingGate(a).ResourceClaim(b, c).NetworkPolicy())
		case 11:
			holds(t, with(web().Request(corev1.ResourceName(a), "1").Limit(corev1.ResourceName(b), "1").ResourceClaim(c).Command(a).Args(b).Shell(c).WorkingDir(a)).For(a).Env(b, c))
		}
	})
}

func FuzzQuantities(f *testing.F) {
	for i, s := range oddStrings() {
		f.Add(s, int64(i-5)<<i)
	}
	f.Fuzz(func(t *testing.T, q string, n int64) {
		size := int(n)
		holds(t, with(
			web().Requests(q, q).Limits(q, q).Limit("example.com/gpu", q).Scratch("/tmp", q).EnvResource("A", "limits.cpu", q).
				Ports(size).ReadinessProbe(pattern.GRPC(size, q).PeriodSeconds(size).TerminationGracePeriodSeconds(size)).PreStop(pattern.Sleep(size)).
				RunAsUser(n).RunAsGroup(n).Mount(pattern.Ephemeral("e", q), "/e").Mount(pattern.EmptyDir("d").SizeLimit(q), "/d"),
			side("s").SharedMemory(q).UDPPort("u", size).FSGroup(n).Dials("db", size)).
			Requests(q, q).Limits(q, q).RunAsUser(n).FSGroup(n).SupplementalGroups(n, n).TerminationGracePeriodSeconds(n).ActiveDeadlineSeconds(n))
		holds(t, with(web().Mount(pattern.ClaimTemplate("c", q), "/c")).StatefulSet(size))
		holds(t, with(web()).Service().Port("a", size, size).PortTo("b", size, q), with(web()).Deployment(size).NoReplicas())
		holds(t, with(web()).Job().BackoffLimit(int32(n)).Completions(int32(n), int32(-n)).TTLSecondsAfterFinished(int32(n)))
		holds(t, with(web().Mount(pattern.ConfigMap("c").Volume("v").Mode(int32(n)), "/v").Mount(pattern.Projected("p", pattern.ServiceAccountToken(q).ExpirationSeconds(n)), "/p")))
	})
}

func FuzzPaths(f *testing.F) {
	for i, s := range oddStrings() {
		f.Add(s, oddStrings()[len(oddStrings())-1-i])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		dir := pattern.EmptyDir("dir")
		p := with(
			web().Writes(dir, a).Writes(dir.SubPath(b), "/fixed").Reads(dir.SubPathExpr(a), b).Scratch(a, "1Mi").Scratch(b, "1Mi").Device(pattern.PVC("disk", "disk"), a),
			side("s").Mount(dir, b).AppReads(dir, a).AppWrites(dir, b).Socket(dir, a).ReadyFile(dir, b),
			side("files").Config(a, b).Config(b, a).Config("/etc/app/"+a, b).EnvFile("A", dir, a, b))
		holds(t, p, p.InlineConfig().Deployment(1))
		holds(t, with(web().
			Mount(pattern.ConfigMap("c").Volume("v").Key(a, b), "/v").
			Mount(pattern.HostPath("host", a), "/h").Mount(pattern.NFS("nfs", a, b), "/n").Mount(pattern.ImageVolume("image", a), "/i").
			Mount(pattern.DownwardAPI("down", pattern.PodField(a, b), pattern.ResourceField(b, a, b)), "/d").
			ReadinessProbe(pattern.HTTPGet(a, b).Header(a, b)).LivenessProbe(pattern.TCPSocket(a)).StartupProbe(pattern.Exec(a, b))))
	})
}
