package yamlenc

import (
	"bytes"
	"reflect"
	"sync"
)

// AppendYAML appends an object as one YAML document, without a separator.
func AppendYAML(dst []byte, object any) ([]byte, error) {
	return encode(dst, object, encoder{yaml: true, indent: -indentation, inline: true, line: len(dst)})
}

// AppendJSON appends an object as JSON with sorted keys.
func AppendJSON(dst []byte, object any) ([]byte, error) {
	return encode(dst, object, encoder{})
}

// encoder is the state of one call: it belongs to the call, and so does all in it.
type encoder struct {
	buf   []byte
	room  []byte   // for a text that is copied when its length is known
	keys  []string // room for the sorted keys of the maps that are being printed
	yaml  bool
	depth int
	free  bool // of the limit of depth: what is printed is a tree that JSON gave
	err   error

	// Of YAML only: how far the mapping or list that is being printed is indented, whether
	// the next value goes on where the last byte stands, and where the line starts.
	indent int
	inline bool
	line   int
}

// encoders are those that no call has, *encoder: each has room left of earlier calls.
var encoders = sync.Pool{New: func() any {
	return &encoder{room: make([]byte, 0, usualRoom), keys: make([]string, 0, 16)}
}}

const (
	usualRoom = 8 << 10
	// What is kept for the next call, which has to clear it, is bounded.
	largestRoom = 1 << 20
	mostKeys    = 1 << 10
)

// encode prints an object behind what is in dst; where that has no room, into a text that
// takes no more than its length.
func encode(dst []byte, object any, as encoder) ([]byte, error) {
	e := encoders.Get().(*encoder)
	as.room, as.keys = e.room, e.keys
	as.buf = dst
	if cap(dst) == 0 {
		as.buf = e.room
	}
	*e = as
	err := e.document(object)
	text := e.buf
	if cap(dst) == 0 {
		text = bytes.Clone(text)
		if cap(e.buf) <= largestRoom {
			as.room = e.buf[:0]
		}
	}
	if cap(e.keys) <= mostKeys {
		as.keys = e.keys[:0]
	}
	clear(as.keys[:cap(as.keys)])
	*e = encoder{room: as.room, keys: as.keys}
	encoders.Put(e)
	return text, err
}

func (e *encoder) document(object any) error {
	before, start := len(e.buf), *e
	e.value(object, true)
	if e.err != nil {
		// It can't be printed, or is so deep that it may hold itself: encoding/json
		// knows, and has the words for it.
		*e = start
		e.free = true
		e.byJSON(object)
	}
	if e.err != nil {
		e.buf = e.buf[:before]
		return e.err
	}
	if e.yaml && len(e.buf) > e.line {
		e.buf = append(e.buf, '\n')
	}
	return nil
}

// value prints what any variable holds.
func (e *encoder) value(x any, document bool) {
	v := reflect.ValueOf(x)
	if !v.IsValid() {
		e.null()
		return
	}
	planOf(v.Type(), document && ofKubernetes(v.Type())).encode(e, v)
}

// maxDepth is where an object is taken for one that holds itself.
const maxDepth = 1000

// enter says whether to go on; what is entered is left by leave.
func (e *encoder) enter() bool {
	e.depth++
	if e.depth > maxDepth && !e.free {
		e.err = errDeep
	}
	return e.err == nil
}

func (e *encoder) leave() { e.depth-- }
