package pattern

import (
	"strconv"
	"strings"
	"sync"

	"github.com/podpattern/podpattern/internal/jsonread"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// JSONPatch gives the RFC 6902 patch that does to an object in JSON what ApplyTo does to
// its pod template: a Pod, a workload, any other object with a pod template at
// spec.template, or a List of those. Fields that this library doesn't know survive, and
// nothing but the bundle's own parts is touched. Where nothing is to change the patch is
// an empty list. An object without a pod, and text that is no JSON, are errors.
func (b Injection) JSONPatch(raw []byte) ([]byte, error) {
	patch, found := b.Review(raw)
	return patch, found.Err()
}

// RemovalJSONPatch gives the patch that does what RemoveFrom does; otherwise as
// [Injection.JSONPatch].
func (b Injection) RemovalJSONPatch(raw []byte) ([]byte, error) {
	patch, found := b.review(raw, true)
	return patch, found.Err()
}

// Review gives what [Injection.JSONPatch] gives, and all findings that the bundle brings,
// the warnings too: what an admission webhook answers. With findings that make the pod
// unusable there is no patch.
func (b Injection) Review(raw []byte) (patch []byte, found check.Findings) {
	return b.review(raw, false)
}

func (b Injection) review(raw []byte, remove bool) ([]byte, check.Findings) {
	room := rawRooms.Get().(*jsonread.Room)
	defer func() {
		room.Release()
		rawRooms.Put(room)
	}()
	pods, err := rawPods(raw, room)
	if err != nil {
		return nil, noPodIn(err)
	}
	w := patchWriter{}
	var found check.Findings
	for _, p := range pods {
		in := b.inject(p.carried, remove)
		found = append(found, in.found...)
		if in.found.Err() == nil {
			w.pod(in, p)
			in.release()
		}
	}
	if found.Err() != nil {
		return nil, found
	}
	return w.bytes(), found
}

// rawRooms are those that no call has, *jsonread.Room: of a pod in JSON only the patch
// is left.
var rawRooms = sync.Pool{New: func() any { return new(jsonread.Room) }}

// patchWriter prints changes as a list of operations.
type patchWriter struct{ text []byte }

func (w *patchWriter) bytes() []byte {
	if len(w.text) == 0 {
		return []byte("[]")
	}
	return append(w.text, ']')
}

// pod prints the changes of one pod.
func (w *patchWriter) pod(in *injected, p rawPod) {
	if len(in.changes) == 0 {
		return
	}
	if p.noMetadata {
		w.op(added, p.pointer+"/metadata", struct{}{})
	}
	for i := range in.changes {
		w.change(&in.changes[i], p.pointer+in.changes[i].pointer(in.held.t))
	}
	if in.dropsMetadata() {
		w.op(removed, p.pointer+"/metadata", nil)
	}
}

// pointer gives the JSON pointer from a pod to a home of it.
func (h home) pointer(t *corev1.PodTemplateSpec) string {
	if !h.kind.ofContainer() {
		return "/" + homePaths[h.kind]
	}
	return "/spec/containers/" + strconv.Itoa(containerIndex(t, h.container)) + "/" + homePaths[h.kind]
}

func (w *patchWriter) change(c *change, at string) {
	switch {
	case c.drop:
		w.op(removed, at, nil)
	case !c.there:
		w.whole(c, at)
	default:
		for _, s := range c.steps {
			key := escapePointer(s.key)
			if !c.kind.keyed() {
				key = strconv.Itoa(s.index)
			}
			w.op(s.op, at+"/"+key, s.value)
		}
	}
}

// whole adds a home that isn't there.
func (w *patchWriter) whole(c *change, at string) {
	if c.kind.keyed() {
		value := make(map[string]any, len(c.steps))
		for _, s := range c.steps {
			value[s.key] = s.value
		}
		w.op(added, at, value)
		return
	}
	values := make([]any, len(c.steps))
	for i, s := range c.steps {
		values[i] = s.value
	}
	w.op(added, at, values)
}

func (w *patchWriter) op(o op, at string, value any) {
	if len(w.text) == 0 {
		w.text = append(make([]byte, 0, usualPatch), '[')
	} else {
		w.text = append(w.text, ',')
	}
	w.text = append(w.text, `{"op":"`...)
	w.text = append(w.text, o.String()...)
	w.text = append(w.text, `","path":`...)
	w.json(at)
	if o != removed {
		w.text = append(w.text, `,"value":`...)
		w.json(value)
	}
	w.text = append(w.text, '}')
}

// usualPatch is room for the patch that adds one helper.
const usualPatch = 4 << 10

// json writes a value without what says nothing, such as resources: {}.
func (w *patchWriter) json(value any) {
	list, is := value.([]any)
	if !is {
		w.text = appendJSON(w.text, value)
		return
	}
	w.text = append(w.text, '[')
	for i, x := range list {
		if i > 0 {
			w.text = append(w.text, ',')
		}
		w.json(x)
	}
	w.text = append(w.text, ']')
}

// escapePointer writes a key as part of a JSON pointer.
// docs: RFC 6901, section 3.
func escapePointer(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
}
