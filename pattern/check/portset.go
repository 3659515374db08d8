package check

import corev1 "k8s.io/api/core/v1"

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
		for _, text := range c.Command {
			s.addNumbers(text)
		}
		for _, text := range c.Args {
			s.addNumbers(text)
		}
		for i := range c.Env {
			s.addNumbers(c.Env[i].Value)
		}
		for _, p := range [...]*corev1.Probe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe} {
			if p != nil {
				s.addHandler(p.HTTPGet, p.TCPSocket, p.Exec)
				if p.GRPC != nil {
					s.add(p.GRPC.Port)
				}
			}
		}
		if c.Lifecycle != nil {
			for _, h := range [...]*corev1.LifecycleHandler{c.Lifecycle.PostStart, c.Lifecycle.PreStop} {
				if h != nil {
					s.addHandler(h.HTTPGet, h.TCPSocket, h.Exec)
				}
			}
		}
		localDials(c.Container, func(int32) bool { return true }, func(d localDial) {
			if d.strength() == noDial {
				s.add(d.port) // told to listen there
			}
		})
	}
	return s
}

func (s *portSet) addHandler(http *corev1.HTTPGetAction, tcp *corev1.TCPSocketAction, exec *corev1.ExecAction) {
	if http != nil {
		s.add(http.Port.IntVal)
	}
	if tcp != nil {
		s.add(tcp.Port.IntVal)
	}
	if exec != nil {
		for _, text := range exec.Command {
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
		if len(n) <= 5 {
			port := int32(0)
			for k := range len(n) {
				port = port*10 + int32(n[k]-'0')
			}
			if port < 65536 {
				s.add(port)
			}
		}
		i += len(n)
	}
}
