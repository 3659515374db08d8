package e2e_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// seed is a pod of ../../../examples/seeds: pods of tutorials, as people have them.
type seed struct {
	pod string
	// objects are the others that the program prints for it, as Kind/name; a
	// Deployment stands for its pod.
	objects []string
	// lacks is what the tutorial leaves to its reader, beside images that nobody
	// publishes. supply brings it; what a pod lacks only later, its check brings.
	lacks  string
	supply func(*space)
	// ends is the state that it reaches, and check waits for it and tells what it saw.
	ends  string
	check func(s *space, pod string) (saw string)
}

// allRun is how nearly all of them end.
const allRun = "Ready, all containers run"

var seeds = []seed{
	{"multi-container-pod", nil, "nothing", nil, allRun, seesItsNeighbour},
	{"shared-volume-pod", nil, "nothing", nil, allRun, bothSeeTheVolume},
	{"env-pod", nil, "a command for the sidecar: the shell of busybox has no input and ends", nil, "the app runs, the sidecar is in CrashLoopBackOff, the pod doesn't stay Ready", sidecarEndsAtOnce},
	{"web-with-logging", nil, "nothing", nil, allRun, shipsTheLog},
	{"app-with-metrics", nil, "nothing", nil, allRun, exportsTheApp},
	{"app-with-db-ambassador", nil, "the ConfigMap haproxy-config, PostgreSQL", suppliesHAProxy, allRun, reachesDatabaseOverHAProxy},
	{"app-with-proxy", nil, "the ConfigMap envoy-configuration", suppliesEnvoy, allRun, adminPortIsUp},
	{"app-with-log-adapter", nil, "nothing", nil, allRun, linesBecomeJSON},
	{"app-with-metrics-adapter", nil, "nothing", nil, allRun, statisticsBecomeMetrics},
	{"pod-with-init", nil, "nothing", nil, "Ready after the init container has succeeded", appFindsWhatInitLeft},
	{"multi-init-pod", nil, "the server https://config-server", nil, "the first init fails with 6, as curl finds no such host, until the server is there; then Ready", configurationIsLoaded},
	{"web-app-complete", nil, "a page, and stub_status, without which the exporter ends with 1", nil, allRun, exporterWaitsForItsSource},
	{"app-with-db-proxy", nil, "PostgreSQL", suppliesCloudSQL, allRun, reachesDatabaseOverProxy},
	{"web-with-git-sync", nil, "the Git repository", suppliesRepository, allRun, servesTheRepository},
	{"lifecycle-pod", nil, "nothing", nil, "Ready, and nginx ends with 0 when the pod is deleted", hooksRun},
	{"resource-managed-pod", nil, "nothing", nil, allRun, limitsAreSet},
	{"test-logger", nil, "nothing", nil, allRun, picksOutTheIDs},
	{"my-app", nil, "nothing", nil, allRun, meshProxyIsUp},
	{"web-app", nil, "nothing", nil, allRun, threeHelpersAreUp},
	{"sidecar-proxy", []string{"ConfigMap/proxy-config", "Deployment/sidecar-proxy", "Service/sidecar-proxy"}, "nothing", nil, "the Deployment's pod is Ready, its sidecar started first", proxyStandsBeforeTheApp},
	{"init-demo", nil, "the Service db with PostgreSQL", nil, "waits in its second init until the database accepts connections; then Ready", waitsForTheDatabase},
	{"ambassador-proxy", []string{"ConfigMap/tls-proxy-config", "Service/ambassador-proxy"}, "the Secret tls-proxy with a certificate", suppliesCertificate, allRun, speaksTLS},
	{"sidecar-container-example", nil, "nothing", nil, allRun, servesWhatTheSidecarWrites},
	{"adapter-format", nil, "nothing", nil, allRun, rawFiguresBecomeMetrics},
	{"probed", nil, "nothing", nil, "Ready by its own probe", probesAreAsked},
	{"sidecar-logging", nil, "nothing", nil, allRun, nothingIsLostByRotation},
}

// Each pod of the tutorials is applied as the program prints it, is given what it lacks,
// and ends as the table says.
func TestSeeds(t *testing.T) {
	printed := printedSeeds(t)
	for i, seed := range seeds {
		t.Run(seed.pod, func(t *testing.T) {
			s, start := newSpace(t), time.Now()
			if seed.supply != nil {
				seed.supply(s)
			}
			for _, o := range seed.all() {
				s.applyYAML(printed[o])
			}
			if len(seed.objects) == 0 {
				s.scheduled(seed.pod)
			}
			saw := seed.check(s, seed.pod)
			s.observed(start, "seed %02d `%s`. It lacked: %s. It ended: %s. Seen: %s", i+1, seed.pod, seed.lacks, seed.ends, saw)
		})
	}
}

// What the program prints is in the table, and nothing else.
func TestEverySeedIsRun(t *testing.T) {
	var want, got []string
	for o := range printedSeeds(t) {
		want = append(want, o)
	}
	got = append(got, "Namespace/multi-container-demo") // each has a namespace of its own here
	for _, seed := range seeds {
		got = append(got, seed.all()...)
	}
	slices.Sort(want)
	slices.Sort(got)
	require.Equal(t, want, got)
	require.Len(t, seeds, 26)
}

// all gives the objects of a seed in the order in which they are applied.
func (seed seed) all() []string {
	if slices.ContainsFunc(seed.objects, func(o string) bool { return o == "Deployment/"+seed.pod }) {
		return seed.objects
	}
	return append(slices.Clone(seed.objects), "Pod/"+seed.pod)
}

// scheduled waits for a node to have room for a pod: two of them ask for 0.6 and 1.2 CPUs,
// and other tests run beside them.
func (s *space) scheduled(pod string) {
	s.Helper()
	s.pod(pod, "scheduled", 5*time.Minute, func(p *corev1.Pod) bool { return p.Spec.NodeName != "" })
}

// allRunning waits for a pod to be Ready with all its containers running.
func (s *space) allRunning(pod string) *corev1.Pod {
	s.Helper()
	return s.pod(pod, "Ready with all containers running", 2*waitLong, func(p *corev1.Pod) bool {
		return isReady(p) && !slices.ContainsFunc(p.Status.ContainerStatuses, func(c corev1.ContainerStatus) bool { return c.State.Running == nil })
	})
}

// allRestarts gives how often the containers of a pod were restarted.
func allRestarts(p *corev1.Pod) (n int) {
	for _, c := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
		n += int(c.RestartCount)
	}
	return n
}
