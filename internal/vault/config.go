package vault

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
)

// config gives the agent's configuration, in JSON, as vault-k8s writes it: HCL's own
// strings can't have every text in them.
func (a Agent) config(ca bool) string {
	server := map[string]any{"address": a.Address}
	if ca {
		server["ca_cert"] = "/vault/tls/ca.crt"
	}
	var templates []any
	for _, t := range a.Templates {
		templates = append(templates, map[string]any{
			"destination": secrets + "/" + t.File, "contents": t.Contents, "perms": fmt.Sprintf("%04o", opt.Or(t.Mode, 0o644)),
			"error_on_missing_key": true, "left_delimiter": "{{", "right_delimiter": "}}",
		})
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(map[string]any{
		"exit_after_auth": a.Once,
		"vault":           server,
		"auto_auth": map[string]any{"method": map[string]any{
			"type": "kubernetes", "mount_path": "auth/" + opt.Or(a.Mount, "kubernetes"),
			"config": map[string]any{"role": a.Role, "token_path": tokenPath + "/token"},
		}},
		"template_config": map[string]any{
			"exit_on_retry_failure": true, "static_secret_render_interval": strconv.Itoa(opt.Or(a.Refresh, 300)) + "s",
		},
		"template": templates,
	}); err != nil { // strings and maps only: they can always be written
		return ""
	}
	return b.String()
}
