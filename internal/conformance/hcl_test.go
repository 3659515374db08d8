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
	"github.com/hashicorp/hcl/hcl/token"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// odd are texts in which HCL, JSON or a template sees more than characters.
var odd = []string{
	`"`, `\`, `\"`, `\n`, "two\nlines", "a tab\t", "$", "${", "${a", "${a}", `${"a"}`, "$${a}", "%{ if }", "#", "//", "/* x", "<<EOF", "größe", "<&>", "\u2028", "{", "}", "'", "`", " ",
}

// configOf gives a generated file of a pod.
func configOf(t *testing.T, p pattern.PodBuilder, file string) string {
	t.Helper()
	objects, err := p.Objects()
	require.NoError(t, err)
	for _, o := range objects {
		if m, ok := o.(*corev1.ConfigMap); ok && m.Data[file] != "" {
			return m.Data[file]
		}
	}
	require.Fail(t, "no file "+file)
	return ""
}

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

// spiffeConfig is what spiffe-helper reads.
// upstream: spiffe/spiffe-helper v0.11.0 cmd/spiffe-helper/config/config.go.
type spiffeConfig struct {
	AgentAddress            string `hcl:"agent_address"`
	CertDir                 string `hcl:"cert_dir"`
	CertFileMode            int    `hcl:"cert_file_mode"`
	KeyFileMode             int    `hcl:"key_file_mode"`
	JWTSVIDFileMode         int    `hcl:"jwt_svid_file_mode"`
	IncludeFederatedDomains bool   `hcl:"include_federated_domains"`
	DaemonMode              *bool  `hcl:"daemon_mode"`
	Hint                    string `hcl:"hint"`
	SVIDFilename            string `hcl:"svid_file_name"`
	SVIDKeyFilename         string `hcl:"svid_key_file_name"`
	SVIDBundleFilename      string `hcl:"svid_bundle_file_name"`
	HealthCheck             struct {
		ListenerEnabled bool   `hcl:"listener_enabled"`
		BindPort        int    `hcl:"bind_port"`
		LivenessPath    string `hcl:"liveness_path"`
		ReadinessPath   string `hcl:"readiness_path"`
	} `hcl:"health_checks"`
	JWTSVIDs []struct {
		JWTAudience     string                 `hcl:"jwt_audience"`
		JWTSVIDFilename string                 `hcl:"jwt_svid_file_name"`
		Unused          map[string][]token.Pos `hcl:",unusedKeyPositions"`
	} `hcl:"jwt_svids"`
	Unused map[string][]token.Pos `hcl:",unusedKeyPositions"`
}

func spiffeHelper(config string) (c spiffeConfig, err error) {
	if err := hcl.Decode(&c, config); err != nil {
		return c, err
	}
	switch {
	case len(c.Unused) > 0:
		return c, fmt.Errorf("unknown top level key(s): %v", c.Unused)
	case c.SVIDFilename == "" || c.SVIDKeyFilename == "" || c.SVIDBundleFilename == "":
		return c, errors.New("all or none of the three files must be specified")
	case c.AgentAddress == "" || c.CertDir == "":
		return c, errors.New("no socket or no folder")
	case c.CertFileMode&0o600 != 0o600 || c.KeyFileMode&0o600 != 0o600:
		return c, errors.New("it can't write the files again")
	case !c.HealthCheck.ListenerEnabled || c.HealthCheck.BindPort == 0:
		return c, errors.New("the kubelet asks nobody")
	}
	for _, j := range c.JWTSVIDs {
		if j.JWTAudience == "" || j.JWTSVIDFilename == "" || len(j.Unused) > 0 {
			return c, errors.New("'jwt_audience' and 'jwt_svid_file_name' are required in 'jwt_svids'")
		}
	}
	return c, nil
}

func TestSPIFFEHelperTakesTheConfiguration(t *testing.T) {
	for _, u := range catalogue.Uses() {
		if u.Helper != "sidecar.SPIFFEHelper" {
			continue
		}
		good := configOf(t, catalogue.Pod(u), "helper.conf")
		_, err := spiffeHelper(good)
		require.NoError(t, err, good)
		for old, wrong := range map[string]string{
			"svid_file_name": "svid_filename", `"svid.pem"`: `svid.pem"`, "health_checks {": "health_checks", "cert_file_mode = 0644": "cert_file_mode = 0444",
			"listener_enabled = true": "listener_enabled = false",
		} {
			require.Contains(t, good, old)
			_, err := spiffeHelper(strings.Replace(good, old, wrong, 1))
			require.Error(t, err, wrong)
		}
	}
}

// What users give comes out as it went in, modes in octal.
func TestSPIFFEHelperQuotes(t *testing.T) {
	for _, text := range odd {
		if strings.ContainsAny(text, "\n\t") {
			continue
		}
		p := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithSidecar(sidecar.SPIFFEHelper(pattern.EmptyDir("certs"), sidecar.SPIFFEHelperOptions{
			AppPath: "/run/spiffe", Hint: text, JWTs: []sidecar.SPIFFEToken{{Audience: text, File: "a.jwt"}, {Audience: "b" + text, File: "b.jwt"}}, KeyMode: 0o640,
		}))
		c, err := spiffeHelper(configOf(t, p, "helper.conf"))
		require.NoError(t, err, text)
		require.Equal(t, text, c.Hint)
		require.Len(t, c.JWTSVIDs, 2)
		require.Equal(t, text, c.JWTSVIDs[0].JWTAudience)
		require.Equal(t, "b.jwt", c.JWTSVIDs[1].JWTSVIDFilename)
		require.Equal(t, 0o640, c.KeyFileMode)
		require.Equal(t, 0o640, c.JWTSVIDFileMode)
		require.Equal(t, 0o644, c.CertFileMode)
	}
}
