package e2e_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// mentioned are the Secrets and ConfigMaps that a pod names, with the keys that it names.
type mentioned struct {
	kind, name string
	keys       []string
}

// mentions gives those that a pod names, the optional ones too.
func mentions(spec *corev1.PodSpec) []mentioned {
	var out []mentioned
	add := func(kind, name string, keys ...string) { out = append(out, mentioned{kind, name, keys}) }
	paths := func(items []corev1.KeyToPath) (keys []string) {
		for _, i := range items {
			keys = append(keys, i.Key)
		}
		return keys
	}
	for _, v := range spec.Volumes {
		if v.Secret != nil {
			add("Secret", v.Secret.SecretName, paths(v.Secret.Items)...)
		}
		if v.ConfigMap != nil {
			add("ConfigMap", v.ConfigMap.Name, paths(v.ConfigMap.Items)...)
		}
		if v.Projected != nil {
			for _, source := range v.Projected.Sources {
				if source.Secret != nil {
					add("Secret", source.Secret.Name, paths(source.Secret.Items)...)
				}
				if source.ConfigMap != nil && source.ConfigMap.Name != "kube-root-ca.crt" {
					add("ConfigMap", source.ConfigMap.Name, paths(source.ConfigMap.Items)...)
				}
			}
		}
	}
	for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
		for _, e := range c.Env {
			if e.ValueFrom == nil {
				continue
			}
			if k := e.ValueFrom.SecretKeyRef; k != nil {
				add("Secret", k.Name, k.Key)
			}
			if k := e.ValueFrom.ConfigMapKeyRef; k != nil {
				add("ConfigMap", k.Name, k.Key)
			}
		}
	}
	return out
}

// supply makes the Secrets and ConfigMaps that a pod names and that don't come with it.
func (s *space) supply(spec *corev1.PodSpec, there []runtime.Object) {
	s.Helper()
	data := map[[2]string]map[string]string{}
	for _, m := range mentions(spec) {
		key := [2]string{m.kind, m.name}
		if slices.ContainsFunc(there, func(o runtime.Object) bool {
			return o.GetObjectKind().GroupVersionKind().Kind == m.kind && o.(metav1.Object).GetName() == m.name
		}) {
			continue
		}
		if data[key] == nil {
			data[key] = usual()
		}
		for _, k := range m.keys {
			if _, ok := data[key][k]; !ok {
				data[key][k] = "value-of-" + k
			}
		}
	}
	for key, values := range data {
		meta := metav1.ObjectMeta{Name: key[1]}
		if key[0] == "Secret" {
			s.applyObject(&corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: meta, StringData: values})
		} else {
			s.applyObject(&corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: meta, Data: values})
		}
	}
}

// usual are the keys that helpers expect in a volume without naming them.
func usual() map[string]string {
	return map[string]string{
		"tls.crt": webCertificate, "tls.key": webKey, "ca.crt": webCertificate,
		"username": "app", "password": "secret", "userlist.txt": `"app" "secret"` + "\n",
		"ssh-privatekey": webKey, "private-key": webKey, "known_hosts": "git.example.com ssh-ed25519 AAAA",
		"url":            "postgres://app:secret@db.prod.svc:5432/web?sslmode=disable",
		"cookie-secret":  strings.Repeat("c", 32),
		"changelog.yaml": "databaseChangeLog: []\n", "1_first.up.sql": "SELECT 1;\n", "V1__first.sql": "SELECT 1;\n",
		"service_account.json": fmt.Sprintf(`{"type": "service_account", "project_id": "shop", "client_email": "web@shop.iam.gserviceaccount.com", "private_key": %q, "token_uri": "https://oauth2.googleapis.com/token"}`, webKey),
		"descriptor.pb":        "", "rules.yaml": "groups: []\n", "nginx.conf": "user [[ .Env.HOME ]];\n",
	}
}

// webKey is one key for everything, of the kind that all take, and webCertificate its own.
var webKey, webCertificate = func() (string, string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "web"}, DNSNames: []string{"web"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return text("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), text("CERTIFICATE", der)
}()

// runnable gives a pod as it can be run anywhere: claims and drivers that the cluster need not
// have are folders of the node, many of them fit on a small one, and the app is told its ports
// and the volumes that it writes, which a program for all pods can't know.
func runnable(t require.TestingT, pod *corev1.Pod, image string) *corev1.Pod {
	pod = pod.DeepCopy()
	for i, v := range pod.Spec.Volumes {
		if v.PersistentVolumeClaim != nil || v.CSI != nil {
			pod.Spec.Volumes[i].VolumeSource = corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}
		}
	}
	for _, list := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for i := range list {
			list[i].Resources.Requests[corev1.ResourceCPU] = resource.MustParse("1m")
		}
	}
	app := &pod.Spec.Containers[0]
	require.Equal(t, "web:1.4", app.Image)
	var ports, writes []string
	for _, p := range app.Ports {
		ports = append(ports, fmt.Sprint(p.ContainerPort))
	}
	for _, m := range app.VolumeMounts {
		if !m.ReadOnly {
			writes = append(writes, m.MountPath)
		}
	}
	app.Env = append(app.Env, corev1.EnvVar{Name: "PORTS", Value: strings.Join(ports, " ")}, corev1.EnvVar{Name: "WRITES", Value: strings.Join(writes, " ")})
	if image != "" {
		pod.Spec.InitContainers[len(pod.Spec.InitContainers)-1].Image = image
	}
	return pod
}
