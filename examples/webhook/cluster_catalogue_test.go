package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestClusterHasTheCatalogue adds each helper of the catalogue to a pod that has what it
// needs, by a webhook of its own, and holds what is stored to what the bundle says.
func TestClusterHasTheCatalogue(t *testing.T) {
	c := newCluster(t)
	var handlers sync.Map // of http.Handler, by the name of a pod
	c.serveOther(t, "m", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var in admissionv1.AdmissionReview
		var p corev1.Pod
		if err == nil {
			err = json.Unmarshal(body, &in)
		}
		if err == nil {
			err = json.Unmarshal(in.Request.Object.Raw, &p)
		}
		h, there := handlers.Load(p.Labels["bundle"])
		if err != nil || !there {
			http.Error(w, "what pod is this?", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.(http.Handler).ServeHTTP(w, r)
	}))
	require.Eventually(t, func() bool {
		_, err := c.tryCreate(t, plainPod("is-it-called"), metav1.DryRunAll)
		return err != nil
	}, eventually, often)
	for i, u := range catalogue.Uses() {
		if u.Bundled == nil {
			continue
		}
		t.Run(u.Helper+" "+u.Why, func(t *testing.T) {
			pod, err := catalogue.Base(u).Allow("reader-without-writer", "the helper writes").Build()
			require.NoError(t, err)
			name := strings.ToLower(strings.ReplaceAll(u.Helper, ".", "-"))
			extra := pattern.Sidecar("extra", "registry.example.com/extra:1").AppEnv("EXTRA", "yes").Requests("1m", "1Mi").Limits("", "1Mi").Restricted().RunAsUser(65532)
			bundled := func(helpers ...pattern.Helper) pattern.Injection {
				b := pattern.Bundle(name, helpers...)
				if u.Unrestricted != "" {
					b = b.Allow("bundle-root", u.Unrestricted)
				}
				return b
			}
			b, newer := bundled(u.Bundled), bundled(extra, u.Bundled)
			make := func(which string, b *pattern.Injection) *corev1.Pod {
				p := pod.DeepCopy()
				p.Name, p.Namespace, p.Spec.SchedulerName = fmt.Sprintf("use-%d-%s", i, which), "", "nobody"
				if p.Labels == nil {
					p.Labels = map[string]string{}
				}
				p.Labels["bundle"] = p.Name
				if b == nil {
					optedOut(p)
				} else {
					handlers.Store(p.Name, webhook.Handler(*b))
				}
				return p
			}
			stored := c.create(t, make("b", &b))
			again := stored.DeepCopy()
			require.NoError(t, b.ApplyToPod(again))
			require.Empty(t, cmp.Diff(stored, again))
			require.NoError(t, b.RemoveFromPod(again))
			twin := c.create(t, make("twin", nil))
			require.Empty(t, cmp.Diff(inCommon(t, twin), inCommon(t, again)))

			upgraded := make("newer", &newer)
			require.NoError(t, b.ApplyToPod(upgraded))
			stored = c.create(t, upgraded)
			require.Equal(t, 1, helpers(stored, "extra"))
			again = stored.DeepCopy()
			require.NoError(t, newer.ApplyToPod(again))
			require.Empty(t, cmp.Diff(stored, again))
			require.NoError(t, newer.RemoveFromPod(again))
			require.Empty(t, cmp.Diff(inCommon(t, twin), inCommon(t, again)))
		})
	}
}
