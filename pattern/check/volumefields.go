package check

import (
	"path"

	corev1 "k8s.io/api/core/v1"
)

var volumeFieldRules = []Rule{
	{ID: "volume-source-field", Level: Rejected,
		Title: "the source of a volume lacks a field, or has a wrong value",
		Why:   "there is nothing that could be mounted: the API server refuses the pod",
		Fix:   "set the field as the reference of this kind of volume says",
		Bad:   `{volumes: [{name: config, configMap: {name: web, defaultMode: 644}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		Good:  `{volumes: [{name: config, configMap: {name: web, defaultMode: 0644}}], containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.fields) }},
}

// fields looks at the fields of a source that have no rule of their own.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateVolumeSource
func (v volumeSite) fields() {
	switch v.source {
	case "emptyDir":
		if size := v.EmptyDir.SizeLimit; size != nil && size.Sign() < 0 {
			v.report(".emptyDir.sizeLimit", forbidden("SizeLimit field must be a valid resource quantity", "a positive quantity"))
		}
	case "configMap":
		v.mode(v.ConfigMap.DefaultMode, ".configMap.defaultMode")
	case "secret":
		v.mode(v.Secret.DefaultMode, ".secret.defaultMode")
	case "downwardAPI":
		v.mode(v.DownwardAPI.DefaultMode, ".downwardAPI.defaultMode")
	case "projected":
		v.mode(v.Projected.DefaultMode, ".projected.defaultMode")
	case "hostPath":
		v.hostPathFields(v.HostPath)
	case "gitRepo":
		v.require(v.GitRepo.Repository, ".gitRepo.repository")
		v.descends(v.GitRepo.Directory, ".gitRepo.directory")
	case "nfs":
		v.nfs(v.NFS)
	case "azureFile":
		v.require(v.AzureFile.ShareName, ".azureFile.shareName")
	case "azureDisk":
		v.azureDisk(v.AzureDisk)
	case "iscsi":
		v.iscsi(v.ISCSI)
	case "fc":
		v.fc(v.FC)
	case "flocker":
		v.flocker(v.Flocker)
	case "flexVolume":
		v.flex(v.FlexVolume)
	case "quobyte":
		v.quobyte(v.Quobyte)
	case "storageos":
		v.storageOS(v.StorageOS)
	default:
		v.plainFields()
	}
	if s := v.ISCSI; s != nil && s.InitiatorName != nil && len(v.Name)+len(":")+len(s.TargetPortal) > 64 {
		v.report(".name", invalid(v.Name, "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.", "a shorter name"))
	}
}

// plainFields are those that are only required.
func (v volumeSite) plainFields() {
	switch v.source {
	case "gcePersistentDisk":
		v.require(v.GCEPersistentDisk.PDName, ".gcePersistentDisk.pdName")
		v.partition(v.GCEPersistentDisk.Partition, ".gcePersistentDisk.partition")
	case "awsElasticBlockStore":
		v.require(v.AWSElasticBlockStore.VolumeID, ".awsElasticBlockStore.volumeID")
		v.partition(v.AWSElasticBlockStore.Partition, ".awsElasticBlockStore.partition")
	case "glusterfs":
		v.require(v.Glusterfs.EndpointsName, ".glusterfs.endpoints")
		v.require(v.Glusterfs.Path, ".glusterfs.path")
	case "rbd":
		v.some(len(v.RBD.CephMonitors), ".rbd.monitors")
		v.require(v.RBD.RBDImage, ".rbd.image")
	case "cinder":
		v.require(v.Cinder.VolumeID, ".cinder.volumeID")
	case "cephfs":
		v.some(len(v.CephFS.Monitors), ".cephfs.monitors")
	case "vsphereVolume":
		v.require(v.VsphereVolume.VolumePath, ".vsphereVolume.volumePath")
	case "photonPersistentDisk":
		v.require(v.PhotonPersistentDisk.PdID, ".photonPersistentDisk.pdID")
	case "portworxVolume":
		v.require(v.PortworxVolume.VolumeID, ".portworxVolume.volumeID")
	case "scaleIO":
		v.require(v.ScaleIO.Gateway, ".scaleIO.gateway")
		v.require(v.ScaleIO.System, ".scaleIO.system")
		v.require(v.ScaleIO.VolumeName, ".scaleIO.volumeName")
	}
}

func (v volumeSite) some(n int, fields string) {
	if n == 0 {
		v.report(fields, required("", "name at least one"))
	}
}

func (v volumeSite) mode(mode *int32, fields string) {
	if mode != nil && (*mode < 0 || *mode > 0o777) {
		v.report(fields, invalid(*mode, "must be a number between 0 and 0777 (octal), both inclusive", "such as 0440, or 288 in JSON"))
	}
}

// partition says 1 as the API server does, which accepts 0.
func (v volumeSite) partition(n int32, fields string) {
	if n < 0 || n > 255 {
		v.report(fields, invalid(n, "must be between 1 and 255, inclusive", "leave it out for the whole disk"))
	}
}

func (v volumeSite) hostPathFields(s *corev1.HostPathVolumeSource) {
	if s.Path == "" {
		v.report(".hostPath.path", required("", "an absolute path of the node"))
		return
	}
	v.noBacksteps(s.Path, ".hostPath.path")
	if s.Type == nil {
		return
	}
	switch *s.Type {
	case corev1.HostPathUnset, corev1.HostPathBlockDev, corev1.HostPathCharDev, corev1.HostPathDirectory, corev1.HostPathDirectoryOrCreate, corev1.HostPathFile, corev1.HostPathFileOrCreate, corev1.HostPathSocket:
	default:
		v.report(".hostPath.type", notSupported(*s.Type, corev1.HostPathUnset, corev1.HostPathBlockDev, corev1.HostPathCharDev, corev1.HostPathDirectory, corev1.HostPathDirectoryOrCreate, corev1.HostPathFile, corev1.HostPathFileOrCreate, corev1.HostPathSocket))
	}
}

func (v volumeSite) nfs(s *corev1.NFSVolumeSource) {
	v.require(s.Server, ".nfs.server")
	v.require(s.Path, ".nfs.path")
	if !path.IsAbs(s.Path) {
		v.report(".nfs.path", invalid(s.Path, "must be an absolute path", "start it with /"))
	}
}

// descends reports a path that leads out of the volume.
func (v volumeSite) descends(p, fields string) {
	if path.IsAbs(p) {
		v.report(fields, invalid(p, "must be a relative path", "leave out the first /"))
	}
	v.noBacksteps(p, fields)
}

func (v volumeSite) noBacksteps(p, fields string) {
	if hasBackstep(p) {
		v.report(fields, invalid(p, "must not contain '..'", "write the path without .."))
	}
}
