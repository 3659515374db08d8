package main

import (
	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	// certificateSecret is where cert-manager puts the webhook's certificate.
	certificateSecret = name + "-tls"
	// authority is the name of what signs it.
	authority = name + "-ca"
)

// certificates ask cert-manager for a certificate for the names of the Service, which is
// renewed, with a new key, a third of its time before its end. It comes from an authority
// of its own, and not from its own key: so the caBundle stays the same, and the API server
// believes the old certificate while the kubelet brings the new one to the pods.
// docs: cert-manager.io/docs/configuration/selfsigned, cert-manager.io/docs/usage/certificate
func certificates() []pattern.Object {
	return []pattern.Object{
		certManager("Issuer", authority, map[string]any{"selfSigned": map[string]any{}}),
		certManager("Certificate", authority, map[string]any{
			"isCA":       true,
			"commonName": authority,
			"secretName": authority,
			"duration":   "87600h",
			"privateKey": map[string]any{"algorithm": "ECDSA", "size": int64(256)},
			"issuerRef":  map[string]any{"kind": "Issuer", "name": authority},
		}),
		certManager("Issuer", name, map[string]any{"ca": map[string]any{"secretName": authority}}),
		certManager("Certificate", name, map[string]any{
			"secretName": certificateSecret,
			"dnsNames":   []any{name + "." + namespace + ".svc"},
			"duration":   "2160h",
			"usages":     []any{"digital signature", "server auth"},
			"privateKey": map[string]any{"algorithm": "ECDSA", "size": int64(256), "rotationPolicy": "Always"},
			"issuerRef":  map[string]any{"kind": "Issuer", "name": name},
		}),
	}
}

func certManager(kind, name string, spec map[string]any) pattern.Object {
	return pattern.Raw(&unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "cert-manager.io/v1",
		"kind":       kind,
		"metadata":   map[string]any{"name": name, "namespace": namespace},
		"spec":       spec,
	}})
}
