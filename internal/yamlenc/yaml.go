package yamlenc

// indentation is how much deeper the fields of a mapping stand than their key.
const indentation = 2

// opened is a mapping or list that is being printed.
type opened struct {
	indent int  // of what is around it
	inline bool // whether its first entry goes on where the last byte stands
	any    bool // whether it has an entry
}

// openMap begins a mapping. One without entries is known only at its end, so here nothing
// is printed in YAML.
func (e *encoder) openMap() opened {
	o := opened{indent: e.indent, inline: e.inline}
	e.indent += indentation
	if !e.yaml {
		e.buf = append(e.buf, '{')
	}
	return o
}

// openList begins a list, which stands below its key as far left as that.
func (e *encoder) openList() opened {
	o := opened{indent: e.indent, inline: e.inline}
	if o.inline {
		e.indent += indentation
	}
	if !e.yaml {
		e.buf = append(e.buf, '[')
	}
	return o
}

func (e *encoder) closeMap(o opened)  { e.close(o, "{}") }
func (e *encoder) closeList(o opened) { e.close(o, "[]") }

func (e *encoder) close(o opened, none string) {
	e.indent = o.indent
	switch {
	case !e.yaml:
		e.buf = append(e.buf, none[1])
	case !o.any:
		e.inline = o.inline
		e.space()
		e.buf = append(e.buf, none...)
	}
}

// next begins an entry.
func (e *encoder) next(o *opened) {
	if !e.yaml && o.any {
		e.buf = append(e.buf, ',')
	}
	if e.yaml && (o.any || !o.inline) {
		e.newLine(e.indent)
	}
	o.any = true
}

// item begins an entry of a list.
func (e *encoder) item(o *opened) {
	e.next(o)
	if e.yaml {
		e.buf = append(e.buf, '-', ' ')
		e.inline = true
	}
}

// name prints the key of a field.
func (e *encoder) name(f *field) {
	e.inline = false
	if e.yaml {
		e.buf = append(e.buf, f.yaml...)
	} else {
		e.buf = append(e.buf, f.json...)
	}
}

// space parts a value from its key.
func (e *encoder) space() {
	if e.yaml && !e.inline {
		e.buf = append(e.buf, ' ')
	}
}

// newLine ends a line, if one has begun, and indents the next one.
func (e *encoder) newLine(indent int) {
	const blanks = "\n                                                                "
	from := 0
	if len(e.buf) == e.line {
		from = 1
	} else {
		e.line = len(e.buf) + 1
	}
	for indent > len(blanks)-1 {
		e.buf = append(e.buf, blanks[from:]...)
		from = 1
		indent -= len(blanks) - 1
	}
	e.buf = append(e.buf, blanks[from:1+max(indent, 0)]...)
}

// maxSimpleKey is how long a key may be that is printed without a question mark.
const maxSimpleKey = 128

// key prints the key of a mapping.
func (e *encoder) key(k string) {
	e.inline = false
	if !e.yaml {
		e.buf = append(appendJSONString(e.buf, k), ':')
		return
	}
	if isPlainWord(k) && len(k) <= maxSimpleKey {
		e.buf = append(append(e.buf, k...), ':')
		return
	}
	if s := shapeOf(k); len(k) <= maxSimpleKey && !s.lines {
		e.scalar(k, s, true)
		e.buf = append(e.buf, ':')
		return
	}
	e.buf = append(e.buf, '?', ' ')
	e.scalar(k, shapeOf(k), false)
	e.newLine(e.indent)
	e.buf = append(e.buf, ':', ' ')
	e.inline = true
}

// string prints a text.
func (e *encoder) string(s string) {
	if !e.yaml {
		e.buf = appendJSONString(e.buf, s)
		return
	}
	e.space()
	if isPlainWord(s) {
		e.buf = append(e.buf, s...)
		return
	}
	s = valid(s)
	e.scalar(s, shapeOf(s), false)
}
