package yamlenc

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
)

func encodeBool(e *encoder, v reflect.Value) { e.bool(v.Bool()) }

func encodeInt(e *encoder, v reflect.Value) { e.int(v.Int()) }

func encodeUint(e *encoder, v reflect.Value) {
	e.space()
	e.buf = strconv.AppendUint(e.buf, v.Uint(), 10)
}

func encodeFloat(e *encoder, v reflect.Value) { e.float(v.Float(), v.Type().Bits()) }

func encodeString(e *encoder, v reflect.Value) {
	if v.Type() == reflect.TypeFor[json.Number]() {
		e.number(v.String())
		return
	}
	e.string(v.String())
}

func encodeBytes(e *encoder, v reflect.Value) {
	if v.IsNil() {
		e.null()
		return
	}
	e.string(base64.StdEncoding.EncodeToString(v.Bytes()))
}

func encodeInterface(e *encoder, v reflect.Value) {
	if !e.enter() {
		return
	}
	e.tree(v.Interface())
	e.leave()
}

func (p *plan) encodePointer(e *encoder, v reflect.Value) {
	if v.IsNil() {
		e.null()
		return
	}
	if !e.enter() {
		return
	}
	p.elem.encode(e, v.Elem())
	e.leave()
}

func (p *plan) encodeList(e *encoder, v reflect.Value) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		e.null()
		return
	}
	if !e.enter() {
		return
	}
	l := e.openList()
	for i := range v.Len() {
		e.item(&l)
		p.elem.encode(e, v.Index(i))
	}
	e.closeList(l)
	e.leave()
}

func (e *encoder) bool(b bool) {
	e.space()
	e.buf = strconv.AppendBool(e.buf, b)
}

func (e *encoder) int(n int64) {
	e.space()
	e.buf = strconv.AppendInt(e.buf, n, 10)
}

func (e *encoder) null() {
	e.space()
	e.buf = append(e.buf, "null"...)
}

func (e *encoder) float(f float64, bits int) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		e.err = errValue
		return
	}
	var x any = f
	if bits == 32 {
		x = float32(f)
	}
	text, err := json.Marshal(x)
	if err != nil {
		e.err = err
		return
	}
	e.number(string(text))
}

// number prints a number of JSON.
func (e *encoder) number(text string) {
	if text == "" {
		text = "0" // as encoding/json does
	}
	if c := text[0]; c != '-' && !isDigit(c) || !isDigit(text[len(text)-1]) || !json.Valid([]byte(text)) {
		e.err = errValue
		return
	}
	e.space()
	if e.yaml {
		e.buf = appendYAMLNumber(e.buf, text)
	} else {
		e.buf = append(e.buf, text...)
	}
}

// appendYAMLNumber prints a number as sigs.k8s.io/yaml does, which has the integers of 64
// bits and floats; what is neither is left as it is.
func appendYAMLNumber(b []byte, text string) []byte {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return strconv.AppendInt(b, n, 10)
	}
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return strconv.AppendUint(b, n, 10)
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.AppendFloat(b, f, 'g', -1, 64)
	}
	return append(b, text...)
}
