package conformance_test

import (
	"encoding/binary"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/stretchr/testify/require"
)

// Types of records.
const (
	typeA    = 1
	typeAAAA = 28
)

// zone is a name server that knows some names, each with the type of its one
// address: others don't exist, and known ones have no other addresses.
type zone map[string]uint16

// serve answers until the test ends, and gives the server's address.
func (z zone) serve(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		query := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(query)
			if err != nil {
				return // the test has ended
			}
			_, _ = conn.WriteTo(z.answer(query[:n]), from)
		}
	}()
	return conn.LocalAddr().String()
}

// answer is RFC 1035's: the header, the question, and an address if there is one.
func (z zone) answer(query []byte) []byte {
	var labels []string
	end := 12
	for size := int(query[end]); size != 0; size = int(query[end]) {
		labels = append(labels, string(query[end+1:end+1+size]))
		end += 1 + size
	}
	asked := binary.BigEndian.Uint16(query[end+1:])
	reply := append([]byte{}, query[:end+5]...)
	reply[2], reply[3] = 0x81, 0x80 // a response, recursion
	clear(reply[6:12])
	has, known := z[strings.Join(labels, ".")]
	switch {
	case !known:
		reply[3] |= 3 // NXDOMAIN
	case has == asked:
		size := map[uint16]int{typeA: 4, typeAAAA: 16}[asked]
		reply[7] = 1
		reply = append(reply, 0xc0, 12, 0, byte(asked), 0, 1, 0, 0, 0, 5, 0, byte(size))
		reply = append(reply, make([]byte, size-1)...)
		reply = append(reply, 7)
	}
	return reply
}

// waitForName starts what initc.WaitForDNS runs, in a pod of the namespace web.
func waitForName(t *testing.T, z zone, name string, o initc.WaitOptions) *process {
	t.Helper()
	resolv := filepath.Join(t.TempDir(), "resolv.conf")
	require.NoError(t, os.WriteFile(resolv, []byte("search web.svc.cluster.local. svc.cluster.local cluster.local\noptions ndots:5 example.com\n"), 0o644))
	return runInit(t, initc.WaitForDNS(name, o), map[string]string{"/etc/resolv.conf": resolv}, nslookup(t, z.serve(t)))
}

// nslookup gives busybox' own, asking that server: it can be told one by an
// argument only.
func nslookup(t *testing.T, server string) string {
	t.Helper()
	program, err := exec.LookPath("busybox")
	require.NoError(t, err, "these tests need busybox")
	path := filepath.Join(t.TempDir(), "nslookup")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\nexec "+program+" nslookup \"$@\" "+server+"\n"), 0o755))
	return path
}

func TestWaitForDNS(t *testing.T) {
	z := zone{
		"cassandra.prod.svc.cluster.local": typeA,
		"six.web.svc.cluster.local":        typeAAAA,
		"empty.web.svc.cluster.local":      0,
		"example.com":                      typeA,
		"only.example.com":                 typeA,
	}
	tests := map[string]bool{
		"cassandra.prod.svc":                true, // by the third search domain
		"cassandra.prod.svc.cluster.local":  true,
		"cassandra.prod.svc.cluster.local.": true,
		"cassandra.prod":                    true,
		"cassandra.prod.svc.":               false, // no search domain after a dot
		"cassandra":                         false,
		"six":                               true,  // it has an AAAA record only
		"empty":                             false, // it exists, and has no address
		"example.com":                       true,
		"nowhere.example.com":               false,
		"only":                              false, // what the options say is no search domain
	}
	for name, found := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := strings.TrimSuffix(name, ".")
			p := waitForName(t, z, name, initc.WaitOptions{TimeoutSeconds: 1, MaxIntervalSeconds: 1})
			if found {
				require.Zero(t, p.end(t), p.said(t))
				require.Equal(t, said+" has an address", p.lastLine(t))
				return
			}
			require.Equal(t, 1, p.end(t), p.said(t))
			require.Equal(t, "gave up: "+said+" had no address within 1 seconds", p.lastLine(t))
		})
	}
}

// A name server that doesn't answer ends neither the wait nor its stop.
func TestWaitForDNSWithoutServer(t *testing.T) {
	t.Parallel()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer conn.Close()
	var asked atomic.Bool
	go func() {
		if _, _, err := conn.ReadFrom(make([]byte, 512)); err == nil {
			asked.Store(true)
		}
	}()
	p := runInit(t, initc.WaitForDNS("cassandra.prod.svc."), nil, nslookup(t, conn.LocalAddr().String()))
	require.Eventually(t, asked.Load, 10*time.Second, 20*time.Millisecond)
	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, 143, p.end(t), p.said(t))
	require.Less(t, time.Since(told), atOnce)
	require.Equal(t, "stopped while waiting for cassandra.prod.svc", p.lastLine(t))
}
