package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// Mounting a handle declares the volume.
func ExampleContainer_Writes() {
	logs := pattern.EmptyDir("logs")
	web := pattern.App("web", "web:1.4").Writes(logs, "/var/log/web")
	showFields(pattern.Pod("web").WithApp(web), "spec")
	// Output:
	// spec:
	//   containers:
	//   - image: web:1.4
	//     name: web
	//     volumeMounts:
	//     - mountPath: /var/log/web
	//       name: logs
	//   volumes:
	//   - emptyDir: {}
	//     name: logs
}

func ExampleContainer_Reads() {
	logs := pattern.EmptyDir("logs")
	web := pattern.App("web", "web:1.4").Writes(logs, "/var/log/web")
	shipper := pattern.Sidecar("shipper", "shipper:2").Reads(logs, "/logs")
	showFields(pattern.Pod("web").WithApp(web).WithSidecar(shipper), "spec.initContainers.0.volumeMounts")
	// Output:
	// volumeMounts:
	// - mountPath: /logs
	//   name: logs
	//   readOnly: true
}

// An emptyDir starts empty: without a writer there is never anything to read.
func ExampleContainer_Reads_withoutWriter() {
	logs := pattern.EmptyDir("logs")
	web := pattern.App("web", "web:1.4") // forgot .Writes(logs, "/var/log/web")
	shipper := pattern.Sidecar("shipper", "shipper:2").Reads(logs, "/logs")
	showFindings(pattern.Pod("web").WithApp(web).WithSidecar(shipper).Findings())
	// Output:
	// spec.initContainers[0].volumeMounts[0].name: Invalid value: "logs": the volume starts empty, and every container that mounts it only reads (container shipper)
	//   Fix: mount it, without readOnly, in a container that fills it [E reader-without-writer]
}

func ExampleContainer_Mount() {
	data := pattern.PVC("data", "web-data")
	showContainer(pattern.App("web", "web:1.4").Mount(data, "/var/lib/web"))
	// Output:
	// volumeMounts:
	// - mountPath: /var/lib/web
	//   name: data
}

// A program on a read-only root needs a place for what it writes.
func ExampleContainer_Scratch() {
	web := pattern.App("web", "web:1.4").ReadOnlyRootFilesystem(true).Scratch("/tmp", "64Mi")
	showFields(pattern.Pod("web").WithApp(web), "spec.containers.0.volumeMounts", "spec.volumes")
	// Output:
	// volumeMounts:
	// - mountPath: /tmp
	//   name: web-tmp
	// volumes:
	// - emptyDir:
	//     sizeLimit: 64Mi
	//   name: web-tmp
}

func ExampleContainer_Device() {
	disk := pattern.PVC("disk", "db-disk") // a claim with volumeMode: Block
	showContainer(pattern.App("db", "db:16").Device(disk, "/dev/xvda"))
	// Output:
	// volumeDevices:
	// - devicePath: /dev/xvda
	//   name: disk
}

// The pod gets traffic only when the sidecar has fetched the certificates.
func ExampleContainer_ReadyFile() {
	certs := pattern.EmptyDir("certs")
	fetch := pattern.Sidecar("fetch", "certs:1").Writes(certs, "/out").ReadyFile(certs, "tls.crt")
	web := pattern.App("web", "web:1.4").Reads(certs, "/etc/tls")
	showFields(pattern.Pod("web").WithApp(web).WithSidecar(fetch), "spec.initContainers.0.readinessProbe")
	// Output:
	// readinessProbe:
	//   exec:
	//     command:
	//     - test
	//     - -e
	//     - /out/tls.crt
}

func ExampleVolume_SubPath() {
	data := pattern.PVC("data", "web-data")
	web := pattern.App("web", "web:1.4").
		Mount(data.SubPath("uploads"), "/var/lib/web/uploads").
		Mount(data.SubPath("cache"), "/var/cache/web")
	showContainer(web)
	// Output:
	// volumeMounts:
	// - mountPath: /var/lib/web/uploads
	//   name: data
	//   subPath: uploads
	// - mountPath: /var/cache/web
	//   name: data
	//   subPath: cache
}

// Each pod writes into a folder of its own.
func ExampleVolume_SubPathExpr() {
	data := pattern.PVC("data", "web-data")
	web := pattern.App("web", "web:1.4").EnvField("POD_NAME", "metadata.name").
		Mount(data.SubPathExpr("$(POD_NAME)"), "/var/lib/web")
	showContainer(web, "volumeMounts")
	// Output:
	// volumeMounts:
	// - mountPath: /var/lib/web
	//   name: data
	//   subPathExpr: $(POD_NAME)
}

func ExampleVolume_ReadOnly() {
	data := pattern.PVC("data", "web-data")
	showContainer(pattern.App("web", "web:1.4").Mount(data.ReadOnly(), "/data"))
	// Output:
	// volumeMounts:
	// - mountPath: /data
	//   name: data
	//   readOnly: true
}

// A reader that keeps a lock file beside what it reads says that it reads, but
// can't have a read-only mount.
func ExampleVolume_ReadWrite() {
	data := pattern.PVC("data", "web-data")
	showContainer(pattern.App("web", "web:1.4").Reads(data.ReadWrite(), "/data"))
	// Output:
	// volumeMounts:
	// - mountPath: /data
	//   name: data
}

// What the node mounts below the folder later shows up in the container.
func ExampleVolume_MountPropagation() {
	host := pattern.HostPath("mnt", "/mnt").MountPropagation(corev1.MountPropagationHostToContainer)
	showContainer(pattern.App("backup", "backup:1").Mount(host, "/host/mnt"))
	// Output:
	// volumeMounts:
	// - mountPath: /host/mnt
	//   mountPropagation: HostToContainer
	//   name: mnt
}

func ExampleVolume_RecursiveReadOnly() {
	host := pattern.HostPath("mnt", "/mnt").RecursiveReadOnly(corev1.RecursiveReadOnlyIfPossible)
	showContainer(pattern.App("backup", "backup:1").Reads(host, "/host/mnt"))
	// Output:
	// volumeMounts:
	// - mountPath: /host/mnt
	//   name: mnt
	//   readOnly: true
	//   recursiveReadOnly: IfPossible
}
