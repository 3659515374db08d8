package conformance_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// configSync refuses what k8s-sidecar would not know, or not start with.
// upstream: kiwigrid/k8s-sidecar 2.10.1 README.md, src/sidecar.py.
func configSync(env map[string]string) error {
	known := strings.Fields(`LABEL LABEL_VALUE FOLDER FOLDER_ANNOTATION NAMESPACE RESOURCE RESOURCE_NAME METHOD SLEEP_TIME REQ_URL REQ_METHOD REQ_PAYLOAD
		REQ_RETRY_TOTAL REQ_RETRY_CONNECT REQ_RETRY_READ REQ_RETRY_BACKOFF_FACTOR REQ_TIMEOUT REQ_USERNAME_FILE REQ_PASSWORD_FILE REQ_SKIP_INIT SCRIPT
		ERROR_THROTTLE_SLEEP UNIQUE_FILENAMES DEFAULT_FILE_MODE WATCH_SERVER_TIMEOUT WATCH_CLIENT_TIMEOUT IGNORE_ALREADY_PROCESSED LOG_LEVEL LOG_FORMAT
		LOG_TZ LOG_CONFIG HEALTH_PORT HEALTH_HOST`)
	for name := range env {
		if !slices.Contains(known, name) {
			return errors.New("unknown variable " + name)
		}
	}
	for name, pattern := range map[string]string{
		"LABEL": "^.+$", "FOLDER": "^/", "RESOURCE": "^(configmap|secret|both)$", "METHOD": "^WATCH$", "REQ_METHOD": "^(|GET|POST)$",
		"UNIQUE_FILENAMES": "^(|true)$", "REQ_SKIP_INIT": "^(|true)$", "HEALTH_PORT": "^[0-9]+$",
	} {
		if !regexp.MustCompile(pattern).MatchString(env[name]) {
			return fmt.Errorf("%s is %q", name, env[name])
		}
	}
	if env["REQ_URL"] != "" && env["REQ_SKIP_INIT"] == "" {
		return errors.New("it waits for the app, which waits for it")
	}
	return nil
}

func TestConfigSyncSetsTheVariables(t *testing.T) {
	for name, c := range usesOf(t, "sidecar.ConfigSync") {
		require.NoError(t, configSync(c.env), name)
		for variable, value := range map[string]string{"LABELS": "x", "RESOURCE": "configmaps", "METHOD": "LIST", "FOLDER": "", "REQ_METHOD": "PUT", "HEALTH_PORT": ""} {
			env := map[string]string{variable: value}
			for k, v := range c.env {
				if k != variable {
					env[k] = v
				}
			}
			require.Error(t, configSync(env), variable)
		}
	}
	require.Error(t, configSync(map[string]string{"LABEL": "x", "FOLDER": "/x", "RESOURCE": "both", "METHOD": "WATCH", "HEALTH_PORT": "1", "REQ_URL": "http://127.0.0.1"}))
}
