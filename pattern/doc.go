// Package pattern builds Kubernetes pods of several containers, and the workloads
// that carry them.
//
// # Containers have roles
//
// A container is started by its role, and the chain after it says the rest:
//
//	web := pattern.App("web", "web:1.4").Port("http", 8080).Limits("1", "256Mi")
//	log := pattern.Sidecar("log", "shipper:2").Args("--tail", "/logs")
//
// The roles are [App], [Sidecar], [Ambassador], [Adapter] and [Init]. They are one
// generic type, [Container], so an option is the same on each, and a mistake of
// role doesn't compile. Ready containers are in the packages sidecar, ambassador,
// adapter and initc; they are values of the same types, so the chain after them
// changes what is different:
//
//	sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100")).Limits("", "256Mi")
//
// # A pod composes them
//
//	pod := pattern.Pod("web").WithApp(web).WithSidecar(log)
//
// [PodBuilder] has the pod's own settings, and gives what carries the pod:
// [PodBuilder.Deployment], StatefulSet, DaemonSet, Job, CronJob, and beside it
// Service and NetworkPolicy. [Namespace], [ConfigMap], [Secret] and [Raw] are the
// rest of a manifest.
//
// Builders are values. Every method returns a new one and changes nothing, so a
// base can be kept, forked and shared between goroutines. What you write is what
// you get: nothing is added that wasn't asked for, but for a Deployment's label
// app, which its selector needs, and the annotation that tells kubectl which
// container is the app, where that isn't the first.
//
// # Volumes are handles
//
// Mounting a handle declares the volume, and says who writes and who reads:
//
//	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
//	web = web.Writes(logs, "/var/log/web")
//	log = log.Reads(logs, "/logs")
//
// An emptyDir that is read and never written is an error. [Container.Mount] says
// no direction, [Container.Scratch] is private to its container.
//
// # Order
//
// Init containers and native sidecars start in the order of the calls that added
// them, each before the apps; [Container.Before], After, First and Last change it.
// Helpers are native sidecars where the target release.Minor has them,
// [Container.Classic] makes one a regular container. Kubernetes waits for a native
// sidecar only by its startup probe: it follows from [Container.Health] where a
// later container depends on the helper.
//
// # A helper wires the rest of the pod
//
// What a helper needs of others it says by verbs, which anybody's helper has:
// [Container.Endpoint] and [Container.AppEnv] give the apps variables,
// [Container.AppReads] and AppWrites mount volumes in them, [Container.Config]
// gives the helper a generated file, which a user may replace by one of a volume
// with [Container.ConfigFrom], [Container.NeedsAPI] a token and the rights for it,
// [Container.Brings] companions, and [Container.Fronts] puts it before the app in
// the pod's Service. [Container.For] restricts them to some containers. The app's own
// settings win, and what can't be reconciled is an error. [Container.Late] adds what
// depends on the settled pod, such as a configuration with a port in it, and
// [Container.Reject] refuses an argument with the caller's line. A helper is a
// function:
//
//	// Cache gives the apps a cache on localhost.
//	func Cache(size string) pattern.SidecarContainer {
//		return pattern.Sidecar("cache", "memcached:1.6").
//			Args("-m", size).
//			Port("cache", 11211).
//			Endpoint("cache", "cache").
//			Health(pattern.TCPSocket("cache"))
//	}
//
// The package patterntest holds such a function to what the catalogue's helpers are
// held to; the folder examples/own-helper has a whole one with its test.
//
// An organisation's rules are functions too, passed to [PodBuilder.Apply] and
// [Container.Apply]. [PodBuilder.Edit] and [Container.Edit] are the last resort:
// they change the finished object.
//
// # Pods that are there
//
// [Bundle] is a set of helpers for pods that somebody else wrote. [Injection.ApplyTo] adds
// them to a template, brings them up to date and repairs them, [Injection.RemoveFrom] takes
// them out and leaves what was there before; other methods do the same to a pod, to any
// workload or List, typed or not, and by a JSON patch to raw bytes. The package webhook
// answers admission reviews with a bundle.
//
//	logging := pattern.Bundle("logging", sidecar.LogShipper(logs, sidecar.Loki(url)))
//	err := logging.ApplyTo(&deployment.Spec.Template)
//
// [From] starts a builder from a pod or a template that somebody else wrote, to go on
// building. What is wrong with it already is told and keeps nobody from building it.
//
// # Out
//
// [Main] is the main function of a generator:
//
//	func main() { pattern.Main(pod.Deployment(3), pod.Service()) }
//
// prints YAML, or with flags JSON, a picture of the pod, or whether a committed
// file is stale. Other programs take typed objects: [PodBuilder.Build] gives a
// *corev1.Pod, [DeploymentBuilder] a *appsv1.Deployment, and [Objects] everything
// in the order in which it can be applied, the ConfigMaps of the helpers included.
// [YAML] and [WriteYAML] print, and an [Encoder] very many. The same calls always give
// the same bytes.
//
// # Errors
//
// No method fails or panics. Build reports all that is wrong at once, and each
// finding names the line that caused it, the field as the API server writes it,
// the containers that it is about and what to write instead:
//
//	main.go:14: spec.initContainers[0].ports[0].containerPort: Duplicate value: 8080: container
//	web listens on TCP port 8080 too, and a pod has one network (container cache, container web at
//	main.go:12). Fix: give one of the two another port [E port-clash-pod]
//
// It is a [check.Finding], which errors.As finds in the error, as it does a
// *field.Error. Level A is what the API server rejects, E what it accepts and the
// node then breaks on, W a warning: [PodBuilder.Findings] has them, and [Main]
// prints them. [PodBuilder.Allow] silences a rule of level E or W.
//
// # Versions
//
// A pod is built for a minor version of Kubernetes, by default the oldest that
// upstream supports; [PodBuilder.Target] or the -target flag says another. What
// the target doesn't have is replaced where there is an older way, as a native
// sidecar by a classic one, and is an error where there is none.
package pattern

import (
	"github.com/podpattern/podpattern/pattern/check"
)

var _ check.Finding // for the links in this comment
