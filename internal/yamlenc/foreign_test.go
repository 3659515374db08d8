package yamlenc

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type (
	ownJSON    struct{ A int }
	ownPointer struct{ A int }
	ownText    struct{ A string }
	ownFailing struct{}
	textKey    struct{ A string }
	ownKey     string
	ownZero    struct{ A int }
	inner      struct {
		Name, Other string
		Deep        int `json:"deep"`
	}
	hidden struct{ Seen string }
	tagged struct {
		Name string `json:"Other"`
	}
	everyKind struct {
		inner
		hidden
		metav1.TypeMeta `json:",inline"`
		Embedded        metav1.Time
		B               bool              `json:"b"`
		I8              int8              `json:"i8,omitempty"`
		U               uint32            `json:"u"`
		F               float32           `json:"f,omitempty"`
		Name            string            `json:"name,omitempty"`
		Bytes           []byte            `json:"bytes"`
		Empty           []string          `json:"empty,omitempty"`
		Array           [3]uint8          `json:"array"`
		Any             any               `json:"any"`
		None            any               `json:"none,omitempty"`
		P               **int             `json:"p"`
		Raw             json.RawMessage   `json:"raw"`
		N               json.Number       `json:"n"`
		M               map[ownKey]*inner `json:"m"`
		Ints            map[int]string    `json:"ints"`
		Texts           map[textKey]int   `json:"texts"`
		Own             ownJSON           `json:"own"`
		OwnP            *ownPointer       `json:"ownP"`
		OwnV            ownPointer        `json:"ownV"`
		OwnMap          map[string]ownPointer
		Text            ownText      `json:"text"`
		Zero            ownZero      `json:"zero,omitzero"`
		ZeroTime        metav1.Time  `json:"zeroTime,omitzero"`
		ZeroP           *metav1.Time `json:"zeroP,omitzero"`
		ZeroInt         int          `json:"zeroInt,omitzero"`
		Skipped         string       `json:"-"`
		unexported      string
		HTML            string            `json:"<&>"`
		Status          struct{}          `json:"status"`
		Pod             *corev1.PodSpec   `json:"pod"`
		Q               resource.Quantity `json:"q"`
		Port            intstr.IntOrString
	}
	quoted struct {
		N int `json:"n,string"`
	}
	embedsPointer struct {
		*inner
		B int
	}
	same struct {
		inner
		tagged
		Other2 struct{ hidden }
	}
	shadows struct {
		inner
		Name string
	}
	named struct {
		hidden `json:"h"`
		A      int
	}
	embedsText struct {
		ownKey
		A int
	}
	ownByte uint8
	circle  struct {
		Next *circle        `json:"next,omitempty"`
		All  map[string]any `json:"all,omitempty"`
	}
)

var errOwn = errors.New("no words for it")

func (ownJSON) MarshalJSON() ([]byte, error)     { return []byte(`{ "z": 1.50, "a": "<&>" }`), nil }
func (*ownPointer) MarshalJSON() ([]byte, error) { return []byte(`"by pointer"`), nil }
func (x ownText) MarshalText() ([]byte, error)   { return []byte("text " + x.A), nil }
func (ownFailing) MarshalJSON() ([]byte, error)  { return nil, errOwn }
func (ownByte) MarshalText() ([]byte, error)     { return []byte("byte"), nil }
func (x textKey) MarshalText() ([]byte, error)   { return []byte(x.A), nil }
func (x *ownZero) IsZero() bool                  { return x.A == 7 }

// A type of anybody is printed as encoding/json has it, whatever its kind is.
func TestTypesOfOthers(t *testing.T) {
	one := new(1)
	filled := everyKind{
		inner: inner{"n", "o", 1}, hidden: hidden{"s"}, TypeMeta: metav1.TypeMeta{Kind: "K"}, B: true, I8: 1, F: 1.5, Name: "x", Bytes: []byte("12"), Array: [3]uint8{1},
		Any: map[string]any{"a": []int{1}}, P: &one, Raw: json.RawMessage(`{"b":1.0, "a":[]}`), N: "1.50", M: map[ownKey]*inner{"b": {}, "a": nil}, Ints: map[int]string{10: "a", 9: "b"},
		Texts: map[textKey]int{{"k"}: 1}, OwnP: &ownPointer{}, OwnMap: map[string]ownPointer{"a": {1}}, Zero: ownZero{7}, unexported: "u", HTML: "<&>", Pod: &corev1.PodSpec{}, Q: resource.MustParse("1"),
	}
	for _, x := range []any{
		&filled, filled, &everyKind{}, everyKind{}, (*everyKind)(nil), []everyKind{filled}, []*everyKind{nil}, map[string]everyKind{"a": filled},
		ownJSON{}, &ownPointer{}, ownPointer{}, ownText{"a"}, ownKey("k"), &quoted{1}, &embedsPointer{}, &embedsPointer{inner: &inner{}}, &same{}, &shadows{inner: inner{Name: "deeper"}, Name: "n"}, []ownByte{1}, &named{hidden: hidden{"s"}}, &embedsText{ownKey: "k"}, &same{inner: inner{"a", "b", 1}},
		ownFailing{}, map[string]any{"a": ownFailing{}}, make(chan int), struct{ F func() }{}, &intstr.IntOrString{Type: 7}, map[bool]int{true: 1},
		&unstructured.Unstructured{}, &unstructured.Unstructured{Object: map[string]any{"status": map[string]any{}, "n": int64(1)}}, unstructured.Unstructured{Object: map[string]any{"a": "b"}},
		&unstructured.UnstructuredList{Items: []unstructured.Unstructured{{Object: map[string]any{"a": int64(1)}}}},
		&runtime.RawExtension{Raw: []byte(`{} {}`)}, &runtime.RawExtension{}, &runtime.RawExtension{Object: &corev1.Pod{}},
		metav1.NewFieldsV1("{"), &metav1.Duration{Duration: 90},
	} {
		requireSame(t, x)
	}
}

// What holds itself is an error, and what is merely deep is not.
func TestCircles(t *testing.T) {
	round := &circle{}
	round.Next = round
	tree := map[string]any{}
	tree["tree"] = tree
	for _, x := range []any{round, tree, &circle{All: tree}, []any{round}} {
		_, _, want := viaJSON(x)
		require.Error(t, want)
		text, err := AppendYAML([]byte("before"), x)
		require.EqualError(t, err, want.Error())
		require.Equal(t, "before", string(text))
	}
	deep := &circle{}
	for range 1_100 {
		deep = &circle{Next: deep}
	}
	requireSame(t, deep)
}
