package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const curlImage = "docker.io/curlimages/curl:8.21.0"

// replaces puts another certificate into a Secret, all files at once, and touches a pod
// so that the kubelet need not be waited for a minute.
func (s *space) replaces(secret string, data map[string]string, pod string) {
	s.Helper()
	patch, err := json.Marshal(map[string]any{"stringData": data})
	require.NoError(s, err)
	_, err = s.CoreV1().Secrets(s.name).Patch(s.ctx, secret, types.MergePatchType, patch, metav1.PatchOptions{})
	require.NoError(s, err)
	touch := []byte(`{"metadata":{"annotations":{"touched":"` + time.Now().Format(time.RFC3339Nano) + `"}}}`)
	_, err = s.CoreV1().Pods(s.name).Patch(s.ctx, pod, types.MergePatchType, touch, metav1.PatchOptions{})
	require.NoError(s, err)
}

// client is a pod with curl and the files of Secrets, each in a folder of its name.
func client(name string, secrets ...string) pattern.PodBuilder {
	app := pattern.App("curl", curlImage).Command("sh", "-c", `trap 'exit 0' TERM; sleep 100000 & wait`)
	for _, secret := range secrets {
		app = app.Reads(pattern.Secret(secret).Volume(secret).Mode(0o444), "/"+secret)
	}
	return pattern.Pod(name).TerminationGracePeriodSeconds(1).WithApp(app)
}

// Clients of the Service speak TLS, verified by the CA; nobody reaches the app past the
// proxy, and a new certificate is used without a restart.
func TestTLSEndsBeforeTheApp(t *testing.T) {
	s, start, authority, stranger := newSpace(t), time.Now(), newAuthority(t), newAuthority(t)
	web := pattern.Pod("web").Label("app", "web").TerminationGracePeriodSeconds(7).WithApp(slow()).
		WithAmbassador(ambassador.TLS(8080, pattern.Secret("web-tls").Volume("certificate"), ambassador.TLSOptions{ReloadSeconds: 1}))
	s.apply(authority.secret(t, "web-tls", "web"), stranger.secret(t, "stranger", "web"), web, web.Service(), client("client", "web-tls", "stranger"))
	address := s.ready("web").Status.PodIP
	s.ready("client")
	ask := func(args ...string) (string, error) {
		return s.exec("client", "curl", append([]string{"curl", "-sS", "-v", "--max-time", "10"}, args...)...)
	}
	s.yields("client", "curl", "HTTP", "curl", "-sSkI", "https://web:8443/") // the node knows the Service
	out, err := ask("--cacert", "/web-tls/ca.crt", "https://web:8443/")
	require.NoError(t, err, out)
	require.Contains(t, out, "fast")
	require.Contains(t, out, "TLSv1.3")
	out, err = ask("--cacert", "/stranger/ca.crt", "https://web:8443/")
	require.Error(t, err)
	require.Contains(t, out, "certificate")
	out, _ = ask("http://web:8443/")
	require.Contains(t, out, "400 Bad Request", "what is not TLS")
	out, err = ask("http://" + address + ":8080/")
	require.Error(t, err, "the app past the proxy: %s", out)

	s.replaces("web-tls", authority.issue(t, "renewed", "web"), "web")
	replaced := time.Now()
	s.yields("client", "curl", `subject: CN=renewed`, "curl", "-sS", "-v", "--cacert", "/web-tls/ca.crt", "https://web:8443/")
	took := time.Since(replaced)
	p := s.ready("web")
	require.Zero(t, status(p, "tls").RestartCount+status(p, "app").RestartCount)
	s.observed(start, "nginx ended TLS 1.3 before the app, which nobody reached past it; a client with another CA refused the certificate; a renewed one was shown %.0f s after its Secret changed, without a restart", took.Seconds())
}

// Two ambassadors are both ends of mutual TLS: the apps talk in plain text on localhost.
// A client with a certificate of another name or CA, or none, gets nothing.
func TestMutualTLSBetweenPods(t *testing.T) {
	s, start, authority, stranger := newSpace(t), time.Now(), newAuthority(t), newAuthority(t)
	api := pattern.Pod("api").Label("app", "api").TerminationGracePeriodSeconds(7).WithApp(slow()).
		WithAmbassador(ambassador.MTLSServer(8080, pattern.Secret("api").Volume("certificate"), ambassador.MTLSServerOptions{AllowCommonNames: []string{"web"}}))
	s.apply(authority.secret(t, "api", "api"), authority.secret(t, "web", "web"), authority.secret(t, "other", "other"), stranger.secret(t, "stranger", "web"), api, api.Service())
	calls := func(secret, upstream string) pattern.PodBuilder {
		return client("with-" + secret + strings.Split(upstream, ":")[0]).TerminationGracePeriodSeconds(6).
			WithAmbassador(ambassador.MTLS("api", upstream, pattern.Secret(secret).Volume("certificate")))
	}
	shortcut := pattern.Raw(alias("alias", "api"))
	s.apply(shortcut, calls("web", "api:8443"), calls("other", "api:8443"), calls("stranger", "api:8443"), calls("web", "alias:8443"), client("plain", "web"))
	p := s.ready("api")
	for _, name := range []string{"with-webapi", "with-otherapi", "with-strangerapi", "with-webalias", "plain"} {
		s.ready(name)
	}
	ask := []string{"sh", "-c", `curl -sS --max-time 10 "http://$API_HOST:$API_PORT/" 2>&1 && echo good || echo refused`}
	s.yields("with-webapi", "curl", `^fast\ngood`, ask...)
	for pod, why := range map[string]string{
		"with-otherapi":    "another common name",
		"with-strangerapi": "a certificate of another CA",
		"with-webalias":    "a server of another name than the certificate's",
	} {
		require.Contains(t, s.run(pod, "curl", ask...), "refused", why)
	}
	for _, args := range []string{"http://api:8443/", "-k https://api:8443/", "http://" + p.Status.PodIP + ":8080/"} {
		out, err := s.exec("plain", "curl", "sh", "-c", "curl -sS --max-time 10 "+args)
		require.Error(t, err, "without a certificate, by %s: %s", args, out)
	}

	s.replaces("api", authority.issue(t, "renewed", "api"), "api")
	replaced := time.Now()
	s.yields("plain", "curl", `subject: CN=renewed`, "curl", "-sS", "-v", "--cacert", "/web/ca.crt", "--cert", "/web/tls.crt", "--key", "/web/tls.key", "https://api:8443/")
	took := time.Since(replaced)
	s.yields("with-webapi", "curl", `^fast\ngood`, ask...)
	p = s.ready("api")
	require.Zero(t, status(p, "mtls").RestartCount+status(p, "app").RestartCount)
	s.observed(start, "the app reached the other pod's app in plain text on localhost, by mutual TLS between the pods; another name, another CA, no certificate and a server of another name were refused; a renewed certificate was shown %.0f s after its Secret changed, without a restart", took.Seconds())
}
