package check

// portSet is a set of port numbers.
type portSet [65536 / 64]uint64

func (s *portSet) add(port int32)      { s[uint16(port)/64] |= 1 << (uint16(port) % 64) }
func (s *portSet) has(port int32) bool { return s[uint16(port)/64]&(1<<(uint16(port)%64)) != 0 }

// namedPorts gives the numbers that the containers name other than as a port on
// localhost that they connect to, such as --port=9000: one of them may well listen
// there. Those of probes and hooks count too.
func (x *index) namedPorts() *portSet {
	s := &portSet{}
	for _, c := range x.containers {
		for t := range c.texts {
			s.addNumbers(t.text)
		}
		c.handlers(func(_ string, h handler) { s.addHandler(h) })
		localDials(c.Container, func(int32) bool { return true }, func(d localDial) {
			if d.strength() == noDial {
				s.add(d.port) // told to listen there
			}
		})
	}
	return s
}

func (s *portSet) addHandler(h handler) {
	p, _, _ := h.port()
	s.add(p.IntVal)
	if h.exec != nil {
		for _, text := range h.exec.Command {
			s.addAllNumbers(text)
		}
	}
}

// addNumbers adds the numbers of a text, but not those of localhost:N.
func (s *portSet) addNumbers(text string) {
	for start := 0; start < len(text); {
		m, ok := nextLocal(text, start)
		if !ok {
			s.addAllNumbers(text[start:])
			return
		}
		s.addAllNumbers(text[start:m.start])
		start = m.end
	}
}

func (s *portSet) addAllNumbers(text string) {
	for i := 0; i < len(text); {
		if !digit(text[i]) {
			i++
			continue
		}
		n := number(text[i:])
		if port, ok := portNumber(n); ok {
			s.add(port)
		}
		i += len(n)
	}
}
