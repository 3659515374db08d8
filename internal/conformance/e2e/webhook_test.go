package e2e_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// injector is the name of all objects of examples/webhook, and of their namespace.
const injector = "statsd-injector"

// The webhook of examples/webhook, run by its own manifests, through all that a cluster
// does to its replicas.
func TestTheWebhookInACluster(t *testing.T) {
	s := newSpace(t, "e2e-webhook", "true")
	a := newAuthority(t)
	in := s.install(webhookManifests(s, a))
	in.settled(injector)
	s.until("the webhook to be called", waitLong, func() (bool, string) {
		p, err := s.CoreV1().Pods(s.name).Create(s.ctx, gated("first"), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		return err == nil && injected(p) == 1, fmt.Sprint(err)
	})

	start, stop := time.Now(), s.load()
	evicted := in.evictBoth()
	in.settled(injector)
	in.patchDeployment(injector, `{"spec":{"template":{"metadata":{"annotations":{"rolled":"once"}}}}}`)
	in.settled(injector)
	done := stop()
	done.requireAll(s)
	require.Empty(t, done.refused, "a create that failed")
	s.observed(start, "while that of two replicas that answered was evicted (the other's eviction was refused: %s) and the Deployment was rolled, with failurePolicy Ignore, all of %d new pods got the helper, the slowest in %d ms",
		evicted, done.created, done.longest.Milliseconds())

	s.policy(admissionregistrationv1.Fail)
	start, stop = time.Now(), s.load()
	pods := in.settled(injector)
	in.delete(pods[in.busiest(pods)].Name)
	pods = in.settled(injector)
	done = stop()
	done.requireAll(s)
	require.Empty(t, done.refused, "a create that failed")
	s.observed(start, "while the replica that answered was deleted and replaced, with failurePolicy Fail, none of %d creates failed; the slowest took %d ms", done.created, done.longest.Milliseconds())

	start, stop = time.Now(), s.load()
	secret := certified(s, a)
	in.applyObject(secret)
	renewed := time.Now()
	busy := in.busiest(pods)
	in.crash(&pods[busy], injector)
	in.settled(injector)
	crashed := time.Since(start)
	s.until("both replicas to show the new certificate", 3*time.Minute, func() (bool, string) {
		time.Sleep(2 * time.Second) // a handshake is dear, and the kubelet takes a minute
		one, other := in.shows(a, pods[0].Name), in.shows(a, pods[1].Name)
		is := string(secret.Data[corev1.TLSCertKey])
		return one == is && other == is, one + other
	})
	took := time.Since(renewed)
	done = stop()
	done.requireAll(s)
	require.Less(t, done.longest, 10*time.Second, "how long a pod waited for the webhook, with all its retries")
	after := in.settled(injector)
	i := slices.IndexFunc(after, func(p corev1.Pod) bool { return p.UID == pods[1-busy].UID })
	require.GreaterOrEqual(t, i, 0, "the replica is the same")
	require.Zero(t, status(&after[i], injector).RestartCount, "a new certificate needs no restart")
	s.observed(start, "while the program of the replica that answered crashed and came back (%.0f s), with failurePolicy Fail, none of %d pods was admitted without the helper; %d creates failed and went through when tried again, within %.1f s",
		crashed.Seconds(), done.created, len(done.refused), done.longest.Seconds())
	s.observed(start, "both replicas showed a renewed certificate %.0f s after its Secret was written, without a restart", took.Seconds())

	start = time.Now()
	in.patchDeployment(injector, `{"spec":{"replicas":0}}`)
	in.settled(injector)
	_, err := s.CoreV1().Pods(s.name).Create(s.ctx, gated("refused"), metav1.CreateOptions{})
	require.ErrorContains(t, err, "failed calling webhook")
	s.policy(admissionregistrationv1.Ignore)
	s.until("a pod to be admitted without the webhook", waitLong, func() (bool, string) {
		p, err := s.CoreV1().Pods(s.name).Create(s.ctx, gated("unchanged"), metav1.CreateOptions{})
		return err == nil && injected(p) == 0, fmt.Sprint(err)
	})
	s.observed(start, "with no replica, Fail refused a pod and Ignore admitted it without the helper")
}

// webhookManifests are those of the example, with a certificate in the place of
// cert-manager's, for the namespaces of this test only.
func webhookManifests(s *space, a *issuer) []*unstructured.Unstructured {
	s.Helper()
	all := manifests(s, "webhook")
	i := slices.IndexFunc(all, func(u *unstructured.Unstructured) bool { return u.GetKind() == "MutatingWebhookConfiguration" })
	c := into[admissionregistrationv1.MutatingWebhookConfiguration](s, all[i])
	w := &c.Webhooks[0]
	require.Equal(s, admissionregistrationv1.Ignore, *w.FailurePolicy)
	w.ClientConfig.CABundle = a.PEM()
	w.NamespaceSelector.MatchExpressions = append(w.NamespaceSelector.MatchExpressions,
		metav1.LabelSelectorRequirement{Key: "e2e-webhook", Operator: metav1.LabelSelectorOpIn, Values: []string{"true"}})
	var err error
	all[i].Object, err = runtime.DefaultUnstructuredConverter.ToUnstructured(c)
	require.NoError(s, err)
	secret, err := runtime.DefaultUnstructuredConverter.ToUnstructured(certified(s, a))
	require.NoError(s, err)
	return slices.Insert(all, 1, &unstructured.Unstructured{Object: secret})
}

// policy sets what happens to a pod while the webhook can't be called.
func (s *space) policy(p admissionregistrationv1.FailurePolicyType) {
	s.Helper()
	_, err := s.AdmissionregistrationV1().MutatingWebhookConfigurations().Patch(s.ctx, injector, types.JSONPatchType,
		[]byte(fmt.Sprintf(`[{"op":"replace","path":"/webhooks/0/failurePolicy","value":%q}]`, p)), metav1.PatchOptions{})
	require.NoError(s, err)
}

// evictBoth evicts the replica that answers, and tries to evict the other; it gives why
// that one stays.
func (s *space) evictBoth() string {
	s.Helper()
	s.until("the budget to allow one eviction", waitLong, func() (bool, string) {
		b, err := s.PolicyV1().PodDisruptionBudgets(s.name).Get(s.ctx, injector, metav1.GetOptions{})
		return err == nil && b.Status.DisruptionsAllowed == 1, fmt.Sprint(err, b.Status.DisruptionsAllowed)
	})
	pods := s.settled(injector)
	evict := func(p corev1.Pod) error {
		return s.PolicyV1().Evictions(s.name).Evict(s.ctx, &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: s.name}})
	}
	busy := s.busiest(pods)
	require.NoError(s, evict(pods[busy]))
	err := evict(pods[1-busy])
	require.True(s, apierrors.IsTooManyRequests(err), "%v", err)
	return string(apierrors.ReasonForError(err))
}
