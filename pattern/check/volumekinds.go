package check

import corev1 "k8s.io/api/core/v1"

type sourceSet struct {
	name string
	set  bool
}

// sourceOf gives the source of a volume that the API server looks at: the first in
// its own order. The usual ones need no list.
func sourceOf(s *corev1.VolumeSource) string {
	switch {
	case s.EmptyDir != nil:
		return "emptyDir"
	case s.ConfigMap != nil && *s == corev1.VolumeSource{ConfigMap: s.ConfigMap}:
		return "configMap"
	case s.Secret != nil && *s == corev1.VolumeSource{Secret: s.Secret}:
		return "secret"
	case s.Projected != nil && *s == corev1.VolumeSource{Projected: s.Projected}:
		return "projected"
	case s.PersistentVolumeClaim != nil && *s == corev1.VolumeSource{PersistentVolumeClaim: s.PersistentVolumeClaim}:
		return "persistentVolumeClaim"
	case s.DownwardAPI != nil && *s == corev1.VolumeSource{DownwardAPI: s.DownwardAPI}:
		return "downwardAPI"
	}
	for _, o := range sourcesOf(s) {
		if o.set {
			return o.name
		}
	}
	return ""
}

// sourcesOf lists the sources in the order in which the API server asks for them.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateVolumeSource
func sourcesOf(s *corev1.VolumeSource) [30]sourceSet {
	return [...]sourceSet{
		{"emptyDir", s.EmptyDir != nil}, {"hostPath", s.HostPath != nil},
		{"gitRepo", s.GitRepo != nil}, {"gcePersistentDisk", s.GCEPersistentDisk != nil},
		{"awsElasticBlockStore", s.AWSElasticBlockStore != nil}, {"secret", s.Secret != nil},
		{"nfs", s.NFS != nil}, {"iscsi", s.ISCSI != nil},
		{"glusterfs", s.Glusterfs != nil}, {"flocker", s.Flocker != nil},
		{"persistentVolumeClaim", s.PersistentVolumeClaim != nil}, {"rbd", s.RBD != nil},
		{"cinder", s.Cinder != nil}, {"cephfs", s.CephFS != nil},
		{"quobyte", s.Quobyte != nil}, {"downwardAPI", s.DownwardAPI != nil},
		{"fc", s.FC != nil}, {"flexVolume", s.FlexVolume != nil},
		{"configMap", s.ConfigMap != nil}, {"azureFile", s.AzureFile != nil},
		{"vsphereVolume", s.VsphereVolume != nil}, {"photonPersistentDisk", s.PhotonPersistentDisk != nil},
		{"portworxVolume", s.PortworxVolume != nil}, {"azureDisk", s.AzureDisk != nil},
		{"storageos", s.StorageOS != nil}, {"projected", s.Projected != nil},
		{"scaleIO", s.ScaleIO != nil}, {"csi", s.CSI != nil},
		{"ephemeral", s.Ephemeral != nil}, {"image", s.Image != nil},
	}
}
