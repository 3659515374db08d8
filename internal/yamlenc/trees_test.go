package yamlenc

import (
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What sigs.k8s.io/yaml makes of the numbers of JSON.
func TestNumbers(t *testing.T) {
	for _, text := range []string{
		"0", "-0", "1", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809",
		"0.0", "-0.0", "1.0", "1.50", "1e3", "1E3", "1e+3", "1e-3", "1.5e300", "1e400", "-1e400", "1e-400", "0.1", "123456789012345678901234567890", "1e21", "1e20", "",
	} {
		requireSame(t, map[string]any{"n": json.Number(text), "list": []any{json.Number(text)}})
	}
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1.5, 1e20, 1e21, 1e22, 1e-6, 1e-7, 123456789, 9007199254740993, math.MaxFloat64, math.SmallestNonzeroFloat64, math.MaxInt64, 0.1} {
		requireSame(t, map[string]any{"n": f, "small": float32(f)})
	}
	for _, wrong := range []any{json.Number("x"), json.Number(" 1"), json.Number("1 "), json.Number("[1"), json.Number("01"), json.Number("1 2"), json.Number("-"), math.NaN(), math.Inf(1)} {
		_, _, err := viaJSON(map[string]any{"n": wrong})
		require.Error(t, err)
		requireSame(t, map[string]any{"n": wrong})
	}
}

func TestTrees(t *testing.T) {
	for _, x := range []any{
		nil, true, 1, int8(2), uint64(math.MaxUint64), 1.5, "a", map[string]any(nil), map[string]any{}, []any(nil), []any{}, []any{nil},
		map[string]any{"a": nil, "b": map[string]any(nil), "c": []any(nil), "d": map[string]any{}, "e": []any{}, "f": []string{"x"}, "g": map[string]int{"y": 1}, "h": []byte("hello"), "i": [2]int{1, 2}},
		map[string]any{"a\xff": 1, "a\xfe": 2, "a\xfd": 3, "a\ufffd": 4, "b": 5},
		[]any{map[string]any{}, []any{}, map[string]any{"a": []any{}}, []any{map[string]any{"b": []any{[]any{nil}}}}},
	} {
		requireSame(t, x)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 3_000 {
		requireSame(t, randomTree(r, 4))
	}
}

func randomTree(r *rand.Rand, depth int) any {
	switch k := r.IntN(9); {
	case depth > 0 && k < 3:
		m := make(map[string]any)
		for _, k := range ordered(randomKeys(r)) {
			m[k] = randomTree(r, depth-1)
		}
		return m
	case depth > 0 && k < 5:
		list := make([]any, r.IntN(4))
		for i := range list {
			list[i] = randomTree(r, depth-1)
		}
		return list
	case k < 6:
		return randomKey(r)
	case k < 7:
		return r.Int64N(100)
	case k < 8:
		return r.NormFloat64()
	}
	return []any{nil, true, false, "", "null", json.Number("1.50")}[r.IntN(6)]
}

// randomKeys gives keys that are alike, so that their order is in question.
func randomKeys(r *rand.Rand) []string {
	keys := make([]string, r.IntN(7))
	for i := range keys {
		keys[i] = randomKey(r)
	}
	return keys
}

func randomKey(r *rand.Rand) string {
	if r.IntN(20) == 0 {
		return randomText(r)
	}
	parts := strings.Split("a b A é 网 0 0 00 1 2 10 9 - _ . / ٣ ٤ \xff \U0001f600 99999999999999999999", " ")
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(parts[r.IntN(len(parts))])
	}
	return b.String()
}

// ordered leaves out the keys that would close a circle in the order of sigs.k8s.io/yaml,
// which then prints another order each time.
func ordered(keys []string) []string {
	var out []string
	for _, k := range keys {
		if k = valid(k); !closesCircle(append(out, k)) {
			out = append(out, k)
		}
	}
	return out
}

func closesCircle(keys []string) bool {
	for _, a := range keys {
		for _, b := range keys {
			for _, c := range keys {
				if compareKeys(a, b) < 0 && compareKeys(b, c) < 0 && compareKeys(a, c) >= 0 {
					return true
				}
			}
		}
	}
	return false
}

// Of two keys it is always the same one that comes first.
func TestTheOrderOfTwoKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 5_000 {
		requireSame(t, map[string]string{randomKey(r): "1", randomKey(r): "2"})
	}
}

// A map is printed in one order, also where the order of its keys goes in a circle.
func TestKeysHaveOneOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	sets := [][]string{{"11", "1a", "2"}}
	require.True(t, closesCircle(sets[0]))
	for range 500 {
		sets = append(sets, randomKeys(r))
	}
	for _, keys := range sets {
		m := make(map[string]string)
		for _, k := range keys {
			m[k] = ""
		}
		want, err := AppendYAML(nil, m)
		require.NoError(t, err)
		for range 10 {
			got, err := AppendYAML(nil, maps.Clone(m))
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		}
	}
}
