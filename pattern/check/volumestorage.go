package check

import (
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// The storage of vendors, which its CSI drivers have mostly replaced.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go

func (v volumeSite) iscsi(s *corev1.ISCSIVolumeSource) {
	v.require(s.TargetPortal, ".iscsi.targetPortal")
	if s.IQN == "" {
		v.report(".iscsi.iqn", required("", ""))
	} else {
		v.qualifiedName(s.IQN, ".iscsi.iqn")
	}
	v.lun(s.Lun, ".iscsi.lun")
	if (s.DiscoveryCHAPAuth || s.SessionCHAPAuth) && s.SecretRef == nil {
		v.report(".iscsi.secretRef", required("", "name the secret with the CHAP credentials"))
	}
	if s.InitiatorName != nil {
		v.qualifiedName(*s.InitiatorName, ".iscsi.initiatorName")
	}
}

// qualifiedName reports what is no iSCSI name. The patterns are the API server's.
func (v volumeSite) qualifiedName(name, fields string) {
	var pattern string
	switch {
	case strings.HasPrefix(name, "iqn"):
		pattern = `iqn\.\d{4}-\d{2}\.([[:alnum:]-.]+)(:[^,;*&$|\s]+)$`
	case strings.HasPrefix(name, "eui"):
		pattern = `^eui.[[:alnum:]]{16}$`
	case strings.HasPrefix(name, "naa"):
		pattern = `^naa.[[:alnum:]]{32}$`
	default:
		v.report(fields, invalid(name, "must be valid format starting with iqn, eui, or naa", "such as iqn.2001-04.com.example:storage.disk1"))
		return
	}
	if ok, err := regexp.MatchString(pattern, name); err != nil || !ok {
		v.report(fields, invalid(name, "must be valid format", "such as iqn.2001-04.com.example:storage.disk1"))
	}
}

func (v volumeSite) lun(n int32, fields string) {
	if n < 0 || n > 255 {
		v.report(fields, invalid(n, "must be between 0 and 255, inclusive", ""))
	}
}

func (v volumeSite) fc(s *corev1.FCVolumeSource) {
	if len(s.TargetWWNs) == 0 && len(s.WWIDs) == 0 {
		v.report(".fc.targetWWNs", required("must specify either targetWWNs or wwids, but not both", ""))
	}
	if len(s.TargetWWNs) != 0 && len(s.WWIDs) != 0 {
		v.report(".fc.targetWWNs", invalid(slices.Clone(s.TargetWWNs), "targetWWNs and wwids can not be specified simultaneously", "keep one of the two"))
	}
	switch {
	case len(s.TargetWWNs) == 0:
	case s.Lun == nil:
		v.report(".fc.lun", required("lun is required if targetWWNs is specified", ""))
	default:
		v.lun(*s.Lun, ".fc.lun")
	}
}

func (v volumeSite) quobyte(s *corev1.QuobyteVolumeSource) {
	const pairs = "must be a host:port pair or multiple pairs separated by commas"
	switch {
	case s.Registry == "":
		v.report(".quobyte.registry", required(pairs, ""))
	case len(s.Tenant) >= 65:
		v.report(".quobyte.tenant", required("must be a UUID and may not exceed a length of 64 characters", ""))
	default:
		for pair := range strings.SplitSeq(s.Registry, ",") {
			if _, _, err := net.SplitHostPort(pair); err != nil {
				v.report(".quobyte.registry", invalid(s.Registry, pairs, ""))
				break // one is enough
			}
		}
	}
	v.require(s.Volume, ".quobyte.volume")
}

func (v volumeSite) flocker(s *corev1.FlockerVolumeSource) {
	if s.DatasetName == "" && s.DatasetUUID == "" {
		v.report(".flocker", required("one of datasetName and datasetUUID is required", ""))
	}
	if s.DatasetName != "" && s.DatasetUUID != "" {
		v.report(".flocker", invalid("resource", "datasetName and datasetUUID can not be specified simultaneously", "keep one of the two"))
	}
	if strings.Contains(s.DatasetName, "/") {
		v.report(".flocker.datasetName", invalid(s.DatasetName, "must not contain '/'", ""))
	}
}

func (v volumeSite) flex(s *corev1.FlexVolumeSource) {
	v.require(s.Driver, ".flexVolume.driver")
	for _, key := range slices.Sorted(maps.Keys(s.Options)) {
		namespace := key
		if before, _, ok := strings.Cut(key, "/"); ok {
			namespace = before
		}
		namespace = "." + strings.ToLower(namespace)
		if strings.HasSuffix(namespace, ".kubernetes.io") || strings.HasSuffix(namespace, ".k8s.io") {
			v.report(".flexVolume.options["+key+"]", invalid(key, "kubernetes.io and k8s.io namespaces are reserved", "a domain of your own"))
		}
	}
}

// azureDisk: the API server takes a disk of no kind for one that is shared.
func (v volumeSite) azureDisk(s *corev1.AzureDiskVolumeSource) {
	v.require(s.DiskName, ".azureDisk.diskName")
	v.require(s.DataDiskURI, ".azureDisk.diskURI")
	if s.CachingMode != nil {
		switch *s.CachingMode {
		case corev1.AzureDataDiskCachingNone, corev1.AzureDataDiskCachingReadOnly, corev1.AzureDataDiskCachingReadWrite:
		default:
			v.report(".azureDisk.cachingMode", notSupported(*s.CachingMode, corev1.AzureDataDiskCachingNone, corev1.AzureDataDiskCachingReadOnly, corev1.AzureDataDiskCachingReadWrite))
		}
	}
	kind := corev1.AzureSharedBlobDisk
	if s.Kind != nil {
		kind = *s.Kind
	}
	switch kind {
	case corev1.AzureDedicatedBlobDisk, corev1.AzureManagedDisk, corev1.AzureSharedBlobDisk:
	default:
		v.report(".azureDisk.kind", notSupported(kind, corev1.AzureDedicatedBlobDisk, corev1.AzureManagedDisk, corev1.AzureSharedBlobDisk))
	}
	switch managed := kind == corev1.AzureManagedDisk; {
	case managed && !strings.HasPrefix(s.DataDiskURI, "/subscriptions/"):
		v.report(".azureDisk.diskURI", notSupported(s.DataDiskURI, "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"))
	case !managed && !strings.HasPrefix(s.DataDiskURI, "https://"):
		v.report(".azureDisk.diskURI", notSupported(s.DataDiskURI, "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"))
	}
}

func (v volumeSite) storageOS(s *corev1.StorageOSVolumeSource) {
	v.require(s.VolumeName, ".storageos.volumeName")
	v.label(s.VolumeName, ".storageos.volumeName")
	v.label(s.VolumeNamespace, ".storageos.volumeNamespace")
}

// label reports what is no DNS label; an empty one is another matter.
func (v volumeSite) label(name, fields string) {
	if name != "" {
		v.reportEach(fields, name, validation.IsDNS1123Label(name))
	}
}
