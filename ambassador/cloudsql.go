package ambassador

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// CloudSQLOptions changes what [CloudSQL] does; the zero value is the default.
type CloudSQLOptions struct {
	// Database is what runs in the instance. Default: [CloudSQLPostgreSQL].
	Database CloudSQLDatabase
	// Instances are more of them, each with an endpoint of its own.
	Instances []CloudSQLInstance
	// PrivateIP connects to the instances' private addresses. Default: the public
	// ones.
	PrivateIP bool
	// PSC connects by Private Service Connect.
	PSC bool
	// IAMAuth logs the apps in as the pod's own identity: they need no password. Not
	// for SQL Server.
	IAMAuth bool
	// Credentials is a Secret whose key service_account.json is a key of a Google
	// service account. Default: none; the identity is that of the pod's Kubernetes
	// service account, by Workload Identity.
	Credentials pattern.SecretBuilder
	// Impersonate is the Google service account that it acts as, such as
	// db@project.iam.gserviceaccount.com.
	Impersonate string
	// LazyRefresh fetches certificates only when a connection needs them, for pods
	// that have no CPU between requests.
	LazyRefresh bool
	// MaxConnections bounds how many connections are open at a time. Default: no
	// bound.
	MaxConnections int
	// GateOnUpstream takes the pod out of its Services while an instance can't be
	// reached, or MaxConnections is reached; upstream advises against it.
	GateOnUpstream bool
	// Port is what the app dials on localhost. Default: the database's, or the next
	// one that is free in the pod; a port that is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 9090, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// CloudSQL gives the apps an instance of Google Cloud SQL on localhost, by Google's
// own proxy: by TLS, and with the rights that IAM gives the pod. They get NAME_HOST
// and NAME_PORT, where NAME is that of the ambassador in capitals; instance is
// project:region:instance.
//
// It adds: a port of its own name, on 127.0.0.1 only; port <name>-status with
// /startup, /liveness, /readiness and /metrics. It runs as uid 65532; the image is
// distroless: no shell. The app starts when the proxy is up, which it isn't without
// credentials; whether the instance exists, and lets it in, only the first connection
// shows. It stops after the app, with exit code 0, and lets open connections have until
// shortly before the end of the grace period.
//
// The identity needs the role Cloud SQL Client, and Cloud SQL Instance User for IAMAuth.
// The NetworkPolicy allows port 3307, which the instances' own proxies have, and
// the Cloud SQL Admin API; without Credentials also the metadata server of GKE.
//
// Defaults: image cloud-sql-proxy, uid 65532, 50m CPU, 64Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: GoogleCloudPlatform/cloud-sql-proxy cmd/root.go, Dockerfile,
// examples/k8s-sidecar, examples/k8s-health-check; docs: GKE, network policies and
// Workload Identity Federation.
func CloudSQL(name, instance string, opts ...CloudSQLOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	instances := append([]CloudSQLInstance{{Name: name, Instance: instance, Database: o.Database, Port: o.Port}}, o.Instances...)
	c := pattern.Ambassador(name, cloudSQLProxyImage).
		Requests("50m", "64Mi").Limits("", "256Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true)
	c = o.refuse(c, name)
	for i, in := range instances {
		c = in.open(c, i == 0, o.IAMAuth)
	}
	status := portName(name, "-status")
	c = opt.Port(c, status, o.StatusPort, 9090).
		Health(pattern.HTTPGet("/liveness", status)).NoReadinessProbe().
		StartupProbe(pattern.HTTPGet("/startup", status).PeriodSeconds(1).FailureThreshold(60)).
		Dials("sqladmin.googleapis.com", 443)
	if o.Scrape {
		c = c.Scrape(status, "/metrics")
	}
	if o.GateOnUpstream {
		c = c.ReadinessProbe(pattern.HTTPGet("/readiness", status))
	}
	if o.hasCredentials() {
		key := o.Credentials.Volume(names.Join(names.Label, name, "credentials")).Key(cloudSQLKey, cloudSQLKey)
		c = c.Reads(key, "/credentials")
	} else {
		c = c.Dials("169.254.169.254", 80).Dials("169.254.169.252", 988)
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		args := append([]string{
			"--structured-logs", "--health-check", "--prometheus",
			"--http-address=0.0.0.0", fmt.Sprintf("--http-port=%d", v.Port(status)),
			"--exit-zero-on-sigterm", fmt.Sprintf("--max-sigterm-delay=%ds", max(v.GracePeriodSeconds()-5, 1)),
		}, o.flags()...)
		for _, in := range instances {
			args = append(args, fmt.Sprintf("%s?port=%d", in.Instance, v.Port(portName(in.Name, ""))))
		}
		return c.Args(args...)
	})
}

const cloudSQLKey = "service_account.json"

func (o CloudSQLOptions) hasCredentials() bool { return o.Credentials != pattern.SecretBuilder{} }

// flags are those that follow from options.
func (o CloudSQLOptions) flags() []string {
	var flags []string
	set := func(on bool, flag string) {
		if on {
			flags = append(flags, flag)
		}
	}
	set(o.PrivateIP, "--private-ip")
	set(o.PSC, "--psc")
	set(o.IAMAuth, "--auto-iam-authn")
	set(o.LazyRefresh, "--lazy-refresh")
	set(o.hasCredentials(), "--credentials-file=/credentials/"+cloudSQLKey)
	set(o.Impersonate != "", "--impersonate-service-account="+o.Impersonate)
	set(o.MaxConnections > 0, fmt.Sprintf("--max-connections=%d", o.MaxConnections))
	return flags
}

func (o CloudSQLOptions) refuse(c pattern.AmbassadorContainer, name string) pattern.AmbassadorContainer {
	if o.PrivateIP && o.PSC {
		c = c.Reject("PSC", true, "goes without PrivateIP")
	}
	if o.MaxConnections < 0 {
		c = c.Reject("MaxConnections", o.MaxConnections, "want a number, or 0 for no bound")
	}
	if a, err := mail.ParseAddress(o.Impersonate); o.Impersonate != "" && (err != nil || a.Address != o.Impersonate || strings.Contains(o.Impersonate, ",")) {
		c = c.Reject("Impersonate", o.Impersonate, "want a service account, such as db@project.iam.gserviceaccount.com")
	}
	seen := []string{name}
	for _, in := range o.Instances {
		if in.Name == "" || slices.Contains(seen, in.Name) {
			c = c.Reject("Instances", in.Name, "want a name for each, and each another, such as reports")
		}
		seen = append(seen, in.Name)
	}
	return c
}
