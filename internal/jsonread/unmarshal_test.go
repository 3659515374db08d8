package jsonread

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// requireSame holds one reading to that of apimachinery, errors included.
func requireSame[T any](t *testing.T, data []byte) {
	t.Helper()
	var want, got T
	wantErr, gotErr := utiljson.Unmarshal(data, &want), Unmarshal(data, &got)
	require.Equal(t, wantErr, gotErr, "%s", data)
	require.Equal(t, want, got, "%s", data)
	var room Room
	for range 3 { // the second time in the room of the first
		var again T
		require.Equal(t, wantErr, room.Unmarshal(data, &again), "%s", data)
		require.Equal(t, want, again, "%s", data)
		room.Release()
	}
}

// isPlain says whether data is read without apimachinery.
func isPlain[T any](data []byte) bool {
	var v T
	return (&reader{data: data}).plain(reflect.ValueOf(&v).Elem())
}

type inner struct {
	Inner string `json:"inner"`
}

type all struct {
	inner   `json:",inline"`
	Text    string            `json:"text"`
	Name    name              `json:"name"`
	Yes     *bool             `json:"yes"`
	Small   int8              `json:"small"`
	Number  *int64            `json:"number"`
	List    []string          `json:"list"`
	Objects []inner           `json:"objects"`
	Map     map[string]string `json:"map"`
	Named   map[name]*inner   `json:"named"`
	Itself  *all              `json:"itself"`
	Raw     json.RawMessage   `json:"raw"`
	Bytes   []byte            `json:"bytes"`
	Any     any               `json:"any"`
	Not     string            `json:"-"`
	//lint:ignore SA5008 this is how a field is named -
	Dash string `json:"-,"`
	Bare string
}

type name string

func TestUnmarshal(t *testing.T) {
	for _, tt := range []struct {
		text  string
		plain bool
	}{
		{`{}`, true}, {`null`, true}, {` { } `, true}, {``, false}, {`{`, false}, {`[]`, false}, {`"a"`, false}, {`{} {}`, false}, {`{},`, false},
		{`{"text":"a","name":"b","yes":true,"small":-12,"number":9223372036854775807,"list":["a","b"],"map":{"a":"b"},"named":{"a":{"inner":"b"}},"objects":[{"inner":"a"},{}]}`, true},
		{"\t{ \"text\" :\r\n\"a\" , \"list\" : [ \"a\" , \"b\" ] }\n", true},
		{`{"text":null,"name":null,"yes":null,"small":null,"number":null,"list":null,"map":null,"named":{"a":null},"objects":[null],"itself":null,"raw":null}`, true},
		{`{"list":[],"map":{},"named":{},"objects":[]}`, true}, {`{"map":{"a":null,"b":"c"}}`, true},
		{`{"itself":{"itself":{"text":"deep"}}}`, true},
		{`{"inner":"a"}`, true},
		{`{"Text":"a","TEXT":"b","-":"c","Bare":"d","Not":"e","inner ":"f"}`, true}, // case-sensitive
		{`{"unknown":{"a":[1,-0.5e+7,"a\u00e9",true,false,null,{}]},"text":"a"}`, true},
		{`{"text":"\u00e9\ud83d\ude00\"\\\/\n","map":{"\u00e9":"é","a\"":"世"}}`, true},
		{"{\"text\":\"\xff\",\"map\":{\"\xff\":\"\xc3\"}}", true},
		{`{"text":"\ud83d"}`, true},
		{`{"raw":{"a": [1, 2]},"text":"a"}`, true},
		{`{"small":-128}`, true}, {`{"small":128}`, false}, {`{"small":1.0}`, false}, {`{"small":1e2}`, false}, {`{"small":-0}`, true}, {`{"small":"1"}`, false},
		{`{"small":01}`, false}, {`{"small":+1}`, false}, {`{"small":.5}`, false}, {`{"small":-}`, false}, {`{"unknown":1.}`, false}, {`{"unknown":1e}`, false}, {`{"unknown":01}`, false},
		{`{"text":"a","text":"b"}`, false}, {`{"itself":{"text":"a"},"itself":{"inner":"b"}}`, false}, {`{"map":{"a":"b","a":"c"}}`, true},
		{`{"t\u0065xt":"a"}`, false}, {`{"text":1}`, false}, {`{"text":["a"]}`, false}, {`{"list":{}}`, false}, {`{"list":["a",1]}`, false}, {`{"map":[]}`, false}, {`{"map":{"a":1}}`, false}, {`{"yes":"true"}`, false}, {`{"yes":1}`, false},
		{`{"text":"a",}`, false}, {`{,}`, false}, {`{"list":["a",]}`, false}, {`{"list":["a" "b"]}`, false}, {`{"text" "a"}`, false}, {`{text:"a"}`, false}, {`{"text":'a'}`, false},
		{`{"unknown":tru}`, false}, {`{"unknown":nul}`, false}, {`{"unknown":truefalse}`, false}, {`{"unknown":"\x"}`, false}, {"{\"text\":\"a\nb\"}", false}, {"{\"unknown\":\"a\x00b\"}", false}, {`{"unknown":"a`, false}, {`{"text":"a\`, false}, {`{"unknown":{"\x":1}}`, false},
		{`{"any":1}`, false}, {`{"any":null}`, false}, {`{"bytes":"YQ=="}`, false}, {`{"raw":}`, false}, {`{"raw":01}`, false},
		{`{"unknown":` + strings.Repeat("[", 150) + strings.Repeat("]", 150) + `}`, true},
		{`{"unknown":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`, false},
		{`{"unknown":[[1]` + strings.Repeat(",[1]", 250) + `],"text":"many, and not deep"}`, true},
		{strings.Repeat(`{"itself":`, 250) + `{}` + strings.Repeat(`}`, 250), false},
		{strings.Repeat(`[`, 1000000), false},
	} {
		requireSame[all](t, []byte(tt.text))
		require.Equal(t, tt.plain, isPlain[all]([]byte(tt.text)), tt.text)
	}
}

// Types that it doesn't take for plain are read all the same.
func TestOtherTypes(t *testing.T) {
	requireSame[map[int]string](t, []byte(`{"1":"a"}`))
	for _, text := range []string{`{"n":"1"}`, `{"n":1}`} {
		requireSame[struct {
			N int `json:"n,string"`
		}](t, []byte(text))
	}
	for _, text := range []string{`{"inner":1}`, `{"inner":"a"}`} { // the outer field is the one, wherever it stands
		requireSame[struct {
			inner
			Inner int `json:"inner"`
		}](t, []byte(text))
		requireSame[struct {
			Inner int `json:"inner"`
			inner
		}](t, []byte(text))
	}
	requireSame[struct {
		hidden string
		Text   string `json:"text"`
	}](t, []byte(`{"hidden":"a","text":"b"}`))
	requireSame[loud](t, []byte(`"a"`))
	requireSame[map[loud]string](t, []byte(`{"a":"b"}`))
	requireSame[map[string]int8](t, []byte(`{"a":128,"b":1}`))
	requireSame[metav1.Time](t, []byte(`"yesterday"`))
	requireSame[any](t, []byte(`{"a":[1,1.5]}`))
	requireSame[[2]string](t, []byte(`["a","b"]`))
	requireSame[float64](t, []byte(`1.5`))
	requireSame[uint8](t, []byte(`1`))
	requireSame[**string](t, []byte(`"a"`))
}

// loud reads itself from a text.
type loud string

func (l *loud) UnmarshalText(text []byte) error {
	*l = loud(strings.ToUpper(string(text)))
	return nil
}

// A struct may have more fields than can be told apart: a field that comes twice is read
// into what is there, also if it is the last.
func TestMoreFieldsThanAreToldApart(t *testing.T) {
	for _, n := range []int{most, most + 1} {
		var list []reflect.StructField
		for i := range n {
			list = append(list, reflect.StructField{Name: fmt.Sprint("F", i), Type: reflect.TypeFor[*inner]()})
		}
		last := fmt.Sprint("F", n-1)
		for text, isPlain := range map[string]bool{
			fmt.Sprintf(`{%q:{"inner":"a"}}`, last):             n == most,
			fmt.Sprintf(`{%q:{"inner":"a"},%q:{}}`, last, last): false,
		} {
			want, got := reflect.New(reflect.StructOf(list)), reflect.New(reflect.StructOf(list))
			require.NoError(t, utiljson.Unmarshal([]byte(text), want.Interface()))
			require.Equal(t, isPlain, (&reader{data: []byte(text)}).plain(got.Elem()), text)
			got.Elem().SetZero()
			require.NoError(t, Unmarshal([]byte(text), got.Interface()))
			require.Equal(t, want.Interface(), got.Interface(), text)
		}
	}
}

// What the API server sends is plain: it is read without apimachinery, and the same.
func TestObjectsArePlain(t *testing.T) {
	documents := examples(t)
	pods := 0
	for _, document := range documents {
		switch {
		case strings.Contains(string(document), `"kind":"Pod"`):
			pods++
			requirePlain[corev1.Pod](t, document)
		case strings.Contains(string(document), `"kind":"Deployment"`):
			requirePlain[appsv1.Deployment](t, document)
		case strings.Contains(string(document), `"kind":"StatefulSet"`):
			requirePlain[appsv1.StatefulSet](t, document)
		case strings.Contains(string(document), `"kind":"CronJob"`):
			requirePlain[batchv1.CronJob](t, document)
		}
	}
	require.Greater(t, pods, 10)
}

func requirePlain[T any](t *testing.T, data []byte) {
	t.Helper()
	requireSame[T](t, data)
	require.True(t, isPlain[T](data), "%s", data)
}

// examples are those of this project, in JSON.
func examples(t testing.TB) [][]byte {
	t.Helper()
	var out [][]byte
	for _, pattern := range []string{"../../examples/*/*.yaml", "../../examples/seeds/testdata/*.yaml", "../../sidecar/testdata/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, document := range strings.Split(string(text), "\n---\n") {
				j, err := yaml.YAMLToJSON([]byte(document))
				require.NoError(t, err, file)
				out = append(out, j)
			}
		}
	}
	require.Greater(t, len(out), 50)
	return out
}

// FuzzPod reads what looks like a pod both ways.
func FuzzPod(f *testing.F) {
	for _, document := range examples(f) {
		f.Add(document)
	}
	f.Add([]byte(`{"metadata":{"creationTimestamp":null,"managedFields":[{"time":"2026-01-01T00:00:00Z","fieldsV1":{"f:a":{}}}]},"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":1,"memory":"1Gi"}},"ports":[{"containerPort":80}]}],"nodeSelector":{"a":"b"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		requireSame[corev1.Pod](t, data)
	})
}

func BenchmarkPod(b *testing.B) {
	var pod []byte
	for _, document := range examples(b) {
		if strings.Contains(string(document), `"kind":"Pod"`) && len(document) > len(pod) {
			pod = document
		}
	}
	for name, read := range map[string]func([]byte, any) error{"plain": Unmarshal, "apimachinery": utiljson.Unmarshal} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(pod)))
			for b.Loop() {
				var p corev1.Pod
				if err := read(pod, &p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
