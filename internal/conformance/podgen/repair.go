package podgen

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// repair makes the fields of a struct fit each other, where drawing each by
// itself would rarely do.
func (g *Generator) repair(v any) {
	switch v := v.(type) {
	case *corev1.SeccompProfile:
		v.LocalhostProfile = g.profile(v.Type == corev1.SeccompProfileTypeLocalhost, v.LocalhostProfile)
	case *corev1.AppArmorProfile:
		v.LocalhostProfile = g.profile(v.Type == corev1.AppArmorProfileTypeLocalhost, v.LocalhostProfile)
	case *corev1.NodeSelectorRequirement:
		switch v.Operator {
		case corev1.NodeSelectorOpExists, corev1.NodeSelectorOpDoesNotExist:
			v.Values = nil
		case corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt:
			v.Values = []string{"4"}
		}
		if v.Key == metav1.ObjectNameField && len(v.Values) > 1 {
			v.Values = v.Values[:1]
		}
	case *metav1.LabelSelectorRequirement:
		switch v.Operator {
		case metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist:
			v.Values = nil
		default:
			if len(v.Values) == 0 {
				v.Values = []string{"web"}
			}
		}
	case *corev1.Toleration:
		if v.Operator == corev1.TolerationOpExists {
			v.Value = ""
		}
		if v.TolerationSeconds != nil {
			v.Effect = corev1.TaintEffectNoExecute
		}
	case *corev1.Affinity, *corev1.PodSpec:
	case *corev1.VolumeMount:
		if v.SubPath != "" {
			v.SubPathExpr = ""
		}
		if v.RecursiveReadOnly != nil && *v.RecursiveReadOnly != corev1.RecursiveReadOnlyDisabled {
			v.ReadOnly, v.MountPropagation = true, nil
		}
		if v.MountPropagation != nil && *v.MountPropagation == corev1.MountPropagationBidirectional {
			v.MountPropagation = nil
		}
	case *corev1.ResourceRequirements:
		for name, limit := range v.Limits {
			if r, ok := v.Requests[name]; ok && r.Cmp(limit) > 0 {
				v.Requests[name] = limit
			}
		}
	case *corev1.DownwardAPIVolumeFile:
		if v.FieldRef == nil == (v.ResourceFieldRef == nil) {
			v.FieldRef, v.ResourceFieldRef = &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}, nil
		}
	case *corev1.EnvVar:
		if v.ValueFrom != nil {
			v.Value = ""
		}
	case *corev1.EnvFromSource:
		if v.ConfigMapRef == nil == (v.SecretRef == nil) {
			v.SecretRef, v.ConfigMapRef = nil, &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}}
		}
	case *corev1.PodResourceClaim:
		if v.ResourceClaimName == nil == (v.ResourceClaimTemplateName == nil) {
			name := "claim"
			v.ResourceClaimName, v.ResourceClaimTemplateName = &name, nil
		}
	case *corev1.PersistentVolumeClaimSpec:
		v.AccessModes = v.AccessModes[:min(1, len(v.AccessModes))]
		v.DataSource = nil
		if g.chance(0.3) && v.DataSourceRef != nil && v.DataSourceRef.Namespace == nil {
			v.DataSource = &corev1.TypedLocalObjectReference{APIGroup: v.DataSourceRef.APIGroup, Kind: v.DataSourceRef.Kind, Name: v.DataSourceRef.Name}
		}
	case *corev1.ClusterTrustBundleProjection:
		if v.Name != nil {
			v.SignerName, v.LabelSelector = nil, nil
		}
	case *corev1.FCVolumeSource:
		if len(v.TargetWWNs) > 0 {
			v.WWIDs = nil
		}
	case *corev1.FlockerVolumeSource:
		if v.DatasetName != "" {
			v.DatasetUUID = ""
		}
	case *corev1.AzureDiskVolumeSource:
		managed := v.Kind != nil && *v.Kind == corev1.AzureManagedDisk
		v.DataDiskURI = "https://x.blob.core.windows.net/d"
		if managed {
			v.DataDiskURI = "/subscriptions/1/x"
		}
	case *corev1.Lifecycle:
		v.StopSignal = nil // asks for a spec.os
	case *corev1.SecurityContext:
		v.WindowsOptions = nil
		if v.Privileged != nil && *v.Privileged || v.Capabilities != nil && slices.Contains(v.Capabilities.Add, "SYS_ADMIN") {
			v.AllowPrivilegeEscalation = nil
		}
		if v.ProcMount != nil && *v.ProcMount == corev1.UnmaskedProcMount {
			v.ProcMount = nil
		}
	case *corev1.PodSecurityContext:
		v.WindowsOptions = nil
	case *corev1.ConfigMapVolumeSource:
		v.Items = uniquePaths(v.Items)
	case *corev1.SecretVolumeSource:
		v.Items = uniquePaths(v.Items)
	}
}

func (g *Generator) profile(wanted bool, now *string) *string {
	if !wanted {
		return nil
	}
	if now == nil {
		p := "profile"
		now = &p
	}
	return now
}

func uniquePaths(items []corev1.KeyToPath) []corev1.KeyToPath {
	seen := map[string]bool{}
	return slices.DeleteFunc(items, func(k corev1.KeyToPath) bool {
		defer func() { seen[k.Path] = true }()
		return seen[k.Path]
	})
}
