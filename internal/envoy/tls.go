package envoy

// ClientTLS is TLS to a server, whose certificate is verified.
type ClientTLS struct {
	ServerName  string // "" is the name of each host
	CA          string // file
	Certificate bool   // shown by the client, from the files of [CertificateFile]
}

// ServerTLS is TLS to clients.
type ServerTLS struct {
	ClientCA bool // clients must have a certificate of [CAFile]
}

// The configuration, alone in its folder so that another can take its place, and the
// files beside it. Those say only where the true certificates are: Envoy watches them,
// and takes a renewed certificate without a restart, which it doesn't where they stand
// in envoy.yaml.
const (
	ConfigFile      = "/etc/envoy/envoy.yaml"
	CertificateFile = "/etc/envoy-tls/certificate.yaml"
	CAFile          = "/etc/envoy-tls/ca.yaml"
	SystemCA        = "/etc/ssl/certs/ca-certificates.crt"
)

// object has the peer verified: without a validation context Envoy takes any
// certificate, and without the last line one for any name.
func (t ClientTLS) object() object {
	common := object{"tls_params": object{"tls_minimum_protocol_version": "TLSv1_2"}}
	if t.CA == SystemCA {
		common["validation_context"] = object{"trusted_ca": object{"filename": SystemCA}}
	} else {
		common["validation_context_sds_secret_config"] = source("ca", CAFile)
	}
	if t.Certificate {
		common["tls_certificate_sds_secret_configs"] = []any{source("certificate", CertificateFile)}
	}
	o := object{"common_tls_context": common, "auto_sni_san_validation": true}
	if t.ServerName != "" {
		o["sni"] = t.ServerName
	} else {
		o["auto_host_sni"] = true
	}
	return extension("envoy.transport_sockets.tls", "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", o)
}

func (t ServerTLS) object() object {
	common := object{
		"tls_params":                         object{"tls_minimum_protocol_version": "TLSv1_2"},
		"alpn_protocols":                     []any{"h2", "http/1.1"},
		"tls_certificate_sds_secret_configs": []any{source("certificate", CertificateFile)},
	}
	if t.ClientCA {
		common["validation_context_sds_secret_config"] = source("ca", CAFile)
	}
	o := object{"common_tls_context": common}
	if t.ClientCA {
		o["require_client_certificate"] = true
	}
	return extension("envoy.transport_sockets.tls", "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext", o)
}

func source(name, file string) object {
	return object{"name": name, "sds_config": object{"resource_api_version": "V3", "path_config_source": object{"path": file}}}
}

// Certificate gives the content of [CertificateFile] for tls.crt and tls.key in a
// folder. The folder of a Secret is replaced as a whole, and so it is what is watched.
func Certificate(folder string) string {
	return secret("certificate", "tls_certificate", object{
		"certificate_chain": object{"filename": folder + "/tls.crt"},
		"private_key":       object{"filename": folder + "/tls.key"},
		"watched_directory": object{"path": folder},
	})
}

// CA gives the content of [CAFile] for ca.crt in a folder.
func CA(folder string) string {
	return secret("ca", "validation_context", object{
		"trusted_ca":        object{"filename": folder + "/ca.crt"},
		"watched_directory": object{"path": folder},
	})
}

func secret(name, kind string, content object) string {
	return write(object{"resources": []any{object{
		"@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret", "name": name, kind: content,
	}}})
}
