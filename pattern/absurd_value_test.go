package pattern_test

import (
	"math"

	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// absurdVolumes are calls that make or change a volume.
func absurdVolumes() []absurd {
	var none pattern.Volume
	return []absurd{
		bad("EmptyDir", "name-label", mounted(pattern.EmptyDir(""))),
		bad("EmptyDir", "name-label", mounted(pattern.EmptyDir("/data"))),
		bad("EmptyDir", "name-label", mounted(pattern.EmptyDir(long(megabyte)))),
		bad("SharedMemory", "quantity", mounted(pattern.SharedMemory("lots"))),
		bad("PVC", "volume-reference", mounted(pattern.PVC("v", ""))),
		bad("PVC", "reference-name", mounted(pattern.PVC("v", "{{ claim }}"))),
		bad("ClaimTemplate", "quantity", mounted(pattern.ClaimTemplate("v", "")).StatefulSet(1)),
		bad("ClaimTemplate", "quantity", mounted(pattern.ClaimTemplate("v", "0")).StatefulSet(1)),
		bad("ClaimTemplate", "name-label", mounted(pattern.ClaimTemplate("", "1Gi")).StatefulSet(1)),
		bad("ClaimTemplate", "claim-template", mounted(pattern.ClaimTemplate("v", "1Gi"))),
		bad("Ephemeral", "ephemeral-claim", mounted(pattern.Ephemeral("v", "-1"))),
		bad("HostPath", "volume-source-field", mounted(pattern.HostPath("v", ""))),
		bad("HostPath", "volume-source-field", mounted(pattern.HostPath("v", "/a/../b"))),
		bad("NFS", "volume-source", mounted(pattern.NFS("v", "", "/x"))),
		bad("NFS", "volume-source", mounted(pattern.NFS("v", "s", ""))),
		bad("NFS", "volume-source", mounted(pattern.NFS("v", "s", "relative"))),
		bad("CSI", "csi-driver", mounted(pattern.CSI("v", "", nil))),
		bad("ImageVolume", "image-volume", mounted(pattern.ImageVolume("v", ""))),
		bad("RawVolume", "name-label", mounted(pattern.RawVolume(corev1.Volume{}))),
		bad("Projected", "volume-source", mounted(pattern.Projected("v"))),
		bad("Projected", "nil-argument", mounted(pattern.Projected("v", nil))),
		bad("Projected", "nil-argument", mounted(pattern.Projected("v", (*pattern.SecretBuilder)(nil)))),
		bad("Projected", "zero-builder", mounted(pattern.Projected("v", pattern.SecretBuilder{}))),
		bad("Projected", "projected-source", mounted(pattern.Projected("v", pattern.TokenProjection{}))),
		bad("ServiceAccountToken", "projected-source", mounted(pattern.Projected("v", pattern.ServiceAccountToken("")))),
		bad("ServiceAccountToken", "projected-source", mounted(pattern.Projected("v", pattern.ServiceAccountToken("../token")))),
		bad("TokenProjection.ExpirationSeconds", "projected-source", mounted(pattern.Projected("v", pattern.ServiceAccountToken("t").ExpirationSeconds(1)))),
		bad("TokenProjection.ExpirationSeconds", "projected-source", mounted(pattern.Projected("v", pattern.ServiceAccountToken("t").ExpirationSeconds(math.MaxInt64)))),
		bad("PodField", "volume-downward-api", mounted(pattern.DownwardAPI("v", pattern.PodField("", "metadata.name")))),
		bad("PodField", "volume-downward-api", mounted(pattern.DownwardAPI("v", pattern.PodField("f", "")))),
		bad("ResourceField", "volume-downward-api", mounted(pattern.DownwardAPI("v", pattern.ResourceField("", "web", "limits.cpu")))),
		bad("ResourceField", "volume-source", mounted(pattern.DownwardAPI("v", pattern.ResourceField("f", "", "")))),
		bad("DownwardAPI", "volume-downward-api", mounted(pattern.DownwardAPI("v", pattern.FieldFile{}))),
		bad("DownwardAPI", "volume-source", mounted(pattern.DownwardAPI("v"))),

		bad("Volume.SubPath", "zero-volume", mounted(none.SubPath("a"))),
		bad("Volume.SubPath", "subpath", in(pattern.App("web", "web:1").Mount(pattern.EmptyDir("v").SubPath("/abs"), "/v"))),
		bad("Volume.SubPath", "subpath", in(pattern.App("web", "web:1").Mount(pattern.EmptyDir("v").SubPath("a/../.."), "/v"))),
		bad("Volume.SubPathExpr", "subpath", in(pattern.App("web", "web:1").Mount(pattern.EmptyDir("v").SubPathExpr("../$(A)"), "/v"))),
		bad("Volume.MountPropagation", "enum-value", mounted(pattern.EmptyDir("v").MountPropagation("Sometimes"))),
		bad("Volume.RecursiveReadOnly", "enum-value", mounted(pattern.EmptyDir("v").ReadOnly().RecursiveReadOnly("Sometimes"))),
		bad("Volume.SizeLimit", "quantity", mounted(pattern.EmptyDir("v").SizeLimit(""))),
		bad("Volume.SizeLimit", "quantity", mounted(pattern.EmptyDir("v").SizeLimit("-1Gi"))),
		bad("Volume.SizeLimit", "volume-option", mounted(pattern.PVC("v", "c").SizeLimit("1Gi"))),
		bad("Volume.SizeLimit", "volume-option", mounted(pattern.ClaimTemplate("v", "1Gi").SizeLimit("1Gi")).StatefulSet(1)),
		bad("Volume.SizeLimit", "zero-volume", mounted(none.SizeLimit("1Gi"))),
		bad("Volume.Key", "volume-option", mounted(pattern.EmptyDir("v").Key("a", "b"))),
		bad("Volume.Key", "volume-option", mounted(none.Key("a", "b"))),
		bad("Volume.Key", "volume-option", mounted(pattern.Secret("s").Volume("v").Key("", "f"))),
		bad("Volume.Key", "volume-option", mounted(pattern.ConfigMap("c").Volume("v").Key("k", ""))),
		bad("Volume.Key", "volume-option", mounted(pattern.ConfigMap("c").Volume("v").Key("k", "../f"))),
		bad("Volume.Mode", "volume-option", mounted(pattern.ConfigMap("c").Volume("v").Mode(-1))),
		bad("Volume.Mode", "volume-option", mounted(pattern.ConfigMap("c").Volume("v").Mode(0o1000))),
		bad("Volume.Mode", "volume-option", mounted(pattern.EmptyDir("v").Mode(0o440))),
		bad("Volume.Mode", "volume-option", mounted(none.Mode(0o440))),
		bad("Volume.HostPathType", "volume-option", mounted(pattern.EmptyDir("v").HostPathType("File"))),
		bad("Volume.HostPathType", "enum-value", mounted(pattern.HostPath("v", "/h").HostPathType("Sometimes"))),
		bad("Volume.StorageClass", "volume-option", mounted(pattern.EmptyDir("v").StorageClass("fast"))),
		bad("Volume.StorageClass", "volume-option", mounted(none.StorageClass("fast"))),
		bad("Volume.AccessModes", "volume-option", mounted(pattern.EmptyDir("v").AccessModes("ReadWriteOnce"))),
		bad("Volume.AccessModes", "no-arguments", mounted(pattern.Ephemeral("v", "1Gi").AccessModes())),
		bad("Volume.AccessModes", "enum-value", mounted(pattern.Ephemeral("v", "1Gi").AccessModes("Sometimes"))),
	}
}

// absurdProbes are calls that make or change a probe or a hook.
func absurdProbes() []absurd {
	get := func() pattern.Probe { return pattern.HTTPGet("/", 80) }
	return []absurd{
		bad("HTTPGet", "handler-fields", probed(pattern.HTTPGet("/", 0))),
		bad("HTTPGet", "handler-fields", probed(pattern.HTTPGet("/", math.MaxInt))),
		bad("HTTPGet", "handler-fields", probed(pattern.HTTPGet("/", ""))),
		bad("HTTPGet", "handler-fields", probed(pattern.HTTPGet("/", "8080"))),
		bad("HTTPGet", "handler-fields", probed(pattern.HTTPGet("/", long(16)))),
		bad("TCPSocket", "handler-fields", probed(pattern.TCPSocket(-1))),
		bad("TCPSocket", "handler-fields", probed(pattern.TCPSocket(noUTF8))),
		bad("GRPC", "handler-fields", probed(pattern.GRPC(0, ""))),
		bad("GRPC", "handler-fields", probed(pattern.GRPC(1<<32+80, ""))),
		bad("Exec", "handler-fields", probed(pattern.Exec())),
		bad("Probe.Header", "probe-shape", probed(pattern.Exec("a").Header("A", "b"))),
		bad("Probe.Header", "probe-shape", probed(get().Header("", "b"))),
		bad("Probe.Header", "probe-shape", probed(get().Header("no header", "b"))),
		bad("Probe.InitialDelaySeconds", "probe-shape", probed(get().InitialDelaySeconds(-1))),
		bad("Probe.PeriodSeconds", "probe-shape", probed(get().PeriodSeconds(0))),
		bad("Probe.PeriodSeconds", "probe-shape", probed(get().PeriodSeconds(1<<32+1))),
		bad("Probe.TimeoutSeconds", "probe-shape", probed(get().TimeoutSeconds(math.MinInt))),
		bad("Probe.FailureThreshold", "probe-shape", probed(get().FailureThreshold(0))),
		bad("Probe.SuccessThreshold", "probe-shape", probed(get().SuccessThreshold(-3))),
		bad("Probe.SuccessThreshold", "probe-shape", in(pattern.App("web", "web:1").LivenessProbe(get().SuccessThreshold(2)))),
		bad("Probe.TerminationGracePeriodSeconds", "probe-shape", in(web().LivenessProbe(get().TerminationGracePeriodSeconds(0)))),
		bad("Probe.TerminationGracePeriodSeconds", "probe-shape", in(pattern.App("web", "web:1").ReadinessProbe(get().TerminationGracePeriodSeconds(5)))),
		bad("Sleep", "prestop-sleep", in(web().PreStop(pattern.Sleep(0)))),
		bad("Sleep", "prestop-sleep", in(web().PreStop(pattern.Sleep(math.MinInt)))),
		bad("Sleep", "prestop-sleep", in(pattern.App("web", "web:1").PreStop(pattern.Sleep(31)))),
		bad("Sleep", "prestop-sleep", in(web().PreStop(pattern.SleepHook{}))),
	}
}
