package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
)

// written is an example of a rule in YAML, and what its author knows.
type written struct {
	rule, name string
	pod        string
	intent     check.Intent
	want       []string // "level path: text" of the rule's findings
}

// tryWritten is try for examples in YAML.
func tryWritten(t *testing.T, examples ...written) {
	t.Helper()
	for _, tt := range examples {
		t.Run(tt.rule+"/"+tt.name, func(t *testing.T) {
			requireRule(t, tt.rule)
			found := checkExample(t, tt.pod, "", check.Intended(tt.intent))
			var got []string
			for _, f := range of(found, tt.rule) {
				got = append(got, string(f.Level)+" "+fieldError(f).Error())
			}
			require.Equal(t, tt.want, got, "\n%s", found)
		})
	}
}

const dataVolume = `volumes: [{name: data, emptyDir: {}}]`

func writes(container, volume string) check.Flow {
	return check.Flow{Container: container, Volume: volume, Writes: true}
}

func reads(container, volume string) check.Flow {
	return check.Flow{Container: container, Volume: volume}
}

func TestReadersAndWriters(t *testing.T) {
	const (
		unwritten = `E spec.containers[0].volumeMounts[0].name: Invalid value: "data": the volume starts empty, and every container that mounts it only reads`
		both      = `{containers: [{name: a, volumeMounts: [{name: data, mountPath: /d}]}, {name: b, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`
	)
	tryWritten(t,
		written{"reader-without-writer", "one writes, for all we know", both, check.Intent{}, nil},
		written{"reader-without-writer", "both read, by intent", both, check.Intent{Flows: []check.Flow{reads("a", "data"), reads("b", "data")}}, []string{unwritten}},
		written{"reader-without-writer", "one reads, of the other nothing is known", both, check.Intent{Flows: []check.Flow{reads("a", "data")}}, nil},
		written{"reader-without-writer", "one both reads and writes", both, check.Intent{Flows: []check.Flow{reads("a", "data"), writes("a", "data"), reads("b", "data")}}, nil},
		written{"reader-without-writer", "of others nothing is known", both, check.Intent{Flows: []check.Flow{reads("a", "nope"), reads("nope", "data")}}, nil},
		written{"reader-without-writer", "another kind of volume has its content", `{containers: [{name: a, volumeMounts: [{name: data, mountPath: /d, readOnly: true}]}], volumes: [{name: data, configMap: {name: data}}]}`, check.Intent{}, nil},
		written{"reader-without-writer", "nobody mounts it", `{containers: [{name: a}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-without-writer", "a writer that mounts it read-only", `{containers: [{name: a, volumeMounts: [{name: data, mountPath: /d, readOnly: true}]}], ` + dataVolume + `}`,
			check.Intent{Flows: []check.Flow{writes("a", "data")}}, []string{unwritten}},
		written{"reader-without-writer", "an empty folder over the token", `{containers: [{name: a, volumeMounts: [{name: data, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-without-writer", "a file of variables", `{containers: [{name: a, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: data, path: env, key: A}}}]}], ` + dataVolume + `}`, check.Intent{},
			[]string{`E spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "data": the volume starts empty, and every container that mounts it only reads`}},
		written{"reader-without-writer", "a file of variables that need not be there", `{containers: [{name: a, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: data, path: env, key: A, optional: true}}}]}], ` + dataVolume + `}`, check.Intent{}, nil},

		written{"reader-before-writer", "the app writes", `{initContainers: [{name: i, volumeMounts: [{name: data, mountPath: /d, readOnly: true}]}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`, check.Intent{},
			[]string{`E spec.initContainers[0].volumeMounts[0].name: Invalid value: "data": the volume is empty when this container starts: web writes it, and starts later`}},
		written{"reader-before-writer", "by intent", `{initContainers: [{name: i, volumeMounts: [{name: data, mountPath: /d}]}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`, check.Intent{Flows: []check.Flow{reads("i", "data")}},
			[]string{`E spec.initContainers[0].volumeMounts[0].name: Invalid value: "data": the volume is empty when this container starts: web writes it, and starts later`}},
		written{"reader-before-writer", "it may write", `{initContainers: [{name: i, volumeMounts: [{name: data, mountPath: /d}]}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-before-writer", "it writes elsewhere", `{initContainers: [{name: i, volumeMounts: [{name: data, mountPath: /d, readOnly: true}, {name: data, mountPath: /w}]}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-before-writer", "a native sidecar writes before", `{initContainers: [{name: s, restartPolicy: Always, volumeMounts: [{name: data, mountPath: /d}]}, {name: i, volumeMounts: [{name: data, mountPath: /d, readOnly: true}]}], containers: [{name: web}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-before-writer", "a native sidecar reads when there is something", `{initContainers: [{name: s, restartPolicy: Always, volumeMounts: [{name: data, mountPath: /d, readOnly: true}]}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-before-writer", "a claim may have data", `{initContainers: [{name: i, volumeMounts: [{name: data, mountPath: /d, readOnly: true}]}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /d}]}], volumes: [{name: data, persistentVolumeClaim: {claimName: c}}]}`, check.Intent{}, nil},
		written{"reader-before-writer", "its own file of variables", `{containers: [{name: a, volumeMounts: [{name: data, mountPath: /d}], env: [{name: A, valueFrom: {fileKeyRef: {volumeName: data, path: env, key: A}}}]}], ` + dataVolume + `}`, check.Intent{},
			[]string{`E spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "data": the file isn't there when this container starts: nobody has written the volume before`}},
		written{"reader-before-writer", "a file of variables from an init container", `{initContainers: [{name: i, volumeMounts: [{name: data, mountPath: /d}]}], containers: [{name: a, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: data, path: env, key: A}}}]}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-before-writer", "a file of variables from another app", `{containers: [{name: a, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: data, path: env, key: A}}}]}, {name: b, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`, check.Intent{}, nil},
		written{"reader-before-writer", "an init container's file of variables from an app", `{initContainers: [{name: i, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: data, path: env, key: A}}}]}], containers: [{name: b, volumeMounts: [{name: data, mountPath: /d}]}], ` + dataVolume + `}`, check.Intent{},
			[]string{`E spec.initContainers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "data": the volume is empty when this container starts: b writes it, and starts later`}},
	)
}

func TestAllReadersAreParties(t *testing.T) {
	found := of(checkExample(t, `{containers: [{name: a, volumeMounts: [{name: data, mountPath: /d}]}, {name: b, volumeMounts: [{name: data, mountPath: /d}]}], `+dataVolume+`}`, "",
		check.Intended(check.Intent{Flows: []check.Flow{reads("a", "data"), reads("b", "data")}})), "reader-without-writer")
	require.Len(t, found, 1)
	require.Len(t, found[0].Parties, 2)
}

func TestWriterOnReadonly(t *testing.T) {
	one := func(mount, source string) string {
		return `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /d` + mount + `}]}], volumes: [{name: data, ` + source + `}]}`
	}
	intent := check.Intent{Flows: []check.Flow{writes("web", "data")}}
	var examples []written
	for _, tt := range [][3]string{
		{"a configMap", "configMap: {name: c}"}, {"a secret", "secret: {secretName: c}"}, {"a projected volume", "projected: {sources: [{configMap: {name: c}}]}"},
		{"a downwardAPI volume", "downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}"}, {"an image volume", "image: {reference: files:1.0.0}"},
		{"a claim with readOnly", "persistentVolumeClaim: {claimName: c, readOnly: true}"},
	} {
		examples = append(examples,
			written{"writer-on-readonly", tt[0], one("", tt[1]), intent, []string{`E spec.containers[0].volumeMounts[0].name: Invalid value: "data": this container is to write the volume, and ` + tt[0] + ` is always mounted read-only`}},
			written{"writer-on-readonly", tt[0] + " that is read", one("", tt[1]), check.Intent{Flows: []check.Flow{reads("web", "data")}}, nil},
			written{"writer-on-readonly", tt[0] + ", nothing known", one("", tt[1]), check.Intent{}, nil})
	}
	tryWritten(t, append(examples,
		written{"writer-on-readonly", "a read-only mount", one(", readOnly: true", "persistentVolumeClaim: {claimName: c}"), intent, []string{`E spec.containers[0].volumeMounts[0].readOnly: Invalid value: true: this container is to write volume data, and mounts it read-only`}},
		written{"writer-on-readonly", "a claim", one("", "persistentVolumeClaim: {claimName: c}"), intent, nil},
		written{"writer-on-readonly", "another mount can be written", `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /d, readOnly: true}, {name: data, mountPath: /w}]}], ` + dataVolume + `}`, intent, nil},
		written{"writer-on-readonly", "once a volume", `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /d}, {name: data, mountPath: /w}]}], volumes: [{name: data, configMap: {name: c}}]}`, intent,
			[]string{`E spec.containers[0].volumeMounts[0].name: Invalid value: "data": this container is to write the volume, and a configMap is always mounted read-only`}},
		written{"writer-on-readonly", "another container's", one("", "configMap: {name: c}"), check.Intent{Flows: []check.Flow{writes("app", "data")}}, nil},
	)...)
}

// A helper that signals another container shares the processes with a reason.
func TestProcessesAreSharedOnPurpose(t *testing.T) {
	const shared = `{shareProcessNamespace: true, containers: [{name: web}, {name: agent}]}`
	require.Contains(t, checkExample(t, shared, "").String(), "sharepid")
	require.Empty(t, checkExample(t, shared, "", check.Intended(check.Intent{SharesPID: true})))
}
