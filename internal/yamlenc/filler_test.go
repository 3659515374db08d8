package yamlenc

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// filler fills objects at random; it sets every field at one time or another, and leaves
// it at another.
type filler struct {
	*rand.Rand
	likely float64                 // how likely a field is set
	deep   int                     // how deep
	room   int                     // how many values may still be made
	plain  bool                    // it makes only what YAML gives back
	filled func(reflect.Type, int) // is told of each field
}

// newFiller makes objects of every size: some hold nearly nothing, some nearly all. The
// first one has all its fields, but little in them.
func newFiller(seed uint64) *filler {
	r := rand.New(rand.NewPCG(seed, 7))
	f := &filler{r, r.Float64(), 12, 300, false, func(reflect.Type, int) {}}
	if seed == 0 {
		f.likely, f.deep = 2, 1
	}
	return f
}

// object gives an object of a type.
func (f *filler) object(t reflect.Type) any {
	v := reflect.New(t)
	f.fill(v.Elem(), 0)
	return v.Interface()
}

func (f *filler) fill(v reflect.Value, depth int) {
	f.room--
	if f.special(v) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, i := range f.Perm(v.NumField()) {
			if f.sets(v.Field(i), depth) {
				f.filled(v.Type(), i)
				f.fill(v.Field(i), depth+1)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), f.length(), 4))
		for i := range v.Len() {
			f.fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		keys := make([]string, f.length())
		for i := range keys {
			keys[i] = f.text()
		}
		v.Set(reflect.MakeMap(v.Type()))
		for _, k := range ordered(keys) {
			value := reflect.New(v.Type().Elem()).Elem()
			f.fill(value, depth+1)
			v.SetMapIndex(reflect.ValueOf(k).Convert(v.Type().Key()), value)
		}
	case reflect.String:
		v.SetString(f.text())
	case reflect.Bool:
		v.SetBool(f.IntN(2) == 0)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(f.number())
	case reflect.Uint8:
		v.SetUint(f.Uint64() & 0xff)
	case reflect.Uint64:
		v.SetUint(f.Uint64())
	case reflect.Float64:
		v.SetFloat([]float64{0, 1, -1.5, 1e21, 1e-7, 1e20, 123456789}[f.IntN(7)])
	default:
		panic(fmt.Sprintf("no value for a %s", v.Type()))
	}
}

// length is that of a list or map; an empty one may be left out.
func (f *filler) length() int {
	if f.plain {
		return 1 + f.IntN(3)
	}
	return f.IntN(4)
}

// sets says whether a field is set. What comes after much is left.
func (f *filler) sets(v reflect.Value, depth int) bool {
	if v.Kind() == reflect.Struct && depth < 8 && f.IntN(10) > 0 {
		return true
	}
	return depth <= f.deep && f.room > 0 && f.Float64() < f.likely/(1+float64(depth)/8)
}

// special fills what isn't what its kind says.
func (f *filler) special(v reflect.Value) bool {
	switch x := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*x = f.quantity()
	case *intstr.IntOrString:
		*x = intstr.FromInt32(int32(f.number()))
		if f.IntN(2) == 0 {
			*x = intstr.FromString(f.text())
		}
	case *metav1.Time:
		x.Time = f.time()
	case *metav1.MicroTime:
		x.Time = f.time()
	case *metav1.Duration:
		x.Duration = time.Duration(f.number())
	case *metav1.FieldsV1:
		x.SetRawBytes([]byte(`{"f:metadata":{"f:name":{}},"a":[1.5,null,"<x>"]}`))
	case *runtime.RawExtension:
		x.Raw = []byte(`{"kind":"X","n":12345678901234567890,"list":[{},[],"a\u2028"]}`)
		if f.IntN(3) == 0 {
			*x = runtime.RawExtension{Object: &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Data: map[string]string{"a": f.text()}}}
		}
	default:
		return false
	}
	return true
}

// quantity gives one that knows its text, and one that doesn't.
func (f *filler) quantity() resource.Quantity {
	switch f.IntN(3) {
	case 0:
		return resource.MustParse([]string{"0", "1", "100m", "1.5", "2Gi", "1e3", "0.5Gi", "-1", "1000", "123456789012345678901234567890"}[f.IntN(10)])
	case 1:
		return *resource.NewMilliQuantity(f.number(), resource.DecimalSI)
	}
	return *resource.NewQuantity(f.number(), []resource.Format{resource.DecimalSI, resource.BinarySI, resource.DecimalExponent}[f.IntN(3)])
}

func (f *filler) time() time.Time {
	if !f.plain && f.IntN(4) == 0 {
		return time.Time{}
	}
	return time.Unix(f.Int64N(1<<33), f.Int64N(1e9)).In(time.FixedZone("somewhere", 3600*f.IntN(5)))
}

func (f *filler) number() int64 {
	switch f.IntN(4) {
	case 0:
		return 0
	case 1:
		return int64(f.Uint64())
	}
	return f.Int64N(100)
}

// text gives a name mostly, and else any text.
func (f *filler) text() string {
	kind := f.IntN(8)
	switch {
	case f.plain:
	case kind == 0:
		return randomText(f.Rand)
	case kind == 1:
		all := nasty()
		return all[f.IntN(len(all))]
	}
	return strings.Repeat("name-", f.IntN(3)) + []string{"web", "app.kubernetes.io/name", "registry.example.com/web:1.2.3", "/var/log", "8080", "100m", "true", "a1", "a10", "a2"}[f.IntN(10)]
}
