package e2e_test

import (
	"context"
	"regexp"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// Variables, amounts and where a pod may run.
var settingsBroken = []broken{
	{rule: "resourcefieldref-container", saw: "the container waited with CreateContainerConfigError",
		breaks: seesWaiting("web", "CreateContainerConfigError", "container app not found"), works: seesReady},
	{rule: "env-dup", saw: "the container had the later value",
		run: map[string]string{"web": `echo "level $LOG_LEVEL"; ` + idle}, breaks: seesLine("web", "^level debug$")},
	{rule: "env-ref-undefined", saw: "the program got $(NODE_NAME) as it is written",
		bad:    `{restartPolicy: Never, containers: [{name: web, command: [echo], args: ["--node=$(NODE_NAME)"]}]}`,
		good:   `{restartPolicy: Never, containers: [{name: web, env: [{name: NODE_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}], command: [echo], args: ["--node=$(NODE_NAME)"]}]}`,
		breaks: seesLine("web", `^--node=\$\(NODE_NAME\)$`), works: seesLine("web", `^--node=[^$]+$`)},
	{rule: "shell-dollars", saw: "the shell got one $ and saw no process number",
		bad:    `containers: [{name: web, command: [sh, -c, "echo \"number $$;\"; trap exit TERM; sleep 1d & wait"]}]`,
		good:   `containers: [{name: web, command: [sh, -c, "echo \"number $$$$;\"; trap exit TERM; sleep 1d & wait"]}]`,
		breaks: seesLine("web", `^number \$;$`), works: seesLine("web", `^number \d+;$`)},
	{rule: "fractional-bytes", saw: "with the amount as a limit no container started",
		bad:    `{automountServiceAccountToken: false, containers: [{name: web, resources: {limits: {memory: 100m}}}]}`,
		good:   `{automountServiceAccountToken: false, containers: [{name: web, resources: {limits: {memory: 100M}}}]}`,
		breaks: seesNoStart("web"), works: seesReady},
	{rule: "qos-broken", saw: "the pod was Burstable, and Guaranteed with equal limits in both containers",
		bad:    `containers: [{name: web, resources: {limits: {cpu: 20m, memory: 16Mi}}}, {name: proxy, resources: {requests: {cpu: 10m, memory: 8Mi}, limits: {memory: 16Mi}}}]`,
		good:   `containers: [{name: web, resources: {limits: {cpu: 20m, memory: 16Mi}}}, {name: proxy, resources: {limits: {cpu: 20m, memory: 16Mi}}}]`,
		breaks: seesClass(corev1.PodQOSBurstable), works: seesClass(corev1.PodQOSGuaranteed)},
	{rule: "selector-missing", saw: "a pod with a required affinity stayed pending",
		bad:    `{affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname}]}}, containers: [{name: web}]}`,
		breaks: seesEvent("didn't match pod affinity rules")},
	{rule: "grace-period", saw: "the API server made 1 of it",
		breaks: func(s *space, name string) {
			s.Helper()
			require.EqualValues(s, 1, *s.podNow(name).Spec.TerminationGracePeriodSeconds)
		}},
	{rule: "sharepid", saw: "a container saw the processes of the other",
		good:   `containers: [{name: web}, {name: agent}]`,
		run:    map[string]string{"web": `exec sleep 86321`},
		breaks: inTurn(seesReady, seesOutput("agent", "sleep 86321", "ps")), works: inTurn(seesReady, seesNone("agent", "sleep 86321", "ps"))},
	{rule: "token-shared", saw: "the container that doesn't need the token had it",
		bad:    "kind: ServiceAccount\n---\nkind: Pod\nspec: {automountServiceAccountToken: true, serviceAccountName: web, containers: [{name: web}, {name: boards, command: [sh, -c, \"wget https://kubernetes.default/api; sleep 1d\"]}]}",
		good:   "kind: ServiceAccount\n---\nkind: Pod\nspec: {automountServiceAccountToken: false, serviceAccountName: web, containers: [{name: web}, {name: boards, command: [sh, -c, \"wget https://kubernetes.default/api; sleep 1d\"], volumeMounts: [{name: token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]}], volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3600}}]}}]}",
		breaks: inTurn(seesReady, seesOutput("web", "token", "ls", "/var/run/secrets/kubernetes.io/serviceaccount")),
		works:  inTurn(seesReady, seesOutput("boards", "token", "ls", "/var/run/secrets/kubernetes.io/serviceaccount"), seesNone("web", "secrets", "mount"))},
	{rule: "node-label-deprecated", saw: "no node had node-role.kubernetes.io/master, and the pod stayed pending",
		bad:    `{nodeSelector: {node-role.kubernetes.io/master: ""}, containers: [{name: web}]}`,
		breaks: seesEvent("didn't match Pod's node affinity/selector")},
}

// Users, profiles and Pod Security.
var usersBroken = []broken{
	{rule: "nonroot-root", saw: "the container waited with CreateContainerConfigError",
		breaks: seesWaiting("web", "CreateContainerConfigError", "container's runAsUser breaks non-root policy"), works: seesReady},
	{rule: "nonroot-root", saw: "so it did where runAsUser stands at the pod",
		bad:    `{securityContext: {runAsUser: 0}, containers: [{name: web, securityContext: {runAsNonRoot: true}}]}`,
		breaks: seesWaiting("web", "CreateContainerConfigError", "container's runAsUser breaks non-root policy")},
	{rule: "nonroot-numeric", saw: "an image of root waited with CreateContainerConfigError",
		bad:    `{securityContext: {runAsNonRoot: true}, containers: [{name: web}]}`,
		good:   `{securityContext: {runAsNonRoot: true, runAsUser: 10001}, containers: [{name: web}]}`,
		breaks: seesWaiting("web", "CreateContainerConfigError", "image will run as root"), works: seesReady},
	{rule: "nonroot-numeric", saw: "an image whose user is a name waited with CreateContainerConfigError",
		bad:    `{securityContext: {runAsNonRoot: true}, containers: [{name: web, image: "memcached:1.6.39"}]}`,
		good:   `{securityContext: {runAsNonRoot: true, runAsUser: 11211}, containers: [{name: web, image: "memcached:1.6.39"}]}`,
		breaks: seesWaiting("web", "CreateContainerConfigError", "image has non-numeric user (memcache)"), works: seesReady},
	{rule: "seccomp-annotation", saw: "the container ran without the profile",
		bad:    "kind: Pod\nmetadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}}\nspec: {containers: [{name: web}]}",
		good:   "kind: Pod\nspec: {securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: web}]}",
		breaks: inTurn(seesReady, seesOutput("web", `Seccomp:\s+0`, "cat", "/proc/1/status")), works: inTurn(seesReady, seesOutput("web", `Seccomp:\s+2`, "cat", "/proc/1/status"))},
	{rule: "pss-baseline", saw: "a namespace that enforces it refused the pod",
		bad:    `{containers: [{name: web, securityContext: {privileged: true}}]}`,
		breaks: seesForbidden("baseline", `violates PodSecurity "baseline:latest": privileged`, `{containers: [{name: web, image: "busybox:1.36", securityContext: {privileged: true}}]}`)},
	{rule: "pss-restricted", saw: "a namespace that enforces it refused the pod",
		bad:    `{containers: [{name: web, securityContext: {allowPrivilegeEscalation: true}}]}`,
		breaks: seesForbidden("restricted", `violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false`, `{containers: [{name: web, image: "busybox:1.36", securityContext: {allowPrivilegeEscalation: true}}]}`)},
}

func hasLine(expression, text string) bool {
	return regexp.MustCompile("(?m)" + expression).MatchString(text)
}

// seesNoStart: the kubelet has tried to make a container, or its sandbox, and failed.
func seesNoStart(container string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.recurs(name, "Failed", 2)
		p := s.podNow(name)
		c := status(p, container)
		require.NotNil(s, c, told(p))
		require.Nil(s, c.State.Running, told(p))
	}
}

func seesClass(want corev1.PodQOSClass) sight {
	return func(s *space, name string) { s.Helper(); require.Equal(s, want, s.podNow(name).Status.QOSClass) }
}

// seesNone: a command in a container doesn't print what an expression says.
func seesNone(container, expression string, command ...string) sight {
	return func(s *space, name string) {
		s.Helper()
		require.NotRegexp(s, expression, s.run(name, container, command...))
	}
}

// refused: server-side apply doesn't take an object, for a reason.
func (s *space) refused(reason, text string) {
	s.Helper()
	u := &unstructured.Unstructured{}
	require.NoError(s, yaml.Unmarshal([]byte(text), &u.Object))
	_, err := s.dynamic.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(s.name).
		Apply(s.ctx, u.GetName(), u, metav1.ApplyOptions{FieldManager: "e2e"})
	require.ErrorContains(s, err, reason)
}

// seesForbidden: a namespace that enforces a Pod Security Standard refuses a spec.
func seesForbidden(standard, reason, spec string) sight {
	return func(s *space, _ string) {
		s.Helper()
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "e2e-", Labels: map[string]string{"pod-security.kubernetes.io/enforce": standard}}}
		made, err := s.CoreV1().Namespaces().Create(s.ctx, ns, metav1.CreateOptions{})
		require.NoError(s, err)
		s.Cleanup(func() {
			_ = s.CoreV1().Namespaces().Delete(context.Background(), made.Name, metav1.DeleteOptions{})
		})
		inside := *s
		inside.name = made.Name
		inside.refused(reason, `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: `+spec+`}`)
	}
}
