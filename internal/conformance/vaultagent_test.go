package conformance_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/ast"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// vaultConfig is what the agent reads, with its names.
// upstream: hashicorp/vault-k8s agent-inject/agent/config.go, which writes the same in
// JSON; hashicorp/vault command/agent/config/config.go, which reads it.
type vaultConfig struct {
	AutoAuth *struct {
		Method struct {
			Type      string `json:"type"`
			MountPath string `json:"mount_path"`
			Namespace string `json:"namespace"`
			Config    struct {
				Role      string `json:"role"`
				TokenPath string `json:"token_path"`
			} `json:"config"`
			ExitOnErr bool `json:"exit_on_err"`
		} `json:"method"`
	} `json:"auto_auth"`
	ExitAfterAuth bool   `json:"exit_after_auth"`
	PidFile       string `json:"pid_file"`
	Vault         struct {
		Address       string `json:"address"`
		CACert        string `json:"ca_cert"`
		TLSSkipVerify bool   `json:"tls_skip_verify"`
		TLSServerName string `json:"tls_server_name"`
	} `json:"vault"`
	Templates []struct {
		Destination   string `json:"destination"`
		Contents      string `json:"contents"`
		LeftDelim     string `json:"left_delimiter"`
		RightDelim    string `json:"right_delimiter"`
		Perms         string `json:"perms"`
		ErrMissingKey bool   `json:"error_on_missing_key"`
	} `json:"template"`
	TemplateConfig struct {
		ExitOnRetryFailure         bool   `json:"exit_on_retry_failure"`
		StaticSecretRenderInterval string `json:"static_secret_render_interval"`
	} `json:"template_config"`
}

// vaultAgent refuses what the agent refuses, as far as its types and rules are known
// here, and gives the templates as HCL reads them.
func vaultAgent(config string) ([]string, error) {
	var c vaultConfig
	d := json.NewDecoder(strings.NewReader(config))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, err
	}
	read, err := templatesOf(config)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Vault.Address == "":
		return nil, errors.New("no address")
	case c.AutoAuth == nil || c.AutoAuth.Method.Type != "kubernetes" || c.AutoAuth.Method.Config.Role == "":
		return nil, errors.New("missing 'role' value")
	case len(c.Templates) == 0 || len(read) != len(c.Templates):
		return nil, errors.New("auto_auth requires at least one sink or at least one template")
	}
	var contents []string
	for i, t := range c.Templates {
		if t.Contents != read[i] {
			return nil, fmt.Errorf("HCL reads %q where JSON has %q", read[i], t.Contents)
		}
		if t.Destination == "" || !regexp.MustCompile(`^[0-7]{3,4}$`).MatchString(t.Perms) {
			return nil, errors.New("a template without destination or mode")
		}
		contents = append(contents, read[i])
	}
	return contents, nil
}

// templatesOf gives the contents of the templates, read as the agent reads them.
func templatesOf(config string) ([]string, error) {
	file, err := hcl.Parse(config)
	if err != nil {
		return nil, err
	}
	var contents []string
	for _, item := range file.Node.(*ast.ObjectList).Filter("template").Items {
		var t map[string]any
		if err := hcl.DecodeObject(&t, item.Val); err != nil {
			return nil, err
		}
		text, _ := t["contents"].(string)
		contents = append(contents, text)
	}
	return contents, nil
}

func TestVaultAgentTakesTheConfiguration(t *testing.T) {
	for _, u := range catalogue.Uses() {
		if u.Helper != "sidecar.VaultAgent" && u.Helper != "initc.VaultInit" {
			continue
		}
		good := configOf(t, catalogue.Pod(u), "config.json")
		_, err := vaultAgent(good)
		require.NoError(t, err)
		require.Equal(t, u.Helper == "initc.VaultInit", strings.Contains(good, `"exit_after_auth": true`))
		for old, wrong := range map[string]string{
			`"template"`: `"templates"`, `"role"`: `"rolle"`, `"0644"`: `"rw"`, `"kubernetes"`: `"k8s"`, `"https://`: `https://`,
		} {
			require.Contains(t, good, old)
			_, err := vaultAgent(strings.Replace(good, old, wrong, 1))
			require.Error(t, err, wrong)
		}
	}
}

// No text in a template is more than a text.
func TestVaultAgentQuotes(t *testing.T) {
	var inits []initc.VaultTemplate
	var agents []sidecar.VaultTemplate
	var want []string
	for i, text := range odd {
		contents := text + " {{ with secret \"secret/data/a\" }}" + text + " {{ end }}"
		want = append(want, contents)
		agents = append(agents, sidecar.VaultTemplate{File: fmt.Sprintf("f%d", i), Contents: contents})
		inits = append(inits, initc.VaultTemplate{File: fmt.Sprintf("f%d", i), Contents: contents})
	}
	web := pattern.Pod("web").WithApp(pattern.App("web", "web:1"))
	for _, p := range []pattern.PodBuilder{
		web.WithSidecar(sidecar.VaultAgent("https://vault:8200", "web", agents)),
		web.WithInit(initc.VaultInit("https://vault:8200", "web", inits)),
	} {
		got, err := vaultAgent(configOf(t, p, "config.json"))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}
