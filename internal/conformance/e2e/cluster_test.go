package e2e_test

import (
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
)

// cluster is the one that KUBECONFIG names.
type cluster struct {
	config *rest.Config
	kubernetes.Interface
	dynamic dynamic.Interface
	mapper  meta.RESTMapper
}

// connect gives the cluster. Without one there is nothing to test, and that is a failure.
func connect(t *testing.T) *cluster {
	t.Helper()
	require.NotEmpty(t, os.Getenv("KUBECONFIG"), "KUBECONFIG names no cluster: ../cluster/up.sh starts one")
	c, err := connection()
	require.NoError(t, err)
	return c
}

var connection = sync.OnceValues(func() (*cluster, error) {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 200, 400
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	any, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery()))
	return &cluster{config, client, any, mapper}, nil
})
