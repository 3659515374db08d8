package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// unfit are pods that the bundle can't be added to, and what the answer says.
var unfit = map[string]struct {
	change func(*corev1.Pod)
	says   string
}{
	"on the node's network": {
		func(p *corev1.Pod) { p.Spec.HostNetwork = true },
		"the pod is on the node's network",
	},
	"with a container of the helper's name": {
		func(p *corev1.Pod) { p.Spec.Containers[1].Name = "statsd" },
		"statsd",
	},
	"with a record that can't be read": {
		func(p *corev1.Pod) { p.Annotations["bundles.podpattern.dev/statsd"] = "{}" },
		"what a bundle had added can't be read",
	},
}

func TestClusterDenies(t *testing.T) {
	c, v := newCluster(t), start(t, nil)
	c.register(t, v)
	for what, u := range unfit {
		t.Run(what, func(t *testing.T) {
			p := plainPod("unfit")
			u.change(p)
			_, err := c.tryCreate(t, p)
			require.Error(t, err)
			t.Log(err)
			require.True(t, apierrors.IsInvalid(err), "%T: it is no use to try it again", err)
			require.Contains(t, err.Error(), "bundle statsd can't be added")
			require.Contains(t, err.Error(), u.says)
			require.Contains(t, err.Error(), "Fix: ")
			require.NotContains(t, err.Error(), ".go:", "the lines are not of the pod's author")
		})
	}
}

func TestClusterAdmitsUnfit(t *testing.T) {
	c, v := newCluster(t), start(t, nil, "-admit-unfit")
	c.register(t, v)
	for what, u := range unfit {
		t.Run(what, func(t *testing.T) {
			p := plainPod("")
			p.GenerateName = "unfit-"
			u.change(p)
			twin := optedOut(p.DeepCopy())
			c.warnings = nil
			stored := c.create(t, p)
			require.Contains(t, strings.Join(c.warnings, "\n"), "bundle statsd was not added: ")
			t.Log(c.warnings)
			require.Empty(t, cmp.Diff(inCommon(t, c.create(t, twin)), inCommon(t, stored)))
		})
	}
}

func TestClusterWarns(t *testing.T) {
	c, v := newCluster(t), start(t, nil)
	c.register(t, v)
	c.warnings = nil
	c.create(t, plainPod("fine"))
	require.Empty(t, c.warnings)
	p := plainPod("mistaken")
	p.Annotations["podpattern.dev/inject"] = "no"
	require.Equal(t, 1, helpers(c.create(t, p), "statsd"))
	require.Equal(t, []string{`metadata.annotations[podpattern.dev/inject]: "no" does not opt out: only "false" does`}, c.warnings, "once, though the webhook was asked twice")
}

func TestClusterWithoutTheWebhook(t *testing.T) {
	for policy, refused := range map[admissionregistrationv1.FailurePolicyType]bool{admissionregistrationv1.Ignore: false, admissionregistrationv1.Fail: true} {
		t.Run(string(policy), func(t *testing.T) {
			c, v := newCluster(t), start(t, nil)
			c.register(t, v, func(m *admissionregistrationv1.MutatingWebhook) { m.FailurePolicy = new(policy) })
			require.Equal(t, 1, helpers(c.create(t, plainPod("before")), "statsd"))
			v.stop()
			require.NoError(t, <-v.ended)
			p, err := c.tryCreate(t, plainPod("after"))
			if refused {
				require.ErrorContains(t, err, "failed calling webhook")
				return
			}
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(inCommon(t, c.create(t, optedOut(plainPod("twin")))), inCommon(t, p)))
		})
	}
}

// A certificate that is renewed under load, by an authority that stays the same.
func TestClusterRenewsTheCertificate(t *testing.T) {
	c, v := newCluster(t), start(t, nil)
	c.register(t, v, func(m *admissionregistrationv1.MutatingWebhook) { m.FailurePolicy = new(admissionregistrationv1.Fail) })
	for serial := range int64(5) {
		v.renew(t, 10+serial)
		p := plainPod("")
		p.GenerateName = "renewed-"
		require.Equal(t, 1, helpers(c.create(t, p), "statsd"))
	}
}
