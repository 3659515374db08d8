package yamlenc

import (
	"reflect"
)

// AppendYAML appends an object as one YAML document, without a separator.
func AppendYAML(dst []byte, object any) ([]byte, error) {
	return encode(encoder{buf: dst, yaml: true, indent: -indentation, inline: true, line: len(dst)}, object)
}

// AppendJSON appends an object as JSON with sorted keys.
func AppendJSON(dst []byte, object any) ([]byte, error) {
	return encode(encoder{buf: dst}, object)
}

// encoder is the state of one call: it belongs to the call, and so does all in it.
type encoder struct {
	buf   []byte
	yaml  bool
	depth int
	free  bool // of the limit of depth: what is printed is a tree that JSON gave
	err   error
	keys  []string // room for the sorted keys of the maps that are being printed
	room  [16]string

	// Of YAML only: how far the mapping or list that is being printed is indented, whether
	// the next value goes on where the last byte stands, and where the line starts.
	indent int
	inline bool
	line   int
}

// usualSize is room for the text of an object that isn't large.
const usualSize = 8 << 10

func encode(e encoder, object any) ([]byte, error) {
	if cap(e.buf) == 0 {
		e.buf = make([]byte, 0, usualSize)
	}
	before, start := len(e.buf), e
	e.keys = e.room[:0]
	e.value(object, true)
	if e.err != nil {
		// It can't be printed, or is so deep that it may hold itself: encoding/json
		// knows, and has the words for it.
		e = start
		e.free = true
		e.byJSON(object)
	}
	if e.err != nil {
		return e.buf[:before], e.err
	}
	if e.yaml && len(e.buf) > e.line {
		e.buf = append(e.buf, '\n')
	}
	return e.buf, nil
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
