package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

func ExampleEmptyDir() {
	showVolume(pattern.EmptyDir("cache").SizeLimit("1Gi"))
	// Output:
	// volumes:
	// - emptyDir:
	//     sizeLimit: 1Gi
	//   name: cache
}

func ExampleSharedMemory() {
	showVolume(pattern.SharedMemory("256Mi"))
	// Output:
	// volumes:
	// - emptyDir:
	//     medium: Memory
	//     sizeLimit: 256Mi
	//   name: shared-memory
}

func ExamplePVC() {
	showVolume(pattern.PVC("uploads", "web-uploads"))
	// Output:
	// volumes:
	// - name: uploads
	//   persistentVolumeClaim:
	//     claimName: web-uploads
}

// Each pod of the StatefulSet gets a claim of its own.
func ExampleClaimTemplate() {
	data := pattern.ClaimTemplate("data", "10Gi").StorageClass("fast")
	db := pattern.App("db", "db:16").Mount(data, "/var/lib/db")
	showFields(pattern.Pod("db").WithApp(db).StatefulSet(3), "spec.volumeClaimTemplates")
	// Output:
	// volumeClaimTemplates:
	// - metadata:
	//     name: data
	//   spec:
	//     accessModes:
	//     - ReadWriteOnce
	//     resources:
	//       requests:
	//         storage: 10Gi
	//     storageClassName: fast
}

// The claim of a pod that needs more room than its node has, for as long as the
// pod lives.
func ExampleEphemeral() {
	showVolume(pattern.Ephemeral("scratch", "100Gi"))
	// Output:
	// volumes:
	// - ephemeral:
	//     volumeClaimTemplate:
	//       spec:
	//         accessModes:
	//         - ReadWriteOnce
	//         resources:
	//           requests:
	//             storage: 100Gi
	//   name: scratch
}

func ExampleHostPath() {
	showVolume(pattern.HostPath("logs", "/var/log/pods"))
	// Output:
	// volumes:
	// - hostPath:
	//     path: /var/log/pods
	//   name: logs
}

func ExampleNFS() {
	showVolume(pattern.NFS("media", "nfs.example.com", "/exports/media"))
	// Output:
	// volumes:
	// - name: media
	//   nfs:
	//     path: /exports/media
	//     server: nfs.example.com
}

func ExampleCSI() {
	showVolume(pattern.CSI("secrets", "secrets-store.csi.k8s.io", map[string]string{"secretProviderClass": "web"}))
	// Output:
	// volumes:
	// - csi:
	//     driver: secrets-store.csi.k8s.io
	//     volumeAttributes:
	//       secretProviderClass: web
	//   name: secrets
}

// A model that is shipped as an image needs no init container that copies it.
func ExampleImageVolume() {
	showVolume(pattern.ImageVolume("model", "registry.example.com/model:7"))
	// Output:
	// volumes:
	// - image:
	//     reference: registry.example.com/model:7
	//   name: model
}

func ExampleRawVolume() {
	showVolume(pattern.RawVolume(corev1.Volume{Name: "iscsi", VolumeSource: corev1.VolumeSource{
		ISCSI: &corev1.ISCSIVolumeSource{TargetPortal: "10.0.0.2:3260", IQN: "iqn.2001-04.com.example:disk", Lun: 1},
	}}))
	// Output:
	// volumes:
	// - iscsi:
	//     iqn: iqn.2001-04.com.example:disk
	//     lun: 1
	//     targetPortal: 10.0.0.2:3260
	//   name: iscsi
}

// Several sources share one folder.
func ExampleProjected() {
	showVolume(pattern.Projected("web", pattern.ConfigMap("settings"), pattern.Secret("tls")))
	// Output:
	// volumes:
	// - name: web
	//   projected:
	//     sources:
	//     - configMap:
	//         name: settings
	//     - secret:
	//         name: tls
}

func ExampleDownwardAPI() {
	showVolume(pattern.DownwardAPI("about",
		pattern.PodField("labels", "metadata.labels"),
		pattern.ResourceField("memory", "web", "limits.memory")))
	// Output:
	// volumes:
	// - downwardAPI:
	//     items:
	//     - fieldRef:
	//         fieldPath: metadata.labels
	//       path: labels
	//     - path: memory
	//       resourceFieldRef:
	//         containerName: web
	//         resource: limits.memory
	//   name: about
}

// Unlike a variable, the file follows when the labels change.
func ExamplePodField() {
	showVolume(pattern.Projected("about", pattern.PodField("labels", "metadata.labels")))
	// Output:
	// volumes:
	// - name: about
	//   projected:
	//     sources:
	//     - downwardAPI:
	//         items:
	//         - fieldRef:
	//             fieldPath: metadata.labels
	//           path: labels
}

func ExampleResourceField() {
	showVolume(pattern.DownwardAPI("about", pattern.ResourceField("cpu", "web", "requests.cpu")))
	// Output:
	// volumes:
	// - downwardAPI:
	//     items:
	//     - path: cpu
	//       resourceFieldRef:
	//         containerName: web
	//         resource: requests.cpu
	//   name: about
}

func ExampleServiceAccountToken() {
	showVolume(pattern.Projected("token", pattern.ServiceAccountToken("token")))
	// Output:
	// volumes:
	// - name: token
	//   projected:
	//     sources:
	//     - serviceAccountToken:
	//         path: token
}

// A token that another server takes, and the API server doesn't.
func ExampleTokenProjection_Audience() {
	showVolume(pattern.Projected("token", pattern.ServiceAccountToken("token").Audience("vault")))
	// Output:
	// volumes:
	// - name: token
	//   projected:
	//     sources:
	//     - serviceAccountToken:
	//         audience: vault
	//         path: token
}

func ExampleTokenProjection_ExpirationSeconds() {
	showVolume(pattern.Projected("token", pattern.ServiceAccountToken("token").ExpirationSeconds(600)))
	// Output:
	// volumes:
	// - name: token
	//   projected:
	//     sources:
	//     - serviceAccountToken:
	//         expirationSeconds: 600
	//         path: token
}

// The option is an error on a volume that has no size limit.
func ExampleVolume_SizeLimit() {
	showVolume(pattern.EmptyDir("cache").SizeLimit("1Gi"))
	showVolume(pattern.HostPath("cache", "/var/cache").SizeLimit("1Gi"))
	// Output:
	// volumes:
	// - emptyDir:
	//     sizeLimit: 1Gi
	//   name: cache
	// spec.volumes[0].emptyDir.sizeLimit: Invalid value: "1Gi": only an EmptyDir has a size limit
	//   Fix: leave it out [A volume-option]
}

func ExampleVolume_Memory() {
	showVolume(pattern.EmptyDir("session").Memory().SizeLimit("64Mi"))
	// Output:
	// volumes:
	// - emptyDir:
	//     medium: Memory
	//     sizeLimit: 64Mi
	//   name: session
}

func ExampleVolume_Key() {
	showVolume(pattern.Secret("tls").Volume("tls").Key("tls.crt", "server.crt").Key("tls.key", "server.key"))
	// Output:
	// volumes:
	// - name: tls
	//   secret:
	//     items:
	//     - key: tls.crt
	//       path: server.crt
	//     - key: tls.key
	//       path: server.key
	//     secretName: tls
}

// YAML writes the mode in decimal: 288 is 0440.
func ExampleVolume_Mode() {
	showVolume(pattern.Secret("ssh").Volume("ssh").Mode(0o440))
	// Output:
	// volumes:
	// - name: ssh
	//   secret:
	//     defaultMode: 288
	//     secretName: ssh
}

func ExampleVolume_StorageClass() {
	showVolume(pattern.Ephemeral("scratch", "100Gi").StorageClass("fast"))
	// Output:
	// volumes:
	// - ephemeral:
	//     volumeClaimTemplate:
	//       spec:
	//         accessModes:
	//         - ReadWriteOnce
	//         resources:
	//           requests:
	//             storage: 100Gi
	//         storageClassName: fast
	//   name: scratch
}

func ExampleVolume_AccessModes() {
	showVolume(pattern.Ephemeral("scratch", "100Gi").AccessModes(corev1.ReadWriteOncePod))
	// Output:
	// volumes:
	// - ephemeral:
	//     volumeClaimTemplate:
	//       spec:
	//         accessModes:
	//         - ReadWriteOncePod
	//         resources:
	//           requests:
	//             storage: 100Gi
	//   name: scratch
}

func ExampleVolume_HostPathType() {
	showVolume(pattern.HostPath("state", "/var/lib/agent").HostPathType(corev1.HostPathDirectoryOrCreate))
	// Output:
	// volumes:
	// - hostPath:
	//     path: /var/lib/agent
	//     type: DirectoryOrCreate
	//   name: state
}

// A volume that only an Edit uses has to be declared.
func ExamplePodBuilder_WithVolume() {
	disk := pattern.PVC("disk", "db-disk")
	db := pattern.App("db", "db:16").Edit(func(c *corev1.Container) {
		c.VolumeDevices = []corev1.VolumeDevice{{Name: "disk", DevicePath: "/dev/xvda"}}
	})
	showFields(pattern.Pod("db").WithApp(db).WithVolume(disk), "spec.volumes")
	// Output:
	// volumes:
	// - name: disk
	//   persistentVolumeClaim:
	//     claimName: db-disk
}
