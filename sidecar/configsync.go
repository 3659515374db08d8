package sidecar

import (
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// ConfigSyncOptions changes what [ConfigSync] does; the zero value is the default.
type ConfigSyncOptions struct {
	// AppPath mounts the volume in the apps, read-only, at this path. Default: it is
	// mounted in no app, and they mount it themselves by Reads.
	AppPath string
	// Resource is configmap, secret or both. Default: configmap. Secrets need the
	// right to read all Secrets of the namespace.
	Resource string
	// Notify is a URL that gets a POST after each change, but not for what is there
	// at the start, such as http://127.0.0.1:3000/api/reload; one that fails is tried
	// again for half a minute. Default: none.
	Notify string
	// UniqueNames puts the object's namespace, kind and name before each file's
	// name. By default a file has its key's name, and of two keys of one name the
	// last that was read wins.
	UniqueNames bool
	// Port serves health. Default: 8088, or the next one that is free in the pod; a
	// port that is set here does not move.
	Port int
}

// ConfigSync collects the ConfigMaps of the namespace that have a label as files in a
// volume, with k8s-sidecar: those that are there, and those that come, change and go
// while the pod runs. The label is a key, such as grafana_dashboard, or key=value.
//
// It adds: a ServiceAccount with the right to get, list and watch ConfigMaps in its
// own namespace, and its token in this container only; port http for health; a
// scratch volume. The app starts when all files are there. While the API server is
// away the files stay as they are, and it is asked again every five seconds; but a
// container that starts then ends, and the app of a new pod waits.
//
// It runs as uid 65534 and writes files that all can read, in place: an app may meet
// half a file, and should then read again. What is deleted while the container itself
// restarts stays in the volume.
//
// Whoever may create ConfigMaps in the namespace can bring files into the pod. A
// ConfigMap may choose another folder by its annotation k8s-sidecar-target-directory,
// and of a key that ends in .url the value is a URL, whose answer becomes the file. Any
// other setting is a variable: Env("IGNORE_ALREADY_PROCESSED", "true").
//
// Defaults: image k8s-sidecar, uid 65534, 20m CPU, 96Mi memory, at most 192Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: kiwigrid/k8s-sidecar 2.10.1 README.md, src/sidecar.py, src/resources.py,
// src/healthz.py.
func ConfigSync(label string, into pattern.Volume, opts ...ConfigSyncOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	resource := opt.Or(o.Resource, "configmap")
	c := pattern.Sidecar("config-sync", k8sSidecarImage).
		Writes(into, "/config").Scratch("/tmp", "16Mi").
		Requests("20m", "96Mi").Limits("", "192Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true).
		Env("FOLDER", "/config").Env("METHOD", "WATCH").Env("RESOURCE", resource)
	c = selects(c, label)
	if o.UniqueNames {
		c = c.Env("UNIQUE_FILENAMES", "true")
	}
	if o.Notify != "" {
		// At the start the app isn't there yet: it waits for this container.
		c = notifies(c, "Notify", o.Notify).
			Env("REQ_URL", expansion.Literal(o.Notify)).Env("REQ_METHOD", "POST").Env("REQ_SKIP_INIT", "true")
	}
	if o.AppPath != "" {
		c = c.AppReads(into, o.AppPath)
	}
	kinds, known := map[string][]string{"configmap": {"configmaps"}, "secret": {"secrets"}, "both": {"configmaps", "secrets"}}[resource]
	if !known {
		return c.Reject("Resource", o.Resource, "want configmap, secret or both")
	}
	health := pattern.HTTPGet("/healthz", "http").TimeoutSeconds(5)
	return opt.Port(c, "http", o.Port, 8088).
		NeedsAPI(rbacv1.PolicyRule{APIGroups: []string{""}, Resources: kinds, Verbs: []string{"get", "list", "watch"}}).
		Health(health).WhenDown(pattern.KeepServing).
		StartupProbe(health.PeriodSeconds(1).FailureThreshold(120)).
		Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Env("HEALTH_PORT", strconv.Itoa(v.Port("http")))
		})
}

// selects says by which label the objects are found.
func selects(c pattern.SidecarContainer, label string) pattern.SidecarContainer {
	key, value, some := strings.Cut(label, "=")
	why := slices.Concat(validation.IsQualifiedName(key), validation.IsValidLabelValue(value))
	if some && value == "" {
		why = append(why, "an empty value would stand for any")
	}
	if len(why) > 0 {
		return c.Reject("label", label, "want a label's key, or key=value: "+why[0])
	}
	c = c.Env("LABEL", key)
	if some {
		c = c.Env("LABEL_VALUE", value)
	}
	return c
}
