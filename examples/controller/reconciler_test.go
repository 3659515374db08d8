package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// web is a Deployment that asks for the bundles.
func web(t *testing.T, bundles ...pattern.Injection) *appsv1.Deployment {
	t.Helper()
	d, err := pattern.Pod("web").Namespace("shop").Hardened().NodeSelector("kubernetes.io/hostname", "none").
		WithApp(patterntest.App()).Deployment(0).Build()
	require.NoError(t, err)
	for _, b := range bundles {
		ask(d, b)
	}
	return d
}

func ask(d client.Object, b pattern.Injection) {
	labels := d.GetLabels()
	for key, value := range label(b) {
		labels[key] = value
	}
	d.SetLabels(labels)
}

// What the API server answers to the patch decides what happens then.
func TestAnswersOfTheAPIServer(t *testing.T) {
	conflict := apierrors.NewConflict(schema.GroupResource{Resource: "deployments"}, "web", errors.New("changed"))
	invalid := apierrors.NewInvalid(schema.GroupKind{Kind: "Deployment"}, "web", nil)
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "deployments"}, "web", nil)
	gone := apierrors.NewNotFound(schema.GroupResource{Resource: "deployments"}, "web")
	for _, c := range []struct {
		name   string
		answer error
		after  time.Duration
		want   error  // nil: it is done, or will be after that time
		event  string // the start of the event; "": there is none
	}{
		{"taken", nil, 0, nil, "Normal HelpersUpdated bundle logging"},
		{"somebody was faster: again", conflict, time.Second, nil, ""},
		{"refused: not again", invalid, 0, reconcile.TerminalError(nil), "Warning BundleRefused Deployment \"web\" is invalid"},
		{"deleted in between", gone, 0, nil, ""},
		{"not allowed: again, ever later", forbidden, 0, forbidden, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			bundle := logging(lokiInCluster)
			recorder := events.NewFakeRecorder(1)
			api := fake.NewClientBuilder().WithObjects(web(t, bundle)).WithInterceptorFuncs(interceptor.Funcs{
				Patch: func(ctx context.Context, api client.WithWatch, o client.Object, patch client.Patch, options ...client.PatchOption) error {
					if c.answer != nil {
						return c.answer
					}
					return api.Patch(ctx, o, patch, options...)
				}}).Build()
			r := &reconciler{api, recorder, bundle}
			result, err := r.Reconcile(t.Context(), reconcile.Request{NamespacedName: client.ObjectKey{Namespace: "shop", Name: "web"}})
			require.Equal(t, reconcile.Result{RequeueAfter: c.after}, result)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.answer == invalid, errors.Is(err, reconcile.TerminalError(nil)))
			if c.event == "" {
				require.Empty(t, recorder.Events)
				return
			}
			require.Contains(t, <-recorder.Events, c.event)
		})
	}
}

// What is patched holds fields that this program doesn't know, and the version of the
// Deployment that it was made from; what needs no change isn't patched.
func TestPatch(t *testing.T) {
	bundle := logging(lokiInCluster)
	there := deployment()
	require.NoError(t, json.Unmarshal([]byte(text(t, web(t, bundle))), &there.Object))
	there.SetResourceVersion("7")
	containers, _, err := unstructured.NestedSlice(there.Object, "spec", "template", "spec", "containers")
	require.NoError(t, err)
	containers[0].(map[string]any)["aFieldOfTheFuture"] = "kept"
	require.NoError(t, unstructured.SetNestedSlice(there.Object, containers, "spec", "template", "spec", "containers"))

	var patches []string
	api := fake.NewClientBuilder().WithInterceptorFuncs(interceptor.Funcs{
		Get: func(_ context.Context, _ client.WithWatch, _ client.ObjectKey, o client.Object, _ ...client.GetOption) error {
			o.(*unstructured.Unstructured).Object = there.DeepCopy().Object
			return nil
		},
		Patch: func(_ context.Context, _ client.WithWatch, o client.Object, patch client.Patch, _ ...client.PatchOption) error {
			data, err := patch.Data(o)
			patches, there = append(patches, string(data)), o.(*unstructured.Unstructured).DeepCopy()
			return err
		}}).Build()
	r := &reconciler{api, events.NewFakeRecorder(2), bundle}
	for range 2 {
		_, err := r.Reconcile(t.Context(), reconcile.Request{})
		require.NoError(t, err)
	}
	require.Len(t, patches, 1)
	require.Contains(t, patches[0], `"aFieldOfTheFuture":"kept"`)
	require.Contains(t, patches[0], `"resourceVersion":"7"`)

	there.SetLabels(nil)
	there.SetDeletionTimestamp(new(metav1.Now()))
	_, err = r.Reconcile(t.Context(), reconcile.Request{})
	require.NoError(t, err)
	require.Len(t, patches, 1, "what is deleted is left alone")
}

// A finding is told as it is, as far as an event holds it.
func TestRefuse(t *testing.T) {
	recorder := events.NewFakeRecorder(1)
	r := &reconciler{EventRecorder: recorder, bundle: logging(lokiInCluster)}
	_, err := r.refuse(deployment(), errors.New("100%d "+strings.Repeat("ä", 1000)))
	require.ErrorIs(t, err, reconcile.TerminalError(nil))
	note := strings.TrimPrefix(<-recorder.Events, "Warning BundleRefused ")
	require.Equal(t, "100%d "+strings.Repeat("ä", 509), note)
}

func TestConcerns(t *testing.T) {
	was := metav1.ObjectMeta{Generation: 1, ResourceVersion: "1", Labels: map[string]string{"a": "b"}}
	for _, c := range []struct {
		name string
		is   metav1.ObjectMeta
		want bool
	}{
		{"resync", was, true},
		{"status", metav1.ObjectMeta{Generation: 1, ResourceVersion: "2", Labels: was.Labels}, false},
		{"spec", metav1.ObjectMeta{Generation: 2, ResourceVersion: "2", Labels: was.Labels}, true},
		{"label", metav1.ObjectMeta{Generation: 1, ResourceVersion: "2"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, concerns(event.UpdateEvent{ObjectOld: &appsv1.Deployment{ObjectMeta: was}, ObjectNew: &appsv1.Deployment{ObjectMeta: c.is}}))
		})
	}
}
