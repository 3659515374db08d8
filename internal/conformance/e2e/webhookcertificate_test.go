package e2e_test

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
)

// injectorHost is the name by which the API server calls the webhook.
const injectorHost = injector + "." + injector + ".svc"

// certified gives the Secret that the manifests ask cert-manager for, with a certificate
// and a key that are new.
func certified(s *space, a *issuer) *corev1.Secret {
	s.Helper()
	out := &corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: metav1.ObjectMeta{Name: injector + "-tls", Namespace: injector},
		Type:       corev1.SecretTypeTLS, Data: map[string][]byte{},
	}
	for key, value := range a.issue(s.T, "", injectorHost) {
		out.Data[key] = []byte(value)
	}
	return out
}

// shows gives the certificate that a replica shows now, as it stands in the Secret, or why
// the API server would not believe it.
func (s *space) shows(a *issuer, pod string) string {
	s.Helper()
	transport, upgrader, err := spdy.RoundTripperFor(s.config)
	require.NoError(s, err)
	u := s.CoreV1().RESTClient().Post().Resource("pods").Namespace(s.name).Name(pod).SubResource("portforward").URL()
	stop, ready, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	defer close(stop)
	f, err := portforward.New(spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, u), []string{"0:8443"}, stop, ready, io.Discard, io.Discard)
	require.NoError(s, err)
	go func() { ended <- f.ForwardPorts() }()
	select {
	case <-ready:
	case err := <-ended:
		require.NoError(s, err, "port 8443 of %s", pod)
	}
	ports, err := f.GetPorts()
	require.NoError(s, err)
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", fmt.Sprintf("127.0.0.1:%d", ports[0].Local), &tls.Config{RootCAs: a.Pool(), ServerName: injectorHost})
	if err != nil {
		return fmt.Sprintf("%s: %s", pod, err)
	}
	defer c.Close()
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.ConnectionState().PeerCertificates[0].Raw}))
}
