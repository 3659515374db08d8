package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/rest"
)

// variables gives the environment of a container's first process.
func (s *space) variables(pod, container string) map[string]string {
	s.Helper()
	out := map[string]string{}
	for _, line := range strings.Split(s.run(pod, container, "env"), "\n") {
		if name, value, found := strings.Cut(line, "="); found {
			out[name] = value
		}
	}
	return out
}

// asks sends the API server a request about the namespace with a token and nothing else,
// and gives the answer's code and the names of the objects in it.
func (s *space) asks(token, method, path string) string {
	s.Helper()
	config := rest.AnonymousClientConfig(s.config)
	config.BearerToken = token
	client, err := rest.HTTPClientFor(config)
	require.NoError(s, err)
	request, err := http.NewRequestWithContext(s.ctx, method, s.config.Host+"/api/v1/namespaces/"+s.name+"/"+path, bytes.NewReader(nil))
	require.NoError(s, err)
	answer, err := client.Do(request)
	require.NoError(s, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	require.NoError(s, err)
	var list corev1.ConfigMapList
	require.NoError(s, json.Unmarshal(raw, &list))
	text := fmt.Sprint(answer.StatusCode)
	for _, o := range list.Items {
		text += " " + o.Name
	}
	return text
}
