package jsonread

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// An object that is read into room of others is none the worse for it, and neither is one
// that is read before the room is released.
func TestRoomIsUsedAgain(t *testing.T) {
	var room Room
	var held []corev1.Pod
	var want []corev1.Pod
	for i, document := range examples(t) {
		if !strings.Contains(string(document), `"kind":"Pod"`) {
			continue
		}
		var alone, got corev1.Pod
		require.NoError(t, Unmarshal(document, &alone))
		require.NoError(t, room.Unmarshal(document, &got))
		held, want = append(held, got), append(want, alone)
		require.Equal(t, want, held)
		for _, c := range got.Spec.Containers {
			require.Equal(t, len(c.Env), cap(c.Env), "who appends writes over the next list")
		}
		if i%5 == 0 {
			room.Release()
			held, want = nil, nil
		}
	}
}

// Lists outgrow the room, and room that one large object took isn't kept.
func TestRoomGrows(t *testing.T) {
	var room Room
	for _, n := range []int{0, 1, 5, 1000, 3, 257, 4} {
		var pod, got corev1.Pod
		for i := range n {
			c := corev1.Container{Name: fmt.Sprint("c", i)}
			for k := range i % 7 {
				c.Env = append(c.Env, corev1.EnvVar{Name: fmt.Sprint("E", k)})
			}
			pod.Spec.Containers = append(pod.Spec.Containers, c)
		}
		data, err := json.Marshal(pod)
		require.NoError(t, err)
		require.NoError(t, Unmarshal(data, &pod))
		require.NoError(t, room.Unmarshal(data, &got))
		require.Equal(t, pod, got, "%d containers", n)
		room.Release()
		for _, s := range room.slabs {
			require.LessOrEqual(t, s.structs.Len(), largest)
			require.Zero(t, s.taken)
		}
	}
}

// To read a pod again allocates less: lists and structs are there.
func TestRoomSaves(t *testing.T) {
	var room Room
	data := []byte(`{"spec":{"containers":[{"name":"a","env":[{"name":"A"}],"livenessProbe":{"httpGet":{"port":1}}},{"name":"b"},{"name":"c"}]}}`)
	var spec struct {
		Spec corev1.PodSpec `json:"spec"`
	}
	read := func(unmarshal func([]byte, any) error) func() {
		return func() {
			spec.Spec = corev1.PodSpec{}
			require.NoError(t, unmarshal(data, &spec))
		}
	}
	require.Less(t, bytesOf(func() { read(room.Unmarshal)(); room.Release() }), bytesOf(read(Unmarshal))/2)
}

// bytesOf gives what a function allocates when it is called once more.
func bytesOf(f func()) int {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		f()
	}
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc-before.TotalAlloc) / 100
}

type tree struct {
	Name  string `json:"name"`
	Parts []tree `json:"parts"`
	One   *tree  `json:"one"`
}

// A type that has lists of itself is read as without room.
func TestRoomForATypeThatHasItself(t *testing.T) {
	for _, text := range []string{
		`{"name":"a","parts":[{"name":"b"},{"name":"c","parts":[{"name":"d"},{"name":"e"}]},{"name":"f"}]}`,
		`{"parts":[{"one":{"name":"a"}},{"one":{"one":{"name":"b"}}},{"name":"c"}]}`,
		`{"one":{"parts":[{},{}],"one":{"parts":[{"name":"a"}]}}}`,
		`{"parts":[{"parts":[]}]}`,
		`{"parts":[{"parts":[{"parts":[{"name":"deep"}]}]}]}`,
		`{"parts":[{"parts":[{"name":"a"},{"name":"b"},{"name":"c"},{"name":"d"},{"name":"e"}]}]}`,
		`{"parts":[{"name":"a"},{"name":"b"},{"name":"c"},{"parts":[{"name":"d"},{"name":"e"},{"name":"f"},{"name":"g"}]}]}`,
	} {
		requireSame[tree](t, []byte(text))
	}
}
