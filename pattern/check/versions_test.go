package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/stretchr/testify/require"
)

// gated is a pod with a field that a version of Kubernetes brought.
type gated struct {
	feature string // a constant of package release
	pod     string // as an example of a rule
	// was are how many findings of a rule hold a text below the version of the
	// feature, and is how many do from it on.
	rule, text string
	was, is    int
	// since is the feature that brought the field, if that is another one: below
	// its version there are none.
	since string
}

// The fields of a feature that a target doesn't know are dropped, so nothing that
// is said of their values holds for it.
var gatedPods = []gated{
	{"NativeSidecars", `{initContainers: [{name: proxy, restartPolicy: Always}], containers: [{name: web}]}`, "native-min-version", "", 1, 0, ""},
	{"AppArmorFields", `securityContext: {appArmorProfile: {type: Nope}}`, "apparmor-profile", "", 0, 1, ""},
	{"SleepAction", `containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 5}}}}]`, "sleep-min-version", "", 1, 0, ""},
	{"SleepAction", `containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 50}}}}]`, "prestop-sleep", "", 0, 1, ""},
	{"AffinityLabelKeys", `affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: ["?"]}]}}`, "affinity", "", 0, 1, ""},
	{"RecursiveReadOnly", `{volumes: [{name: data, emptyDir: {sizeLimit: 1Mi}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, recursiveReadOnly: Enabled}]}]}`, "rro-readonly", "", 0, 1, ""},
	{"RelaxedEnvNames", `containers: [{name: web, env: [{name: "a b", value: c}]}]`, "env-name", "", 1, 0, ""},
	{"GroupsPolicy", `securityContext: {supplementalGroupsPolicy: Nope}`, "group-policy", "", 0, 1, ""},
	{"ProcMount", `containers: [{name: web, securityContext: {procMount: Nope}}]`, "proc-mount", "", 0, 1, ""},
	{"RelaxedSearches", `dnsConfig: {searches: [a_b.example.com]}`, "dns-config", "", 1, 0, ""},
	{"Resize", `containers: [{name: web, resizePolicy: [{resourceName: disk, restartPolicy: NotRequired}]}]`, "resize-policy", "", 0, 1, ""},
	{"SELinuxChange", `securityContext: {seLinuxChangePolicy: Nope}`, "selinux-policy", "", 0, 1, ""},
	{"SleepZero", `containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 0}}}}]`, "prestop-sleep", "", 1, 0, "SleepAction"},
	{"UserNamespaces", `{hostUsers: false, hostNetwork: true}`, "host-users", "", 0, 1, ""},
	{"DynamicResources", `resourceClaims: [{name: gpu, resourceClaimName: gpu}]`, "resource-claim-version", "", 1, 0, ""},
	{"DynamicResources", `resourceClaims: [{name: gpu}]`, "resource-claim", "", 0, 1, ""},
	{"PodResources", `resources: {limits: {memory: 1Gi}}`, "pod-level-version", "", 1, 0, ""},
	{"ProbeHost", `containers: [{name: web, readinessProbe: {httpGet: {host: 192.0.2.1, port: 8080}}}]`, "probe-host", "", 0, 1, ""},
	{"SpreadLabelKeysMerge", `topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchExpressions: [{key: a, operator: In, values: ["?"]}]}, matchLabelKeys: [a]}]`, "topology-spread", "exists", 1, 0, ""},
	{"VolumeAttributesClass", `volumes: [{name: data, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], volumeAttributesClassName: "?", resources: {requests: {storage: 1Gi}}}}}}]`, "ephemeral-claim", "", 0, 1, ""},
	{"EnvFiles", `{volumes: [{name: data, emptyDir: {sizeLimit: 1Mi}}], containers: [{name: web, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: data, path: env, key: A}}}]}]}`, "env-source", "", 1, 0, ""},
	{"HostnameOverride", `{hostnameOverride: "?"}`, "hostname", "", 0, 1, ""},
	{"ImageVolumes", `{volumes: [{name: data, image: {reference: "registry.example.com/data:1"}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`, "image-volume", "", 1, 0, ""},
	{"RestartRules", `containers: [{name: web, restartPolicy: Never}]`, "container-restart-version", "", 1, 0, ""},
	{"RestartRules", `containers: [{name: web, restartPolicy: Never, restartPolicyRules: [{action: Nope, exitCodes: {operator: In, values: [1]}}]}]`, "restart-rules", "", 0, 1, ""},
	{"RestartAllOnExit", `{initContainers: [{name: proxy, restartPolicy: Always, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [1]}}]}], containers: [{name: web}]}`, "restart-rules", "", 1, 0, "RestartRules"},
	{"StrictAddresses", `dnsConfig: {nameservers: [010.0.0.1]}`, "dns-config", "from Kubernetes 1.36 on", 1, 0, ""},
	{"StrictAddresses", `dnsConfig: {nameservers: [010.0.0.1]}`, "dns-config", "must not have leading 0s", 1, 1, ""},
	{"TolerationComparison", `tolerations: [{key: a, operator: Lt, value: "1"}]`, "toleration", `"Lt"`, 0, 1, ""},
}

// Each feature changes what is found at its version, and at no other.
func TestTargets(t *testing.T) {
	versions := constants(t)
	for _, g := range gatedPods {
		t.Run(g.feature+"/"+g.rule, func(t *testing.T) {
			version := versions[g.feature]
			require.NotZero(t, version)
			for _, target := range []int{28, 29, version - 1, version, 33, 35, 36} {
				want := g.was
				if target >= version {
					want = g.is
				} else if g.since != "" && target < versions[g.since] {
					want = 0
				}
				got := 0
				found := of(checkExample(t, g.pod, release.Minor(target).String()), g.rule)
				for _, f := range found {
					if strings.Contains(f.Detail, g.text) {
						got++
					}
				}
				require.Equal(t, want, got, "1.%d\n%s", target, found)
			}
		})
	}
}

func TestEveryFeatureHasItsTargets(t *testing.T) {
	for feature := range constants(t) {
		require.True(t, slices.ContainsFunc(gatedPods, func(g gated) bool {
			return g.feature == feature && g.was != g.is || feature == "Default"
		}), feature)
	}
}

// constants gives those of package release, by their names.
func constants(t *testing.T) map[string]int {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../internal/release/release.go", nil, 0)
	require.NoError(t, err)
	out := map[string]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.ValueSpec); ok && len(c.Values) == 1 {
			if value, ok := c.Values[0].(*ast.BasicLit); ok {
				out[c.Names[0].Name], err = strconv.Atoi(value.Value)
				require.NoError(t, err)
			}
		}
		return true
	})
	return out
}
