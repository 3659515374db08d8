package conformance_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/token"
	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

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
