package conformance_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// listen opens a port until the test ends, and gives each connection an answer.
func listen(t *testing.T, addr string, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // the test has ended
			}
			answer(c)
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}

// hangUp answers nothing.
func hangUp(net.Conn) {}

// closedPorts gives different addresses where nobody listens.
func closedPorts(t *testing.T, n int) []string {
	t.Helper()
	addrs := make([]string, n)
	for i := range addrs {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close() // only now, or the next could be the same
		addrs[i] = l.Addr().String()
	}
	return addrs
}
