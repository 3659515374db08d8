package pattern

import "sync"

// lateMemo remembers what the Late functions of a bundle's helpers made for pods that look
// the same to them: a webhook meets the pods of one workload again and again, and to print
// a configuration takes longer than all else. The functions are pure, and what they make
// is a list of edits, which nobody changes.
type lateMemo struct {
	mu   sync.Mutex
	made map[lateKey]*edit[draft]
}

// lateKey is a call of Late on a container, whose edits settle its name, ports and limits,
// and what else a View says.
type lateKey struct {
	call                     *int
	container                *edit[draft]
	kind, podName, namespace string
	grace                    int64
	native                   bool
}

func lateKeyOf(call *int, d *draft) lateKey {
	v := d.view
	return lateKey{call, d.history, v.Kind(), v.PodName(), v.Namespace(), v.GracePeriodSeconds(), v.Native()}
}

// maxMemo bounds the memory: a cluster has fewer workloads with one helper at a time.
const maxMemo = 1024

// late gives what a Late function made for such a pod before, else what it makes now.
func (m *lateMemo) late(key lateKey, make func() *edit[draft]) *edit[draft] {
	if m == nil {
		return make()
	}
	m.mu.Lock()
	made, there := m.made[key]
	m.mu.Unlock()
	if there {
		return made
	}
	made = make()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil || len(m.made) >= maxMemo {
		m.made = map[lateKey]*edit[draft]{}
	}
	m.made[key] = made
	return made
}
