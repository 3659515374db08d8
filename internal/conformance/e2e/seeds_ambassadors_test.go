package e2e_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

func suppliesHAProxy(s *space) {
	s.apply(append(seedPostgres("postgres"), pattern.ConfigMap("haproxy-config").Data("haproxy.cfg", `global
  log stdout format raw local0
defaults
  mode tcp
  log global
  option tcplog
  timeout connect 5s
  timeout client 1m
  timeout server 1m
listen db
  bind 127.0.0.1:5432
  server primary postgres:5432
`))...)
	s.ready("postgres")
}

func reachesDatabaseOverHAProxy(s *space, pod string) string {
	s.allRunning(pod)
	s.prints(pod, "application", "^database answers at localhost:5432$")
	s.prints(pod, "db-ambassador", "db/primary")
	return "the app had an answer of PostgreSQL at localhost:5432, and HAProxy logged the connection"
}

func suppliesEnvoy(s *space) {
	s.apply(pattern.ConfigMap("envoy-configuration").Data("envoy.yaml", `admin:
  address:
    socket_address:
      address: 0.0.0.0
      port_value: 9901
`))
}

func adminPortIsUp(s *space, pod string) string {
	s.allRunning(pod)
	s.answers(pod, "8080", "/", "myapp")
	s.answers(pod, "9901", "/ready", "LIVE")
	return "the app answered, and the stand-in of Envoy on the port of its ConfigMap"
}

func suppliesCloudSQL(s *space) {
	s.apply(seedPostgres("cloud-sql")...)
	s.ready("cloud-sql")
}

func reachesDatabaseOverProxy(s *space, pod string) string {
	s.allRunning(pod)
	s.prints(pod, "application", "^database answers at 127.0.0.1:5432$")
	user := s.run(pod, "cloud-sql-proxy", "id", "-u")
	require.NotEqual(s, "0\n", user)
	return fmt.Sprintf("the app had an answer of PostgreSQL at 127.0.0.1:5432, by way of the proxy's stand-in, which ran as uid %.5s", user)
}

// suppliesCertificate also brings a client that has the certificate to check with.
func suppliesCertificate(s *space) {
	cert, key := seedCertificate(s, "ambassador-proxy")
	authority := pattern.ConfigMap("authority").Data("ca.crt", cert)
	s.apply(pattern.Secret("tls-proxy").Data("tls.crt", cert).Data("tls.key", key), authority,
		pattern.Pod("client").TerminationGracePeriodSeconds(1).
			WithApp(pattern.App("curl", "curlimages/curl:latest").Shell("exec sleep 3600").Mount(authority.Volume("authority"), "/authority")))
}

func speaksTLS(s *space, pod string) string {
	p := s.allRunning(pod)
	s.ready("client")
	curl := []string{"curl", "-sS", "-w", "\n%{http_code} verified %{ssl_verify_result} over %{scheme}\n", "--cacert", "/authority/ca.crt"}
	s.yields("client", "curl", `(?s)Welcome to nginx!.*\n200 verified 0 over HTTPS\n`, append(curl, "https://ambassador-proxy/")...)
	s.yields("client", "curl", `^\* .*TLSv1\.[23]`, append(curl, "-v", "https://ambassador-proxy/")...)

	out, err := s.exec("client", "curl", "curl", "-sS", "https://ambassador-proxy/")
	require.ErrorContains(s, err, "exit code 60", "%s: an unknown authority", out)
	out, err = s.exec("client", "curl", append(curl, "--connect-to", "::ambassador-proxy:443", "https://another-name/")...)
	require.ErrorContains(s, err, "exit code 60", "%s: another name", out)
	out, err = s.exec("client", "curl", append(curl, "http://"+p.Status.PodIP+":8443/")...)
	require.NoError(s, err)
	require.Contains(s, out, "400 verified", "no plain HTTP on this port")
	s.answers(pod, "80", "/", "Welcome to nginx!")
	return "curl verified the certificate on 443 and refused it for another name and without the authority; the app's port 80 spoke plain HTTP"
}
