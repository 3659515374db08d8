package yamlenc

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"
)

// A quantity has the text that it was read from, or that String makes.
func TestQuantities(t *testing.T) {
	all := []resource.Quantity{{}, {Format: "other"}, *resource.NewQuantity(math.MinInt64, resource.BinarySI), *resource.NewQuantity(math.MaxInt64, resource.DecimalSI)}
	for _, text := range []string{"0", "-0", "+0", "00", "0.0", "1", "+1", "01", "1.0", "1.5", "-1", "100m", "0.1", "1000", "1000m", "1k", "1e3", "1E3", "12e6", "1024", "1Ki", "+3Ki", "003Ki", "8Ki", "256Mi", "0.5Gi", "1.5Gi", "1Ei", "8Ei", "100Ei", "1n", "1u", "123456789012345678901234567890", "9223372036854775807", "9223372036854775808"} {
		all = append(all, resource.MustParse(text))
	}
	r := rand.New(rand.NewPCG(9, 10))
	for range 5_000 {
		n := r.Int64() >> r.IntN(64)
		for range r.IntN(7) {
			n = n / 1000 * []int64{1000, 1024, 10}[r.IntN(3)]
		}
		format := []resource.Format{resource.BinarySI, resource.DecimalSI, resource.DecimalExponent}[r.IntN(3)]
		all = append(all, *resource.NewQuantity(n, format), *resource.NewQuantity(-n, format), *resource.NewScaledQuantity(n%1000, resource.Scale(r.IntN(12)-6)))
	}
	for _, q := range all {
		requireSame(t, map[string]*resource.Quantity{"q": &q})
		known := q
		known.Add(resource.MustParse("1"))
		known.Sub(resource.MustParse("1"))
		before := known
		requireSame(t, &known)
		require.Equal(t, before, known, "nobody writes to it")
	}
}
