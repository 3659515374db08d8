package webhook_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
)

func TestWhatIsLookedAt(t *testing.T) {
	replicaSet := with(t, with(t, deployment, "ReplicaSet", "kind"), "web-1a2b", "metadata", "name")
	controlled := func(object, kind string, controller bool) string {
		return with(t, object, []any{map[string]any{"apiVersion": "apps/v1", "kind": kind, "name": "web", "uid": "1", "controller": controller}}, "metadata", "ownerReferences")
	}
	job := with(t, with(t, deployment, "Job", "kind"), "batch/v1", "apiVersion")
	custom := func(version, kind string) string {
		return with(t, with(t, deployment, kind, "kind"), version, "apiVersion")
	}
	cronJob := `{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"web"},"spec":{"jobTemplate":{"spec":{"template":` + template + `}}}}`
	for _, c := range []struct {
		name, why string
		r         request
		want      webhook.Outcome
		reason    string
	}{
		{"a pod is created", "", request{}, webhook.Injected, ""},
		{"a Deployment is created", "", request{object: deployment}, webhook.Injected, ""},
		{"a Deployment is updated", "its template may have lost the bundle", request{object: deployment, operation: "UPDATE"}, webhook.Injected, ""},
		{"a Job is created", "", request{object: job}, webhook.Injected, ""},
		{"a CronJob is created", "", request{object: cronJob}, webhook.Injected, ""},
		{"a CronJob is updated", "its template may change, unlike a Job's", request{object: cronJob, operation: "UPDATE"}, webhook.Injected, ""},
		{"a PodTemplate is created", "its template is at the top", request{object: `{"apiVersion":"v1","kind":"PodTemplate","metadata":{"name":"x"},"template":` + template + `}`}, webhook.Injected, ""},
		{"a custom resource with a template", "Argo Rollouts and others have one", request{object: custom("argoproj.io/v1alpha1", "Rollout")}, webhook.Injected, ""},
		{"a custom resource called Pod", "its pods are not that of the API server, yet it has one", request{object: with(t, pod, "example.com/v1", "apiVersion"), operation: "UPDATE"}, webhook.Injected, ""},
		{"a custom resource called Job is updated", "its template may change", request{object: with(t, job, "example.com/v1", "apiVersion"), operation: "UPDATE"}, webhook.Injected, ""},

		{"a pod is updated", "it gets no containers any more", request{operation: "UPDATE"}, webhook.LeftOut, "update of a pod, which can get no containers any more"},
		{"a Job is updated", "its template is immutable, and the update would be refused", request{object: job, operation: "UPDATE"}, webhook.LeftOut, "update of a Job, whose template can't change any more"},
		{"deleted", "there is no object", request{operation: "DELETE", object: "null", kind: "Pod"}, webhook.LeftOut, "operation DELETE"},
		{"connected", "the object is of options", request{operation: "CONNECT", kind: "PodExecOptions", object: `{"kind":"PodExecOptions","apiVersion":"v1"}`}, webhook.LeftOut, "operation CONNECT"},
		{"an operation of the future", "", request{operation: "FROB"}, webhook.LeftOut, "operation FROB"},
		{"a subresource", "its object may be of another kind", request{sub: "binding", kind: "Binding", object: `{"kind":"Binding","apiVersion":"v1"}`}, webhook.LeftOut, "subresource binding"},
		{"ephemeral containers", "", request{sub: "ephemeralcontainers", operation: "UPDATE"}, webhook.LeftOut, "subresource ephemeralcontainers"},
		{"a workload's status", "", request{sub: "status", operation: "UPDATE", object: deployment}, webhook.LeftOut, "subresource status"},

		{"no pod", "", request{object: `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}`}, webhook.LeftOut, "no pod template"},
		{"a template of something else", "SealedSecrets and Certificates have some", request{object: `{"apiVersion":"bitnami.com/v1alpha1","kind":"SealedSecret","spec":{"template":{"metadata":{"name":"x"},"type":"Opaque"}}}`}, webhook.LeftOut, "no pod template"},
		{"a template of machines", "its spec is not that of a pod", request{object: `{"apiVersion":"cluster.x-k8s.io/v1beta1","kind":"MachineDeployment","spec":{"template":{"spec":{"clusterName":"a"}}}}`}, webhook.LeftOut, "no pod template"},
		{"a template that is a text", "", request{object: `{"apiVersion":"example.com/v1","kind":"Mail","spec":{"template":"Dear {{.Name}}"}}`}, webhook.LeftOut, "no pod template"},
		{"containers that are no list", "", request{object: `{"apiVersion":"example.com/v1","kind":"Ship","spec":{"template":{"spec":{"containers":{"red":3}}}}}`}, webhook.LeftOut, "no pod template"},
		{"a List", "the API server takes them apart", request{object: `{"apiVersion":"v1","kind":"List","items":[` + pod + `]}`}, webhook.LeftOut, "no pod template"},
		{"a List that has a template too", "its items are what the bundle would see", request{object: `{"apiVersion":"example.com/v1","kind":"Pods","items":[` + pod + `],"spec":{"template":` + template + `}}`}, webhook.LeftOut, "no pod template"},
		{"a pod without a container", "the API server refuses it with a better text", request{object: with(t, pod, []any{}, "spec", "containers")}, webhook.LeftOut, "no pod template"},
		{"the pod of a file on the node", "it shows what runs, and nothing in it will", request{object: with(t, pod, "abc", "metadata", "annotations", "kubernetes.io/config.mirror")}, webhook.LeftOut, "mirror pod, which runs from a file of the node"},
		{"a workload that is on its way out", "a denial would keep its finalizers", request{operation: "UPDATE", object: with(t, with(t, deployment, true, "spec", "template", "spec", "hostNetwork"), "2026-01-01T00:00:00Z", "metadata", "deletionTimestamp")}, webhook.LeftOut, "being deleted"},
		{"the ReplicaSet of a Deployment", "another template than the Deployment's makes it create one ReplicaSet after the other", request{object: controlled(replicaSet, "Deployment", true)}, webhook.LeftOut, "ReplicaSet of a Deployment, which compares the two templates"},
		{"a ReplicaSet that somebody owns who doesn't control it", "", request{object: controlled(replicaSet, "Deployment", false)}, webhook.Injected, ""},
		{"a ReplicaSet of its own", "", request{object: replicaSet}, webhook.Injected, ""},
		{"the Job of a CronJob", "nobody compares it", request{object: controlled(job, "CronJob", true)}, webhook.Injected, ""},
		{"the pod of a ReplicaSet", "", request{object: controlled(pod, "ReplicaSet", true)}, webhook.Injected, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, e := ask(t, logging(), c.r)
			require.Equal(t, c.want.String(), e.Outcome.String(), c.why)
			require.Equal(t, c.reason, e.Reason)
			require.True(t, r.Allowed)
			require.Equal(t, c.want == webhook.Injected, r.Patch != nil)
			require.Empty(t, r.Warnings)
		})
	}
}

// What looks like a template of a pod, and isn't quite, is unfit: somebody asked for the
// bundle there.
func TestACustomResourceThatCantBeRead(t *testing.T) {
	odd := request{object: `{"apiVersion":"example.com/v1","kind":"Odd","metadata":{"name":"x"},"spec":{"template":{"spec":{"containers":[{"name":"a","ports":"80"}]}}}}`}
	r, e := ask(t, logging(), odd)
	require.Equal(t, webhook.Denied, e.Outcome)
	require.Contains(t, r.Result.Message, "ports")
	r, e = ask(t, logging(), odd, webhook.AdmitUnfit())
	require.Equal(t, webhook.AdmittedUnfit, e.Outcome)
	require.True(t, r.Allowed)
	require.NotEmpty(t, r.Warnings)
}
