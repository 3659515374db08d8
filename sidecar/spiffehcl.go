package sidecar

import (
	"fmt"
	"strconv"
	"strings"
)

// config gives helper.conf, which is HCL.
func (o SPIFFEHelperOptions) config(port int) string {
	var b strings.Builder
	set := func(name, value string) { fmt.Fprintf(&b, "%s = %s\n", name, value) }
	set("agent_address", hcl("/spiffe-workload-api/"+o.AgentSocket))
	set("cert_dir", hcl("/certs"))
	set("daemon_mode", "true")
	set("svid_file_name", hcl(o.CertFile))
	set("svid_key_file_name", hcl(o.KeyFile))
	set("svid_bundle_file_name", hcl(o.BundleFile))
	set("cert_file_mode", "0644")
	set("key_file_mode", fmt.Sprintf("0%o", o.KeyMode))
	set("include_federated_domains", strconv.FormatBool(o.FederatedDomains))
	if o.Hint != "" {
		set("hint", hcl(o.Hint))
	}
	if len(o.JWTs) > 0 {
		set("jwt_svid_file_mode", fmt.Sprintf("0%o", o.KeyMode))
		var tokens []string
		for _, t := range o.JWTs {
			tokens = append(tokens, fmt.Sprintf("  { jwt_audience = %s, jwt_svid_file_name = %s }", hcl(t.Audience), hcl(t.File)))
		}
		set("jwt_svids", "[\n"+strings.Join(tokens, ",\n")+"\n]")
	}
	fmt.Fprintf(&b, "health_checks {\n  listener_enabled = true\n  bind_port = %d\n  liveness_path = \"/live\"\n  readiness_path = \"/ready\"\n}\n", port)
	return b.String()
}

// hcl quotes a text of one line. HCL takes ${ for the start of an expression.
func hcl(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\u0024{`).Replace(text) + `"`
}
