package pattern_test

import (
	"math"

	"github.com/podpattern/podpattern/pattern"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// absurdObjects are calls that make or change what carries a pod or stands
// beside it.
func absurdObjects() []absurd {
	p := with(web().Port("http", 80))
	return []absurd{
		bad("PodBuilder.Deployment", "replicas", p.Deployment(-1)),
		bad("PodBuilder.Deployment", "replicas", p.Deployment(math.MaxInt)),
		bad("PodBuilder.Deployment", "zero-builder", pattern.PodBuilder{}.Label("a", "b").Deployment(1)),
		bad("DeploymentBuilder.Edit", "nil-argument", p.Deployment(1).Edit(nil)),
		bad("PodBuilder.StatefulSet", "replicas", p.StatefulSet(math.MinInt)),
		bad("StatefulSetBuilder.ServiceName", "name-label", p.StatefulSet(1).ServiceName("Not_Ok")),
		bad("StatefulSetBuilder.Edit", "nil-argument", p.StatefulSet(1).Edit(nil)),
		bad("DaemonSetBuilder.Edit", "nil-argument", p.DaemonSet().Edit(nil)),
		bad("JobBuilder.BackoffLimit", "job-number", p.Job().BackoffLimit(-1)),
		bad("JobBuilder.Completions", "job-number", p.Job().Completions(-1, 1)),
		bad("JobBuilder.Completions", "job-number", p.Job().Completions(1, math.MinInt32)),
		bad("JobBuilder.TTLSecondsAfterFinished", "job-number", p.Job().TTLSecondsAfterFinished(-1)),
		bad("JobBuilder.Edit", "nil-argument", p.Job().Edit(nil)),
		bad("PodBuilder.CronJob", "schedule", p.CronJob("")),
		bad("PodBuilder.CronJob", "schedule", p.CronJob("* * * *")),
		bad("PodBuilder.CronJob", "schedule", p.CronJob("@sometimes")),
		bad("PodBuilder.CronJob", "schedule", p.CronJob(long(megabyte))),
		bad("PodBuilder.CronJob", "object-name", pattern.Pod(long(53)).WithApp(web()).CronJob("@daily")),
		bad("CronJobBuilder.TimeZone", "time-zone", p.CronJob("@daily").TimeZone("")),
		bad("CronJobBuilder.ConcurrencyPolicy", "enum-value", p.CronJob("@daily").ConcurrencyPolicy("Sometimes")),
		bad("CronJobBuilder.Edit", "nil-argument", p.CronJob("@daily").Edit(nil)),

		bad("PodBuilder.Service", "service-container", p.Service("nobody")),
		bad("PodBuilder.Service", "service-container", p.Service("")),
		bad("PodBuilder.Service", "service-ports", with(web()).Service()),
		bad("ServiceBuilder.Port", "port-number", p.Service().Port("http", 0, 80)),
		bad("ServiceBuilder.Port", "port-number", p.Service().Port("http", 80, math.MaxInt)),
		bad("ServiceBuilder.Port", "port-name", p.Service().Port("Not_Ok", 80, 80)),
		bad("ServiceBuilder.PortTo", "port-number", p.Service().PortTo("http", 70000, "http")),
		bad("ServiceBuilder.PortTo", "port-number", p.Service().PortTo("http", 80, "")),
		bad("ServiceBuilder.Type", "enum-value", p.Service().Type("Sometimes")),
		bad("ServiceBuilder.Name", "object-name", p.Service().Name("1web")),
		bad("ServiceBuilder.Edit", "nil-argument", p.Service().Edit(nil)),
		bad("NetworkPolicyBuilder.Edit", "nil-argument", p.NetworkPolicy().Edit(nil)),
		bad("Namespace", "name-label", pattern.Namespace("")),
		bad("Namespace", "name-label", pattern.Namespace(long(64))),
		bad("NamespaceBuilder.Enforce", "security-level", pattern.Namespace("n").Enforce("strict")),
		bad("NamespaceBuilder.Label", "label-key", pattern.Namespace("n").Label("", "")),
		bad("NamespaceBuilder.Edit", "nil-argument", pattern.Namespace("n").Edit(nil)),

		bad("ConfigMap", "reference-name", pattern.ConfigMap("").Data("k", "v")),
		bad("ConfigMapBuilder.Data", "data-key", pattern.ConfigMap("c").Data("", "v")),
		bad("ConfigMapBuilder.Data", "data-key", pattern.ConfigMap("c").Data("k k", "v")),
		bad("ConfigMapBuilder.Data", "data-value", pattern.ConfigMap("c").Data("k", noUTF8)),
		bad("ConfigMapBuilder.Data", "data-value", pattern.ConfigMap("c").Data("k", long(megabyte+1))),
		bad("ConfigMapBuilder.Namespace", "name-label", pattern.ConfigMap("c").Data("k", "v").Namespace("Not_Ok")),
		bad("ConfigMapBuilder.Volume", "name-label", mounted(pattern.ConfigMap("c").Volume(""))),
		bad("ConfigMapBuilder.Volume", "zero-builder", mounted(pattern.ConfigMapBuilder{}.Volume("v"))),
		bad("Secret", "reference-name", pattern.Secret("Not_Ok").Data("k", "v")),
		bad("SecretBuilder.Data", "data-key", pattern.Secret("s").Data("..", "v")),
		bad("SecretBuilder.Data", "data-value", pattern.Secret("s").Data("k", noUTF8)),
		bad("SecretBuilder.Namespace", "name-label", pattern.Secret("s").Data("k", "v").Namespace(long(64))),
		bad("SecretBuilder.Volume", "name-label", mounted(pattern.Secret("s").Volume("A"))),
		bad("SecretBuilder.Volume", "zero-builder", mounted(pattern.SecretBuilder{}.Volume("v"))),

		bad("Raw", "nil-object", pattern.Raw(nil)),
		bad("Raw", "nil-object", pattern.Raw((*corev1.Pod)(nil))),
		bad("Raw", "raw-kind", pattern.Raw(&corev1.Pod{})),
	}
}

// harmlessCalls are calls whose arguments look absurd and are right.
func harmlessCalls() []absurd {
	return []absurd{
		fine("PodBuilder.WithApp", "a list may be empty", with(web()).WithApp()),
		fine("PodBuilder.WithSidecar", "a list may be empty", with(web()).WithSidecar()),
		fine("PodBuilder.WithAmbassador", "a list may be empty", with(web()).WithAmbassador()),
		fine("PodBuilder.WithAdapter", "a list may be empty", with(web()).WithAdapter()),
		fine("PodBuilder.WithInit", "a list may be empty", with(web()).WithInit()),
		fine("PodBuilder.WithVolume", "a list may be empty", with(web()).WithVolume()),
		fine("Container.Command", "without arguments it gives the image's own back", in(web().Command("a").Command())),
		fine("Container.Args", "without arguments it gives the image's own back", in(web().Args("a").Args())),
		fine("Container.Command", "a program may have an empty argument", in(web().Command("", long(megabyte)))),
		fine("Container.Shell", "an empty script does nothing", in(web().Shell(""))),
		fine("Container.WorkingDir", "empty is the image's own", in(web().WorkingDir(""))),
		fine("Container.TerminationMessage", "empty is the default", in(web().TerminationMessage("", ""))),
		fine("Container.ImagePullPolicy", "empty is the default", in(web().ImagePullPolicy(""))),
		fine("Container.Env", "an empty variable is one", in(web().Env("A", "").Env("B", long(megabyte)))),
		fine("Container.Env", "the API takes any printable ASCII in a name", in(web().Env("1 strange-name", "v"))),
		fine("Container.EnvFromPrefix", "an empty prefix is none", in(web().EnvFromPrefix("", pattern.Secret("s")))),
		fine("Container.Requests", "an empty string leaves one as it is", in(web().Requests("", "").Limits("", ""))),
		fine("Container.RunAsUser", "0 is root", in(web().RunAsUser(0).RunAsGroup(0))),
		fine("Container.NeedsAPI", "without rules it gets a token alone", in(side("s").NeedsAPI())),
		fine("Container.MovePorts", "without names it is all ports", in(side("s").MovePorts())),
		fine("Container.SecurityContext", "an empty one sets nothing", in(web().SecurityContext(corev1.SecurityContext{}))),
		fine("Container.Apply", "no rules are no rules", in(web().Apply())),
		fine("Container.Config", "an empty file is one", in(web().Config("/etc/app/empty", ""))),
		fine("Container.Config", "a file may fill a ConfigMap", in(web().Config("/etc/app/app.conf", long(megabyte)))),
		fine("Container.Brings", "a container of another role is a companion", in(side("s").Brings(setup("i"), side("t")))),
		fine("PodBuilder.Apply", "no rules are no rules", with(web()).Apply()),
		fine("PodBuilder.For", "without names it selects all", with(web()).For().Env("A", "b")),
		fine("PodBuilder.Annotation", "an annotation may hold much", with(web()).Annotation("a", long(1000))),
		fine("PodBuilder.Label", "a label may be empty", with(web()).Label("a", "")),
		fine("PodBuilder.TerminationGracePeriodSeconds", "0 is at once", with(web()).TerminationGracePeriodSeconds(0)),
		fine("PodBuilder.Affinity", "an empty one sets nothing", with(web()).Affinity(corev1.Affinity{})),
		fine("PodBuilder.DNSConfig", "an empty one sets nothing", with(web()).DNSConfig(corev1.PodDNSConfig{})),
		fine("PodBuilder.SecurityContext", "an empty one sets nothing", with(web()).SecurityContext(corev1.PodSecurityContext{})),
		fine("PodBuilder.Deployment", "0 replicas are none for now", with(web()).Deployment(0).Edit(func(*appsv1.Deployment) {})),
		fine("PodBuilder.Service", "without names it is the apps' ports", with(web().Port("http", 80)).Label("app", "web").Service()),
		fine("Volume.StorageClass", "empty is no class, which isn't the default class", mounted(pattern.Ephemeral("v", "1Gi").StorageClass(""))),
		fine("Volume.Mode", "0 is a mode", mounted(pattern.ConfigMap("c").Volume("v").Mode(0))),
		fine("CSI", "a driver may need no attributes", mounted(pattern.CSI("v", "d.example.com", map[string]string{}))),
		fine("HTTPGet", "an empty path is the root", probed(pattern.HTTPGet("", 80))),
		fine("Probe.Header", "a header may be empty", probed(pattern.HTTPGet("/", 80).Header("A", ""))),
		fine("TokenProjection.Audience", "empty is the API server", mounted(pattern.Projected("v", pattern.ServiceAccountToken("t").Audience("")))),
		fine("RestartOn", "0 is an exit code", in(web().RestartPolicy("Never").RestartRules(pattern.RestartOn(0)))),
	}
}
