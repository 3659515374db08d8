package ambassador

import (
	"strings"

	"github.com/podpattern/podpattern/pattern"
)

// certFile is the certificate; haproxy looks for its key in tls.key (see
// ssl-load-extra-del-ext).
const certFile = certFolder + "/tls.crt"

func (t TCPTLS) on() bool { return t != TCPTLS{} }

func (t TCPTLS) hasCertificate() bool { return t.ClientCertificate != pattern.Volume{} }

// hasCA says whether the CA has a volume of its own.
func (t TCPTLS) hasCA() bool { return t.CA != pattern.Volume{} && t.CA != t.ClientCertificate }

// needsCertificate rejects a volume that is none.
func needsCertificate(c pattern.AmbassadorContainer, certificate pattern.Volume) pattern.AmbassadorContainer {
	if certificate == (pattern.Volume{}) {
		return c.Reject("certificate", "", "want a volume with tls.crt, tls.key and ca.crt, such as that of a Secret")
	}
	return c
}

// mount mounts the volumes.
func (t TCPTLS) mount(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	if t.hasCertificate() {
		c = c.Reads(t.ClientCertificate, certFolder)
	}
	if t.hasCA() {
		c = c.Reads(t.CA, caFolder)
	}
	return c
}

// folders are those of the volumes.
func (t TCPTLS) folders() []string {
	var folders []string
	if t.hasCertificate() {
		folders = append(folders, certFolder)
	}
	if t.hasCA() {
		folders = append(folders, caFolder)
	}
	return folders
}

// caFile verifies the other end.
func (t TCPTLS) caFile() string {
	switch {
	case t.hasCA():
		return caFolder + "/ca.crt"
	case t.CA != pattern.Volume{}:
		return certFolder + "/ca.crt"
	}
	return "@system-ca"
}

// server gives what is said of each server.
func (p *proxy) server() []any {
	if !p.tls.on() {
		return nil
	}
	words := []any{"ssl", "ca-file", p.tls.caFile(), "verify", "required"}
	if p.tls.hasCertificate() {
		words = append(words, "crt", certFile)
	}
	if len(p.alpn) > 0 {
		words = append(words, "alpn", strings.Join(p.alpn, ","))
	}
	return words
}
