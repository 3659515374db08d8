package conformance_test

import (
	"net"
	"strconv"
	"syscall"
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

// reserved gives an address where nobody listens, and nobody else can, and what makes
// it take connections.
func reserved(t *testing.T) (addr string, open func()) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Close(fd) })
	require.NoError(t, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	name, err := syscall.Getsockname(fd)
	require.NoError(t, err)
	addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(name.(*syscall.SockaddrInet4).Port))
	return addr, func() { require.NoError(t, syscall.Listen(fd, 8)) }
}

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
