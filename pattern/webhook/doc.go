// Package webhook adds a bundle of helpers to the pods of a cluster as they are created.
// It is the part of a mutating admission webhook between the HTTP server and the bundle:
//
//	logging := pattern.Bundle("logging", sidecar.LogShipper(logs, sidecar.Loki(url)))
//	http.Handle("/mutate", webhook.Handler(logging, webhook.ExceptNamespaces("logging")))
//	err := http.ListenAndServeTLS(":8443", cert, key, nil)
//
// The API server calls it by TLS only, with a certificate for <service>.<namespace>.svc
// from the authority in clientConfig.caBundle; cert-manager makes the one and writes the
// other. What the helpers need beside the pods is in [pattern.Injection.Objects], and has
// to be in a namespace before its pods.
//
// # The configuration
//
//	apiVersion: admissionregistration.k8s.io/v1
//	kind: MutatingWebhookConfiguration
//	metadata:
//	  name: logging
//	webhooks:
//	- name: logging.example.com
//	  clientConfig:
//	    service: {namespace: logging, name: webhook, path: /mutate, port: 443}
//	  rules:
//	  - {apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}
//	  admissionReviewVersions: [v1]
//	  sideEffects: None
//	  reinvocationPolicy: IfNeeded
//	  failurePolicy: Fail
//	  timeoutSeconds: 5
//	  namespaceSelector:
//	    matchExpressions:
//	    - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system, logging]}
//	  matchConditions:
//	  - name: not-on-the-nodes-network
//	    expression: "!has(object.spec.hostNetwork) || !object.spec.hostNetwork"
//
// admissionReviewVersions has to be [v1]: other reviews are refused.
//
// sideEffects is None: the answer is all that a request brings about, so that a dry run
// gets the same one.
//
// reinvocationPolicy IfNeeded calls the webhook again after others have changed the pod,
// such as one that adds a container for which the helper wires something. A second call
// changes nothing that is as it should be.
//
// failurePolicy says what happens while the webhook is away, or answers with an HTTP
// error. Fail, the default, keeps pods from being created; Ignore creates them without
// the bundle, and nobody adds it later. It says nothing about denials: those count under
// Ignore too. So the handler denies only what is a matter of the pod. What it can't read,
// a mistake in the options or in the bundle and a panic in a helper are HTTP errors.
//
// namespaceSelector leaves out kube-system, and the webhook's own namespace: under Fail its
// own pods would have to wait for it.
//
// timeoutSeconds is 10 where it isn't set, and each pod may wait for so long. An answer
// takes less than a millisecond.
//
// matchConditions leave out what can't have the bundle before anybody is called, so that
// it isn't denied. On the node's network a helper's port would be the node's.
//
// # Pods or workloads
//
// With pods in the rules the bundle comes into each new pod, whoever makes it, and a newer
// bundle with the next pod. Workloads stay as their authors wrote them.
//
// With workloads in the rules (operations CREATE and UPDATE) it stands in their templates:
// visible, denied where the author sees it and not in the events of a ReplicaSet, and a
// newer bundle rolls a workload out at its next update, whatever that is about. These
// stay as they are in any case:
//   - updates of pods and Jobs, whose containers can't change any more;
//   - ReplicaSets with a controller, which would take another template for a reason to
//     create a new one;
//   - objects that are being deleted, of which only the finalizers matter;
//   - mirror pods, which show what a file on the node runs;
//   - subresources, other operations, and objects without a pod template.
//
// # Who is left out
//
// The options [Namespaces], [ExceptNamespaces], [Labels] and [Percent] say for whom the
// bundle is, and a pod opts out by an annotation:
//
//	metadata:
//	  annotations:
//	    podpattern.dev/inject: "false"
//
// What is left out is admitted as it is. That goes for a template that has the bundle
// already too, from an earlier call or from [pattern.Injection.ApplyTo]: it keeps it, in
// the version that it has, until it is looked at again. Lowering Percent takes the bundle
// out of no workload; [pattern.Injection.RemoveFromObject] does. Who opts out where the
// bundle is gets a warning.
//
// # Bringing it in
//
// Start with [AdmitUnfit], which denies nothing, and a low [Percent]; look at the events
// of [Observe], raise Percent, and take AdmitUnfit away when nothing is unfit any more.
package webhook
