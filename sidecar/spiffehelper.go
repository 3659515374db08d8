package sidecar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// SPIFFEHelperOptions changes what [SPIFFEHelper] does; the zero value is the default.
type SPIFFEHelperOptions struct {
	// AppPath mounts the volume in the apps, read-only, at this path. Default: it is
	// mounted in no app, and they mount it themselves by Reads.
	AppPath string
	// CertFile, KeyFile and BundleFile are the names of the files. Default: svid.pem,
	// svid_key.pem and svid_bundle.pem.
	CertFile, KeyFile, BundleFile string
	// KeyMode is the mode of the key's file, and of tokens'. Default: 0644, as that of
	// a Secret volume; with 0640 the apps can read it if the pod has an FSGroup.
	KeyMode int32
	// JWTs are tokens to fetch too. Default: none.
	JWTs []SPIFFEToken
	// FederatedDomains puts the authorities of federated trust domains into the
	// bundle too.
	FederatedDomains bool
	// Hint chooses among several identities of the pod. Default: the first.
	Hint string
	// AgentSocket is the name of the socket in the CSI driver's folder. Default:
	// spire-agent.sock.
	AgentSocket string
	// Port serves health. Default: 8081, or the next one that is free in the pod; a
	// port that is set here does not move.
	Port int
}

// SPIFFEToken is a JWT that [SPIFFEHelper] keeps in a file.
type SPIFFEToken struct{ Audience, File string }

// SPIFFEHelper keeps the pod's SPIFFE identity in a volume as files, a certificate, its
// key and the authorities, and renews them, with spiffe-helper, from a SPIRE agent on
// the node. The volume should be an emptyDir in memory.
//
// It adds: a ConfigMap with helper.conf; a volume of the CSI driver csi.spiffe.io with
// the agent's socket, which the cluster must have; port http for health. The app
// starts when the files are there: the pod must have a registration entry. A dead
// helper leaves the pod serving until the certificate runs out, after an hour as SPIRE
// has it. The image is distroless: no shell. It runs as uid 65532.
//
// The three files are written one after another, and in place: an app may meet a
// certificate and the key of another, and should then read again. An app that doesn't
// look again can be told by a ConfigReloader on the same volume.
//
// Defaults: image spiffe-helper, uid 65532, 5m CPU, 16Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: spiffe/spiffe-helper README.md, cmd/spiffe-helper/config;
// spiffe/spiffe-csi README.md (the volume must be read-only).
func SPIFFEHelper(certs pattern.Volume, opts ...SPIFFEHelperOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	o.JWTs = slices.Clone(o.JWTs)
	o.CertFile, o.KeyFile, o.BundleFile = opt.Or(o.CertFile, "svid.pem"), opt.Or(o.KeyFile, "svid_key.pem"), opt.Or(o.BundleFile, "svid_bundle.pem")
	o.AgentSocket, o.KeyMode = opt.Or(o.AgentSocket, "spire-agent.sock"), opt.Or(o.KeyMode, 0o644)
	c := opt.Port(pattern.Sidecar("spiffe-helper", spiffeHelperImage), "http", o.Port, 8081)
	c = c.Args("-config", spiffeConfig).
		Writes(certs, "/certs").
		Requests("5m", "16Mi").Limits("", "64Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/live", "http")).WhenDown(pattern.KeepServing).
		StartupProbe(pattern.HTTPGet("/ready", "http").PeriodSeconds(1).FailureThreshold(120))
	if o.AppPath != "" {
		c = c.AppReads(certs, o.AppPath)
	}
	c = o.check(c)
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		socket := pattern.RawVolume(corev1.Volume{
			Name:         names.Join(names.Label, v.Name(), "agent"),
			VolumeSource: corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: "csi.spiffe.io", ReadOnly: new(true)}},
		})
		return c.Reads(socket, "/spiffe-workload-api").Config(spiffeConfig, o.config(v.Port("http")))
	})
}

const spiffeConfig = "/etc/spiffe-helper/helper.conf"

// plainFile is the name of a file that needs no care anywhere.
var plainFile = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

func (o SPIFFEHelperOptions) check(c pattern.SidecarContainer) pattern.SidecarContainer {
	files := []struct{ field, name string }{{"CertFile", o.CertFile}, {"KeyFile", o.KeyFile}, {"BundleFile", o.BundleFile}}
	for _, t := range o.JWTs {
		files = append(files, struct{ field, name string }{"JWTs", t.File})
		if t.Audience == "" || strings.ContainsFunc(t.Audience, func(r rune) bool { return r < ' ' }) {
			c = c.Reject("JWTs", t.Audience, "want the audience of the token, such as spiffe://example.org/db")
		}
	}
	seen := make(map[string]bool)
	for _, f := range files {
		if !plainFile.MatchString(f.name) {
			c = c.Reject(f.field, f.name, "want the name of a file in the volume, such as tls.crt")
		}
		if seen[f.name] {
			c = c.Reject(f.field, f.name, "two things go to this file")
		}
		seen[f.name] = true
	}
	if !plainFile.MatchString(o.AgentSocket) {
		c = c.Reject("AgentSocket", o.AgentSocket, "want the name of the socket, such as spire-agent.sock")
	}
	if strings.ContainsFunc(o.Hint, func(r rune) bool { return r < ' ' }) {
		c = c.Reject("Hint", o.Hint, "want one line")
	}
	// It opens the file again to renew it, and isn't root.
	if o.KeyMode < 0 || o.KeyMode > 0o777 || o.KeyMode&0o600 != 0o600 {
		c = c.Reject("KeyMode", fmt.Sprintf("%#o", o.KeyMode), "want a mode with which its owner can read and write, such as 0o640")
	}
	return c
}
