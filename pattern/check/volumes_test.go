package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// spec replaces the volumes and the mounts of a goodPod with those of a spec, in
// YAML: its containers and initContainers are changes of the pod's.
func spec(t *testing.T, text string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		t.Helper()
		var s corev1.PodSpec
		require.NoError(t, yaml.UnmarshalStrict([]byte(text), &s), text)
		p.Spec.Volumes = s.Volumes
		p.Spec.ServiceAccountName, p.Spec.OS, p.Spec.Resources = s.ServiceAccountName, s.OS, s.Resources
		if s.InitContainers != nil {
			p.Spec.InitContainers = s.InitContainers
		}
		if s.Containers != nil {
			p.Spec.Containers = s.Containers
		}
		for i := range p.Spec.InitContainers {
			p.Spec.InitContainers[i].Image = "init:1"
		}
		for i := range p.Spec.Containers {
			p.Spec.Containers[i].Image = "web:1"
		}
	}
}

func volume(t *testing.T, source string) func(*corev1.Pod) {
	return spec(t, "{volumes: [{name: v, "+source+"}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /v}]}]}")
}

func TestVolumes(t *testing.T) {
	try(t,
		example{"volume-source", "an unusual one", func(p *corev1.Pod) {
			p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{}}
		}, nil},

		example{"volume-source", "three, the first of which counts", volume(t, "configMap: {}, secret: {}, nfs: {}"), []string{
			"A spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type", "A spec.volumes[0].nfs: Forbidden: may not specify more than 1 volume type"}},
		example{"volume-reference", "only the source that counts is looked at", volume(t, "configMap: {}, secret: {}, nfs: {}"), []string{"A spec.volumes[0].secret.secretName: Required value"}},
		example{"volume-source-field", "a source that doesn't count", volume(t, "secret: {secretName: s}, nfs: {}"), nil},

		example{"volume-dup", "the first is refused, so the name is free", spec(t, `volumes: [{name: v, nfs: {}}, {name: v, emptyDir: {}}, {name: v, emptyDir: {}}]`), []string{`A spec.volumes[2].name: Duplicate value: "v"`}},
		example{"volume-dup", "no names", spec(t, `volumes: [{emptyDir: {}}, {emptyDir: {}}]`), nil},

		example{"volume-unused", "one of two", spec(t, "{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: a, mountPath: /a}]}]}"), []string{`W spec.volumes[1].name: Invalid value: "b": no container mounts it`}},
		example{"volume-unused", "the cache of a driver that the cluster adds", annotatedVolume("gke-gcsfuse-cache", "gke-gcsfuse/volumes", "true"), nil},
		example{"volume-unused", "its cache, and no driver", annotatedVolume("gke-gcsfuse-cache", "other", "true"), []string{`W spec.volumes[0].name: Invalid value: "gke-gcsfuse-cache": no container mounts it`}},
		example{"volume-unused", "a proxy that the mesh adds mounts it", annotatedVolume("certs", "sidecar.istio.io/userVolumeMount", `[{"name":"certs","mountPath":"/c"}]`), nil},
		example{"volume-unused", "a longer name in an annotation", annotatedVolume("certs", "note", "my-certs, certs-2"), []string{`W spec.volumes[0].name: Invalid value: "certs": no container mounts it`}},
		example{"volume-unused", "the object itself in an annotation", annotatedVolume("certs", corev1.LastAppliedConfigAnnotation, `{"name":"certs"}`), []string{`W spec.volumes[0].name: Invalid value: "certs": no container mounts it`}},
		example{"volume-unused", "a device", spec(t, "{volumes: [{name: a, persistentVolumeClaim: {claimName: a}}], containers: [{name: web, volumeDevices: [{name: a, devicePath: /dev/a}]}]}"), nil},
		example{"volume-unused", "a variable of a file", spec(t, "{volumes: [{name: a, emptyDir: {}}], containers: [{name: web, env: [{name: A, valueFrom: {fileKeyRef: {volumeName: a, path: p, key: A}}}]}]}"), nil},
		example{"volume-unused", "an init container", spec(t, "{volumes: [{name: a, emptyDir: {}}], initContainers: [{name: i, volumeMounts: [{name: a, mountPath: /a}]}]}"), nil},

		example{"hostpath", "one", volume(t, "hostPath: {path: /srv}"), []string{`W spec.volumes[0].hostPath: Invalid value: "/srv": is a path of the node, with what that node happens to have there`}},

		example{"volume-reference", "an object of no name", volume(t, "persistentVolumeClaim: {claimName: ''}"), []string{"A spec.volumes[0].persistentVolumeClaim.claimName: Required value"}},
		example{"volume-reference", "a template that was not rendered", volume(t, "secret: {secretName: '{{ x }}'}"), []string{`E spec.volumes[0].secret.secretName: Invalid value: "{{ x }}": is no name of an object: ` + subdomain253}},
		example{"volume-reference", "an optional one that can't be", volume(t, "secret: {secretName: '{{ x }}', optional: true}"), nil},
		example{"volume-reference", "dots", volume(t, "configMap: {name: kube-root-ca.crt}"), nil},
		example{"volume-reference", "projected", volume(t, "projected: {sources: [{secret: {name: s}}, {configMap: {}}]}"), []string{"A spec.volumes[0].projected.sources[1].configMap.name: Required value"}},
		example{"volume-reference", "csi", volume(t, "csi: {driver: d, nodePublishSecretRef: {name: A}}"), []string{`A spec.volumes[0].csi.nodePublishSecretRef.name: Invalid value: "A": ` + subdomain253}},

		example{"csi-driver", "none", volume(t, "csi: {}"), []string{"A spec.volumes[0].csi.driver: Required value"}},
		example{"csi-driver", "too long", volume(t, "csi: {driver: "+strings.Repeat("d", 64)+"}"), []string{"A spec.volumes[0].csi.driver: Too long: may not be more than 63 bytes"}},
		example{"csi-driver", "capitals", volume(t, "csi: {driver: Blob.csi.Azure.com}"), nil},

		example{"image-volume", "no image", volume(t, "image: {pullPolicy: Sometimes}"), []string{
			`A spec.volumes[0].image.pullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`, "A spec.volumes[0].image.reference: Required value"}},
	)
}

const subdomain253 = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

func TestVolumeFields(t *testing.T) {
	field := func(name, source string, want ...string) example {
		for i := range want {
			want[i] = "A spec.volumes[0]." + want[i]
		}
		return example{"volume-source-field", name, volume(t, source), want}
	}
	try(t,
		field("a mode of four digits", "configMap: {name: c, defaultMode: 512}", "configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive"),
		field("a mode", "secret: {secretName: s, defaultMode: 0}"),
		field("a negative size", "emptyDir: {sizeLimit: -1}", "emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"),
		field("hostPath", "hostPath: {path: /a/.., type: Fifo}", "hostPath.path: Invalid value: \"/a/..\": must not contain '..'",
			`hostPath.type: Unsupported value: "Fifo": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"`),
		field("nfs", "nfs: {server: s}", "nfs.path: Required value", `nfs.path: Invalid value: "": must be an absolute path`),
		field("a disk of no kind is shared", "azureDisk: {diskName: d, diskURI: /subscriptions/x}", `azureDisk.diskURI: Unsupported value: "/subscriptions/x": supported values: "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"`),
		field("a managed disk", "azureDisk: {diskName: d, diskURI: /subscriptions/x, kind: Managed}"),
		field("iscsi", "iscsi: {targetPortal: p, iqn: iqn.2001-04.com.example:disk, lun: 0}"),
		field("a bad iqn", "iscsi: {targetPortal: p, iqn: iqn.com, lun: 256}", `iscsi.iqn: Invalid value: "iqn.com": must be valid format`, "iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive"),
		field("fc", "fc: {targetWWNs: [w]}", "fc.lun: Required value: lun is required if targetWWNs is specified"),
		field("flexVolume", "flexVolume: {driver: d, options: {a.K8s.io/b: c, b.x/y: z}}", `flexVolume.options[a.K8s.io/b]: Invalid value: "a.K8s.io/b": kubernetes.io and k8s.io namespaces are reserved`),
		field("quobyte", "quobyte: {registry: 'a:1,b', volume: v}", `quobyte.registry: Invalid value: "a:1,b": must be a host:port pair or multiple pairs separated by commas`),
		field("storageos", "storageos: {volumeName: V}", `storageos.volumeName: Invalid value: "V": `+label63),
	)
}

func TestVolumeFiles(t *testing.T) {
	try(t,
		example{"key-path", "neither key nor path", volume(t, "secret: {secretName: s, items: [{}]}"), []string{"A spec.volumes[0].secret.items[0].key: Required value", "A spec.volumes[0].secret.items[0].path: Required value"}},
		example{"key-path", "out of the volume", volume(t, "configMap: {name: c, items: [{key: a, path: /a/../b}, {key: b, path: ..b}, {key: c, path: a..b}]}"), []string{
			`A spec.volumes[0].configMap.items[0].path: Invalid value: "/a/../b": must be a relative path`, `A spec.volumes[0].configMap.items[0].path: Invalid value: "/a/../b": must not contain '..'`,
			`A spec.volumes[0].configMap.items[1].path: Invalid value: "..b": must not start with '..'`}},
		example{"key-path", "projected", volume(t, "projected: {sources: [{secret: {name: s}}, {configMap: {name: c, items: [{key: a, path: a}, {path: b}]}}]}"), []string{"A spec.volumes[0].projected.sources[1].configMap.items[1].key: Required value"}},

		example{"keypath-overlap", "one path twice", volume(t, "configMap: {name: c, items: [{key: a, path: x}, {key: b, path: x/}]}"), []string{`W spec.volumes[0].configMap.items[1].path: Invalid value: "x": overlapping paths: it is the path of another file too`}},
		example{"keypath-overlap", "a file as a folder, listed later", volume(t, "downwardAPI: {items: [{path: x/y/z, fieldRef: {fieldPath: metadata.name}}, {path: x, fieldRef: {fieldPath: metadata.uid}}]}"), []string{`W spec.volumes[0].downwardAPI.items[0].path: Invalid value: "x/y/z": overlapping paths: it lies inside x, which is a file`}},
		example{"keypath-overlap", "a token", volume(t, "projected: {sources: [{serviceAccountToken: {path: t}}, {secret: {name: s, items: [{key: a, path: t}]}}]}"), []string{`W spec.volumes[0].projected.sources[1].secret.items[0].path: Invalid value: "t": overlapping paths: it is the path of another file too`}},
		example{"keypath-overlap", "one folder", volume(t, "configMap: {name: c, items: [{key: a, path: x/a}, {key: b, path: x/b}, {key: c, path: xa}]}"), nil},
		example{"keypath-overlap", "the API server refuses it", volume(t, "projected: {sources: [{configMap: {name: c, items: [{key: a, path: x}]}}, {secret: {name: s, items: [{key: a, path: x}]}}]}"), nil},
		example{"projected-source", "one path twice", volume(t, "projected: {sources: [{configMap: {name: c, items: [{key: a, path: x}]}}, {secret: {name: s, items: [{key: a, path: x}]}}]}"), []string{`A spec.volumes[0].projected: Invalid value: "s": conflicting duplicate paths`}},
		example{"projected-source", "two kinds", volume(t, "projected: {sources: [{configMap: {name: c}, secret: {name: s}}]}"), []string{"A spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source"}},
		example{"projected-source", "a kind that the API server drops", volume(t, "projected: {sources: [{configMap: {name: c}, clusterTrustBundle: {path: x}}]}"), nil},
		example{"projected-source", "a token", volume(t, "projected: {sources: [{serviceAccountToken: {path: '', expirationSeconds: 599}}]}"), []string{
			"A spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes", "A spec.volumes[0].projected.sources[0].serviceAccountToken.path: Required value"}},

		example{"volume-downward-api", "a label", volume(t, "downwardAPI: {items: [{path: a, fieldRef: {fieldPath: \"metadata.labels['app']\"}}, {path: b, fieldRef: {fieldPath: \"metadata.labels['?']\"}}]}"), []string{
			`A spec.volumes[0].downwardAPI.items[1].fieldRef: Invalid value: "?": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`}},
		example{"volume-downward-api", "nothing", volume(t, "downwardAPI: {items: [{}]}"), []string{"A spec.volumes[0].downwardAPI.items[0]: Required value: one of fieldRef and resourceFieldRef is required", "A spec.volumes[0].downwardAPI.items[0].path: Required value"}},
		example{"volume-downward-api", "no such field", volume(t, "downwardAPI: {items: [{path: a, fieldRef: {fieldPath: spec.x}}]}"), []string{`A spec.volumes[0].downwardAPI.items[0].fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x`}},
		example{"volume-downward-api", "a resource", volume(t, "downwardAPI: {items: [{path: a, resourceFieldRef: {containerName: web, resource: limits.memory, divisor: 1Mi}}, {path: b, resourceFieldRef: {resource: limits.cpu, divisor: 1k}}]}"), []string{
			"A spec.volumes[0].downwardAPI.items[1].resourceFieldRef.containerName: Required value", `A spec.volumes[0].downwardAPI.items[1].resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`}},
	)
}

func TestEphemeralClaims(t *testing.T) {
	claim := func(spec string) func(*corev1.Pod) {
		return volume(t, "ephemeral: {volumeClaimTemplate: {"+spec+"}}")
	}
	const at = "A spec.volumes[0].ephemeral.volumeClaimTemplate."
	const size = "resources: {requests: {storage: 1Gi}}"
	try(t,
		example{"ephemeral-claim", "no template", volume(t, "ephemeral: {}"), []string{"A spec.volumes[0].ephemeral.volumeClaimTemplate: Required value"}},
		example{"ephemeral-claim", "an empty one", claim("spec: {}"), []string{at + "spec.accessModes: Required value: at least 1 access mode is required", at + "spec.resources.requests[storage]: Required value"}},
		example{"ephemeral-claim", "a size of nothing", claim("spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 0}}}"), []string{at + `spec.resources.requests[storage]: Invalid value: "0": must be greater than zero`}},
		example{"ephemeral-claim", "modes that exclude each other", claim("spec: {accessModes: [ReadWriteOncePod, ReadWriteMany, Some], " + size + "}"), []string{
			at + "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes",
			at + `spec.accessModes[2]: Unsupported value: "Some": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"`}},
		example{"ephemeral-claim", "a name, and a label", claim("metadata: {name: x, labels: {app: web}}, spec: {accessModes: [ReadWriteOnce], " + size + "}"), []string{at + "metadata.name: Forbidden: cannot be set"}},
		example{"ephemeral-claim", "two sources", claim("spec: {accessModes: [ReadWriteOnce], " + size + ", dataSource: {kind: PersistentVolumeClaim, name: a}, dataSourceRef: {kind: PersistentVolumeClaim, name: b}}"), []string{at + `spec: Invalid value: "dataSource": must match dataSourceRef`}},
		example{"ephemeral-claim", "a claim that the pod makes", spec(t, "volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], "+size+"}}}}, {name: w, persistentVolumeClaim: {claimName: web-v}}]"), []string{
			`A spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "web-v": must not reference a PVC that gets created for an ephemeral volume`}},
	)
}

func TestEmptyDirs(t *testing.T) {
	limited := func(emptyDir, resources string) func(*corev1.Pod) {
		return spec(t, "{volumes: [{name: v, emptyDir: {"+emptyDir+"}}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /v}], resources: {"+resources+"}}]}")
	}
	try(t,
		example{"emptydir-medium", "small letters", limited("medium: memory", ""), []string{`E spec.volumes[0].emptyDir.medium: Invalid value: "memory": there is no such medium`}},
		example{"emptydir-medium", "huge pages that nobody requests", limited("medium: HugePages", ""), []string{`E spec.volumes[0].emptyDir.medium: Invalid value: "HugePages": no container requests huge pages`}},
		example{"emptydir-medium", "nobody mounts it", spec(t, "volumes: [{name: v, emptyDir: {medium: memory}}]"), nil},
		example{"emptydir-medium", "huge pages", limited("medium: HugePages", "limits: {hugepages-2Mi: 2Mi}"), nil},
		example{"emptydir-medium", "huge pages of a size, written otherwise", limited("medium: HugePages-1Gi", "limits: {hugepages-1024Mi: 1Gi}"), nil},
		example{"emptydir-medium", "huge pages of another size", limited("medium: HugePages-1Gi", "limits: {hugepages-2Mi: 2Mi}"), []string{`E spec.volumes[0].emptyDir.medium: Invalid value: "HugePages-1Gi": no container requests huge pages of this size`}},

		example{"emptydir-memory", "no limit", limited("medium: Memory", "limits: {memory: 1Gi}"), []string{"W spec.volumes[0].emptyDir.sizeLimit: Required value: without it the volume may take all memory of the pod, or of the node"}},
		example{"emptydir-memory", "more than the containers may use", limited("medium: Memory, sizeLimit: 2Gi", "limits: {memory: 1Gi}"), []string{`W spec.volumes[0].emptyDir.sizeLimit: Invalid value: "2Gi": is more than the 1Gi of memory that the containers may use which write it`}},
		example{"emptydir-memory", "a container without a limit", limited("medium: Memory, sizeLimit: 2Gi", ""), nil},
		example{"emptydir-memory", "as much as it may use", limited("medium: Memory, sizeLimit: 1Gi", "limits: {memory: 1Gi}"), nil},

		example{"emptydir-unbounded", "no limit at all", limited("", ""), []string{"W spec.volumes[0].emptyDir.sizeLimit: Required value: nothing bounds what the containers write"}},
		example{"emptydir-unbounded", "a limit of the container", limited("", "limits: {ephemeral-storage: 1Gi}"), nil},
		example{"emptydir-unbounded", "a limit of the volume", limited("sizeLimit: 1Gi", ""), nil},
		example{"emptydir-unbounded", "in memory", limited("medium: Memory", ""), nil},
	)
}

// A claim of a StatefulSet takes the place of a volume of its name.
func TestAClaimReplacesAVolume(t *testing.T) {
	p := goodPod()
	p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{}}
	webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}
	require.NotEmpty(t, of(check.Pod(p), "volume-source-field"))
	require.NotEmpty(t, of(check.Pod(p), "mount-undeclared"))
	require.Empty(t, of(check.Pod(p, check.Claims("data")), "volume-source-field"))
	require.Empty(t, of(check.Pod(p, check.Claims("data")), "mount-undeclared"))
}

// An agent of the node is there for the files of the node.
func TestHostPathOfADaemonSet(t *testing.T) {
	p := goodPod()
	p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/var/log"}}
	webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/logs", ReadOnly: true}}
	find := func() check.Findings {
		return of(check.Objects([]runtime.Object{&appsv1.DaemonSet{Spec: appsv1.DaemonSetSpec{Template: corev1.PodTemplateSpec{Spec: p.Spec}}}}), "hostpath")
	}
	require.Empty(t, find())
	require.Len(t, of(check.Pod(p), "hostpath"), 1)
	webOf(p).VolumeMounts[0].ReadOnly = false
	require.Empty(t, find(), "it may write, too")
}

func TestImageVolumesOfOtherVersions(t *testing.T) {
	p := goodPod()
	p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: "model:1"}}
	require.Empty(t, of(check.Pod(p, check.Target("1.35")), "image-volume"))
	old := of(check.Pod(p, check.Target("1.34")), "image-volume")
	require.Len(t, old, 1)
	require.Equal(t, check.Broken, old[0].Level)
	require.Contains(t, old[0].Detail, "Kubernetes 1.34 drops the volume")
	p.Spec.Volumes[0].Image.Reference = ""
	require.Equal(t, check.Rejected, of(check.Pod(p), "image-volume")[0].Level)
	require.Equal(t, check.Broken, of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "image-volume")[0].Level)
}

// What a pod may have in its sizes isn't written to.
func TestMemoryOfThePod(t *testing.T) {
	p := goodPod()
	p.Spec.Volumes[0].EmptyDir = &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory, SizeLimit: new(resource.MustParse("2Gi"))}
	webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}
	require.Empty(t, of(check.Pod(p), "emptydir-memory"))
	p.Spec.Resources = &corev1.ResourceRequirements{Limits: list("1", "1Gi")}
	require.Len(t, of(check.Pod(p), "emptydir-memory"), 1)
}

// annotatedVolume gives a pod one volume, which nobody mounts, and one annotation.
func annotatedVolume(name, key, value string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Annotations = map[string]string{key: value}
		p.Spec.Volumes = []corev1.Volume{{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
	}
}
