package apiserver_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/apiserver"
	"github.com/stretchr/testify/require"
)

// one judges a stream that has one object.
func one(t *testing.T, document string) apiserver.Verdict {
	t.Helper()
	verdicts, err := apiserver.Judge([]byte(document))
	require.NoError(t, err)
	require.Len(t, verdicts, 1)
	return verdicts[0]
}

// A pod that nobody has anything to say against, in the three forms that kinds ask
// for.
const (
	fields = `
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
      containers: [{name: web, image: web:1, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}`
	spec     = `{` + fields
	template = `
    metadata: {labels: {app: web}}
    spec: {` + fields
	runOnce = `
    spec: {restartPolicy: Never,` + fields
)

// Each kind is judged by its own rules: one that fits them passes, and one that
// doesn't is rejected for the field that is wrong.
func TestKinds(t *testing.T) {
	tests := map[string]struct{ good, bad, field string }{
		"ConfigMap": {
			good:  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\nimmutable: true\ndata: {a: b}",
			bad:   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a/b: c}",
			field: "data[a/b]",
		},
		"Namespace": {
			good:  "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}",
			bad:   "apiVersion: v1\nkind: Namespace\nmetadata: {name: Web}",
			field: "metadata.name",
		},
		"Pod": {
			good:  "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: " + spec,
			bad:   "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web:1, volumeMounts: [{name: logs, mountPath: /logs}]}]}",
			field: "spec.containers[0].volumeMounts[0].name",
		},
		"Secret": {
			good:  "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {a: b}",
			bad:   "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ntype: kubernetes.io/tls\ndata: {tls.key: YQ==}",
			field: "data[tls.crt]",
		},
		"Service": {
			good:  "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}",
			bad:   "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}, {port: 81}]}",
			field: "spec.ports[0].name",
		},
		"ServiceAccount": {
			good:  "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}",
			bad:   "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web_1}",
			field: "metadata.name",
		},
		"DaemonSet": {
			good:  "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:" + template,
			bad:   "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: db}}\n  template:" + template,
			field: "spec.template.metadata.labels",
		},
		"Deployment": {
			good:  "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:" + template,
			bad:   "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: -1\n  selector: {matchLabels: {app: web}}\n  template:" + template,
			field: "spec.replicas",
		},
		"ReplicaSet": {
			good:  "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:" + template,
			bad:   "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: web}\nspec:\n  template:" + template,
			field: "spec.selector",
		},
		"StatefulSet": {
			good:  "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: web\n  selector: {matchLabels: {app: web}}\n  template:" + template,
			bad:   "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: web\n  podManagementPolicy: Any\n  selector: {matchLabels: {app: web}}\n  template:" + template,
			field: "spec.podManagementPolicy",
		},
		"CronJob": {
			good:  "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec:\n  schedule: 0 3 * * *\n  jobTemplate: {spec: {template: {" + runOnce + "}}}",
			bad:   "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec:\n  schedule: at night\n  jobTemplate: {spec: {template: {" + runOnce + "}}}",
			field: "spec.schedule",
		},
		"Job": {
			good:  "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec:\n  template:" + runOnce,
			bad:   "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec:\n  template:" + template,
			field: "spec.template.spec.restartPolicy",
		},
		"NetworkPolicy": {
			good:  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {}, ingress: [{ports: [{port: 80}]}]}",
			bad:   "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {}, ingress: [{ports: [{port: 70000}]}]}",
			field: "spec.ingress[0].ports[0].port",
		},
		"Role": {
			good:  "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: web}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]",
			bad:   "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: web}\nrules: [{apiGroups: [''], resources: [pods]}]",
			field: "rules[0].verbs",
		},
		"RoleBinding": {
			good:  "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}\nsubjects: [{kind: ServiceAccount, name: web, namespace: default}]",
			bad:   "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: web}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}\nsubjects: [{kind: Robot, name: web}]",
			field: "subjects[0].kind",
		},
	}
	for kind, tt := range tests {
		t.Run(kind, func(t *testing.T) {
			good := one(t, tt.good)
			require.Equal(t, apiserver.Verdict{Kind: kind, Name: "web"}, good)

			bad := one(t, tt.bad)
			require.ErrorContains(t, bad.Err, tt.field+": ")
			require.False(t, bad.Fine())
		})
	}
}

// What is not in the schema doesn't get as far as validation.
func TestStrictDecoding(t *testing.T) {
	tests := map[string]struct{ document, want string }{
		"unknown field": {"apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web:1, imagePullPolice: Always}]}", `unknown field "spec.containers[0].imagePullPolice"`},
		"field twice":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {}\ndata: {a: b}", `key "data" already set`},
		"wrong type":    {"apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: web}", "cannot unmarshal"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, one(t, tt.document).Err, tt.want)
		})
	}
}

func TestWarnings(t *testing.T) {
	tests := map[string]struct{ document, want string }{
		"pod":        {"apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web:1, env: [{name: A, value: one}, {name: A, value: two}]}]}", `spec.containers[0].env[1]: hides previous definition of "A"`},
		"template":   {"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {nodeSelector: {beta.kubernetes.io/os: linux}, containers: [{name: web, image: web:1}]}", "spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated"},
		"service":    {"apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {externalIPs: [192.0.2.1], ports: [{port: 80}], clusterIP: None}", "spec.externalIPs"},
		"pod's name": {"apiVersion: v1\nkind: Pod\nmetadata: {name: web.1}\nspec: {containers: [{name: web, image: web:1}]}", "metadata.name: this is used in the Pod's hostname"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := one(t, tt.document)
			require.NoError(t, v.Err)
			require.Len(t, v.Warnings, 1)
			require.Contains(t, v.Warnings[0], tt.want)
			require.False(t, v.Fine())
		})
	}
}

func TestRestricted(t *testing.T) {
	const bare = "{containers: [{name: web, image: web:1}]}"
	const once = "{restartPolicy: Never, containers: [{name: web, image: web:1}]}"
	tests := map[string]string{
		"Pod":        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: " + bare,
		"Deployment": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: " + bare + "}}",
		"CronJob":    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec: {schedule: '@hourly', jobTemplate: {spec: {template: {spec: " + once + "}}}}",
	}
	for kind, document := range tests {
		t.Run(kind, func(t *testing.T) {
			v := one(t, document)
			require.True(t, v.Fine(), v)
			require.Contains(t, v.Forbidden, "runAsNonRoot != true")
			require.Contains(t, v.Forbidden, `must set securityContext.capabilities.drop=["ALL"]`)
		})
	}
}

func TestStreams(t *testing.T) {
	const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: " + spec

	verdicts, err := apiserver.Judge([]byte("# a stream\n---\n" + pod + "\n---\n# nothing\n---\n" + pod + "\n"))
	require.NoError(t, err)
	require.Len(t, verdicts, 2, "comments are no objects")

	tests := map[string]struct{ stream, want string }{
		"empty":                {"", "no object"},
		"comments":             {"# none\n---\n", "no object"},
		"no YAML":              {"a: b: c", "mapping values are not allowed"},
		"no kind":              {"metadata: {name: web}", "a kind that isn't judged"},
		"unknown kind":         {"apiVersion: example.com/v1\nkind: Web\nmetadata: {name: web}", "example.com/v1, Kind=Web: a kind that isn't judged"},
		"version of the past":  {"apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: web}", "apps/v1beta1, Kind=Deployment: a kind that isn't judged"},
		"second after a known": {pod + "\n---\nkind: Web", "document 2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := apiserver.Judge([]byte(tt.stream))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// A verdict in a test's message tells all.
func TestString(t *testing.T) {
	v := one(t, "apiVersion: v1\nkind: Pod\nmetadata: {name: web.1}\nspec: {containers: [{name: web, image: web:1}]}")
	require.Contains(t, v.String(), "Pod/web.1:\n  warning: metadata.name: ")
	require.Contains(t, v.String(), "\n  restricted: allowPrivilegeEscalation != false")
	require.Contains(t, one(t, "apiVersion: v1\nkind: Service\nmetadata: {name: Web}\nspec: {ports: [{port: 80}]}").String(), "Service/Web:\n  rejected: ")
}
