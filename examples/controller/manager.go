// Controller keeps the helpers of a bundle in the Deployments that ask for them by a
// label, podpattern.dev/logging: enabled, and takes them out when the label goes.
//
//	go run . -loki http://localhost:3100   # in the cluster of the current context
//	go run . manifests                     # prints what kubectl apply -f - runs it by
package main

import (
	"errors"
	"flag"
	"os"

	"github.com/podpattern/podpattern/pattern"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "manifests" {
		os.Exit(pattern.Run(os.Args[2:], os.Stdout, os.Stderr, manifests(logging(lokiInCluster))...))
	}
	var o ctrl.Options
	loki := flag.String("loki", lokiInCluster, "`URL` of the Loki that the logs go to")
	flag.BoolVar(&o.LeaderElection, "leader-elect", false, "let one of several replicas work")
	flag.StringVar(&o.HealthProbeBindAddress, "health", ":8081", "`address` of /healthz and /readyz")
	flag.StringVar(&o.Metrics.BindAddress, "metrics", ":8080", "`address` of /metrics; 0: none")
	flag.Parse()
	ctrl.SetLogger(zap.New())

	mgr, err := newManager(ctrl.GetConfigOrDie(), logging(*loki), o)
	if err == nil {
		err = mgr.Start(ctrl.SetupSignalHandler()) // until SIGTERM, and until what it does then is done
	}
	if err != nil {
		ctrl.Log.Error(err, "the controller ends")
		os.Exit(1)
	}
}

// newManager gives a manager with a controller of the bundle.
func newManager(config *rest.Config, b pattern.Injection, o ctrl.Options) (ctrl.Manager, error) {
	o.LeaderElectionID = "podpattern-" + b.Name()
	o.LeaderElectionReleaseOnCancel = true // the process ends when the manager does
	o.Client.Cache = &client.CacheOptions{Unstructured: true}
	o.Cache.DefaultTransform = cache.TransformStripManagedFields()
	mgr, err := ctrl.NewManager(config, o)
	if err != nil {
		return nil, err
	}
	name := "podpattern-" + b.Name()
	r := &reconciler{client.WithFieldOwner(mgr.GetClient(), name), mgr.GetEventRecorder(name), b}
	// All Deployments are looked at, once at the start: the label of one may have gone while
	// no controller ran.
	err = ctrl.NewControllerManagedBy(mgr).Named(name).
		For(deployment(), builder.WithPredicates(predicate.Funcs{
			UpdateFunc: concerns,
			DeleteFunc: func(event.DeleteEvent) bool { return false },
		})).
		Complete(r)
	return mgr, errors.Join(err, mgr.AddHealthzCheck("ping", healthz.Ping), mgr.AddReadyzCheck("ping", healthz.Ping))
}
