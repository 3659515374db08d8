package main

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// 500 pods at once, of which none is wrong.
func TestClusterUnderLoad(t *testing.T) {
	const pods = 500
	c, v := newCluster(t), start(t, nil)
	c.other(t, "z", addContainers)
	c.register(t, v, func(m *admissionregistrationv1.MutatingWebhook) {
		m.FailurePolicy = new(admissionregistrationv1.Fail)
		m.TimeoutSeconds = new(int32(30)) // a machine may have one processor for all this
	})
	begin := time.Now()
	var all sync.WaitGroup
	for i := range pods {
		all.Go(func() {
			p := plainPod("pod-" + strconv.Itoa(i))
			p.Labels["load"] = "yes"
			_, err := c.tryCreate(t, p)
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	t.Logf("%d pods in %s", pods, time.Since(begin).Round(time.Millisecond))
	_, text := get(t, v.status+"/metrics")
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "podpattern_") && !strings.Contains(line, "_bucket") {
			t.Log(line)
		}
	}
	list, err := c.CoreV1().Pods(c.namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "load=yes"})
	require.NoError(t, err)
	require.Equal(t, pods, len(list.Items))
	for i := range list.Items {
		p := &list.Items[i]
		requireInjected(t, p)
		requireSettled(t, p)
	}
	require.Equal(t, []string{"injected", "injected"}, v.outcomes("pod-0"), "the other webhook's containers came in between")
}
