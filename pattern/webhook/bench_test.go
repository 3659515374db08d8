package webhook_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
)

// typicalPod is about as large as the API server sends one: with the fields that it has
// set, and who manages them.
func typicalPod() string {
	var managed []string
	for i := range 60 {
		managed = append(managed, fmt.Sprintf(`"f:field%d":{".":{},"f:value":{}}`, i))
	}
	return `{"kind":"Pod","apiVersion":"v1","metadata":{"generateName":"web-77c9b-","namespace":"prod","creationTimestamp":null,"labels":{"app":"web","pod-template-hash":"77c9b"},"annotations":{"prometheus.io/scrape":"true"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-77c9b","uid":"1","controller":true,"blockOwnerDeletion":true}],"managedFields":[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{` + strings.Join(managed, ",") + `}}]},"spec":{"volumes":[{"name":"kube-api-access","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}}],"defaultMode":420}}],"containers":[` +
		`{"name":"web","image":"web:1","ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{"limits":{"memory":"1Gi"},"requests":{"cpu":"1","memory":"1Gi"}},"volumeMounts":[{"name":"kube-api-access","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],"readinessProbe":{"httpGet":{"path":"/","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}` +
		`],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default","securityContext":{},"schedulerName":"default-scheduler","tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"enableServiceLinks":true},"status":{}}`
}

// BenchmarkHandler answers a review; injected has one helper with a volume.
func BenchmarkHandler(b *testing.B) {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	bundle := pattern.Bundle("logging", shipper().Reads(logs, "/logs").AppWrites(logs, "/var/log/web"))
	large := with(b, typicalPod(), strings.Repeat("x", 1<<20), "metadata", "annotations", "large")
	for _, c := range []struct {
		name    string
		r       request
		outcome webhook.Outcome
		options []webhook.Option
	}{
		{"injected", request{object: typicalPod()}, webhook.Injected, nil},
		{"injected, 1 MiB", request{object: large}, webhook.Injected, nil},
		{"unchanged", request{object: injected(b, bundle, typicalPod())}, webhook.Unchanged, nil},
		{"denied", request{object: onHost}, webhook.Denied, nil},
		{"left out by percent", request{object: typicalPod()}, webhook.LeftOut, []webhook.Option{webhook.Percent(0)}},
		{"left out by namespace", request{object: typicalPod()}, webhook.LeftOut, []webhook.Option{webhook.Namespaces("test")}},
	} {
		body := c.r.json()
		require.Equal(b, c.outcome, outcome(b, bundle, c.r, c.options...))
		h := webhook.Handler(bundle, c.options...)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
	b.Run("the bundle alone", func(b *testing.B) {
		raw := []byte(typicalPod())
		b.ReportAllocs()
		for b.Loop() {
			bundle.Review(raw)
		}
	})
}
