package yamlenc

import (
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"
)

// quantity prints a quantity. String keeps its result in what it is asked of, which is
// the caller's: so it is asked of a copy.
func (e *encoder) quantity(q *resource.Quantity) {
	var room [32]byte
	if text, ok := appendInteger(room[:0], q); ok {
		e.string(string(text))
		return
	}
	own := *q
	e.string(own.String())
}

func isZeroQuantity(q *resource.Quantity) bool {
	own := *q
	return q.IsZero() && own.String() == "0"
}

// appendInteger appends a natural number that doesn't know its text: String would make it with
// two allocations, and most objects have many.
func appendInteger(b []byte, q *resource.Quantity) ([]byte, bool) {
	n, ok := q.AsInt64()
	if !ok || n < 0 || knowsItsText(*q) {
		return nil, false
	}
	base, suffixes := int64(1000), decimal
	if q.Format == resource.BinarySI && n >= 1024 {
		base, suffixes = 1024, binary
	} else if q.Format != resource.BinarySI && q.Format != resource.DecimalSI {
		return nil, false
	}
	times := 0
	for n != 0 && n%base == 0 {
		n /= base
		times++
	}
	return append(strconv.AppendInt(b, n, 10), suffixes[times]...), true
}

var (
	decimal = []string{"", "k", "M", "G", "T", "P", "E"}
	binary  = []string{"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"}
)

// knowsItsText says whether an integer keeps the text that it was read from: nothing else
// is different once it has been negated twice, by which it forgets that.
func knowsItsText(q resource.Quantity) bool {
	other := q
	other.Neg()
	other.Neg()
	return other != q
}
