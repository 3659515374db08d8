package e2e_test

import (
	"crypto/x509"
	"testing"

	"github.com/podpattern/podpattern/internal/authority"
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// issuer issues certificates to the two ends of a connection.
type issuer struct{ *authority.Authority }

func newAuthority(t *testing.T) *issuer { return &issuer{authority.New(t)} }

// issue gives a certificate for a common name and the DNS name host, as the data of a
// Secret of cert-manager.
func (a *issuer) issue(t *testing.T, name, host string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for key, text := range a.Issue(t, name, x509.Certificate{DNSNames: []string{host}}) {
		out[key] = string(text)
	}
	return out
}

// secret gives a Secret of that name with a certificate for the DNS name host.
func (a *issuer) secret(t *testing.T, name, host string) pattern.SecretBuilder {
	t.Helper()
	secret := pattern.Secret(name)
	for key, value := range a.issue(t, name, host) {
		secret = secret.Data(key, value)
	}
	return secret
}

// alias is a Service of another name for the same pods.
func alias(name, app string) *corev1.Service {
	return &corev1.Service{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}, ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: corev1.ServiceSpec{Selector: map[string]string{"app": app}, Ports: []corev1.ServicePort{{Port: 8443, TargetPort: intstr.FromString("https")}}},
	}
}
