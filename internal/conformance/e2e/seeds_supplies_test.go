package e2e_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"time"

	"github.com/podpattern/podpattern/pattern"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
)

// seedPostgres is a PostgreSQL behind a Service of its name.
func seedPostgres(name string) []pattern.Object {
	pod := pattern.Pod(name).Label("app", name).TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("postgres", "docker.io/library/postgres:15").Ports(5432).RunAsUser(999).
			Env("POSTGRES_PASSWORD", "tutorial").
			ReadinessProbe(pattern.Exec("pg_isready", "-h", "127.0.0.1").PeriodSeconds(1)))
	return []pattern.Object{pod, pod.Service()}
}

// seedServer is a pod with an HTTP server behind a Service of its name.
func seedServer(name, image string, port int, script string) []pattern.Object {
	c := pattern.App("server", image).Ports(port).ReadinessProbe(pattern.TCPSocket(port).PeriodSeconds(1))
	if script != "" {
		c = c.Shell(script)
	}
	pod := pattern.Pod(name).Label("app", name).TerminationGracePeriodSeconds(1).WithApp(c)
	return []pattern.Object{pod, pod.Service()}
}

// get asks a port of a pod by way of the API server.
func (s *space) get(pod, port, path string) (string, error) {
	out, err := s.CoreV1().Pods(s.name).ProxyGet("http", pod, port, path, nil).DoRaw(s.ctx)
	return string(out), err
}

// answers waits for a port of a pod to answer with a text.
func (s *space) answers(pod, port, path, part string) {
	s.Helper()
	s.until(pod+":"+port+path+" to answer "+part, waitLong, func() (bool, string) {
		out, err := s.get(pod, port, path)
		return err == nil && strings.Contains(out, part), out
	})
}

// scraped waits for a pod to serve a metric, and gives what Prometheus' parser makes of
// the whole answer.
func (s *space) scraped(pod, port, path, metric string) map[string]*dto.MetricFamily {
	s.Helper()
	var families map[string]*dto.MetricFamily
	s.until("metric "+metric, waitLong, func() (bool, string) {
		text, err := s.get(pod, port, path)
		if err != nil {
			return false, err.Error()
		}
		families = s.parsed(text)
		return families[metric] != nil, text
	})
	return families
}

// parsed is what Prometheus' parser makes of a text.
func (s *space) parsed(text string) map[string]*dto.MetricFamily {
	s.Helper()
	p := expfmt.NewTextParser(model.LegacyValidation)
	families, err := p.TextToMetricFamilies(strings.NewReader(text))
	require.NoError(s, err, text)
	return families
}

// seedCertificate is a certificate and key for names, in PEM, signed by itself.
func seedCertificate(s *space, names ...string) (cert, key string) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(s, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(s, err)
	raw, err := x509.MarshalECPrivateKey(private)
	require.NoError(s, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: raw}))
}
