package conformance_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// Of two servers the apps get the primary, and replicas at a port of their own; when
// the roles change they get the new primary, and connections to the old one end.
// The password is one that ends whatever it is put into.
func TestRedisFindsThePrimary(t *testing.T) {
	const password = hostile
	servers := closedPorts(t, 2)
	redisServer(t, servers[0], password)
	redisServer(t, servers[1], password)
	first, second := dialRedis(t, servers[0], password), dialRedis(t, servers[1], password)
	free := closedPorts(t, 3)
	o := ambassador.RedisOptions{
		Upstreams: servers[1:], Password: pattern.Secret("redis"), ReadReplicas: true,
		Port: port(t, free[0]), ReadPort: port(t, free[1]), StatusPort: port(t, free[2]),
	}
	runHaproxy(t, ambassador.Redis("db", servers[0], o), free[2], nil, "REDIS_PASSWORD="+password)
	role := func(addr string) string {
		c, err := tryRedis(addr, password)
		if err != nil {
			return err.Error()
		}
		defer c.Close()
		answer, err := c.try("INFO", "replication")
		if err != nil {
			return err.Error()
		}
		_, answer, _ = strings.Cut(answer, "role:")
		answer, _, _ = strings.Cut(answer, "\r\n")
		return answer
	}
	is := func(addr, want string) func() bool { return func() bool { return role(addr) == want } }
	require.Eventually(t, is(free[1], "master"), 10*time.Second, 100*time.Millisecond, "there is no replica yet")
	require.Equal(t, "+OK", second.ask(t, "REPLICAOF", "127.0.0.1", strconv.Itoa(port(t, servers[0]))))
	require.Eventually(t, is(free[0], "master"), 10*time.Second, 100*time.Millisecond)
	require.Eventually(t, is(free[1], "slave"), 10*time.Second, 100*time.Millisecond)

	app := dialRedis(t, free[0], password)
	require.Equal(t, "+OK", app.ask(t, "SET", "key", "value"))
	require.Equal(t, "+OK", second.ask(t, "REPLICAOF", "NO", "ONE"))
	require.Equal(t, "+OK", first.ask(t, "REPLICAOF", "127.0.0.1", strconv.Itoa(port(t, servers[1]))))
	require.Equal(t, "+OK", second.ask(t, "SET", "on", "second"))
	require.Eventually(t, func() bool { _, err := app.try("PING"); return err != nil }, 10*time.Second, 100*time.Millisecond)
	require.Eventually(t, is(free[0], "master"), 10*time.Second, 100*time.Millisecond)
	require.Equal(t, "second", dialRedis(t, free[0], password).ask(t, "GET", "on"))
}

// A wrong password finds nobody; so the test above asks with the right one.
func TestRedisWithAWrongPassword(t *testing.T) {
	server := closedPorts(t, 1)[0]
	redisServer(t, server, "right")
	free := closedPorts(t, 2)
	o := ambassador.RedisOptions{Password: pattern.Secret("redis"), Port: port(t, free[0]), StatusPort: port(t, free[1])}
	runHaproxy(t, ambassador.Redis("db", server, o), free[1], nil, "REDIS_PASSWORD=wrong")
	require.Eventually(t, func() bool { return get(free[1], "/ready") == 503 }, 10*time.Second, 50*time.Millisecond)
}

// redisServer runs a server until the test ends.
func redisServer(t *testing.T, addr, password string) {
	t.Helper()
	folder := t.TempDir()
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(password)
	config := fmt.Sprintf("bind 127.0.0.1\nport %d\ndir %s\nsave \"\"\nrepl-diskless-sync-delay 0\nrequirepass \"%[3]s\"\nmasterauth \"%[3]s\"\n", port(t, addr), folder, quoted)
	file := filepath.Join(folder, "redis.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	c := exec.Command("redis-server", file)
	c.Stdout, c.Stderr = t.Output(), t.Output()
	require.NoError(t, c.Start(), "these tests need redis-server")
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	require.Eventually(t, func() bool {
		r, err := tryRedis(addr, password)
		if err == nil {
			_ = r.Close()
		}
		return err == nil
	}, 10*time.Second, 50*time.Millisecond)
}

// redisConn is a client of Redis.
type redisConn struct {
	net.Conn
	answers *bufio.Reader
}

func dialRedis(t *testing.T, addr, password string) redisConn {
	t.Helper()
	c, err := tryRedis(addr, password)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func tryRedis(addr, password string) (redisConn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return redisConn{}, err
	}
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	c := redisConn{conn, bufio.NewReader(conn)}
	if answer, err := c.try("AUTH", password); err != nil || answer != "+OK" {
		_ = conn.Close()
		return redisConn{}, fmt.Errorf("AUTH: %s %w", answer, err)
	}
	return c, nil
}

func (c redisConn) ask(t *testing.T, args ...string) string {
	t.Helper()
	answer, err := c.try(args...)
	require.NoError(t, err)
	return answer
}

// try gives the answer: a status with its sign, or a text.
func (c redisConn) try(args ...string) (string, error) {
	command := fmt.Sprintf("*%d\r\n", len(args))
	for _, a := range args {
		command += fmt.Sprintf("$%d\r\n%s\r\n", len(a), a)
	}
	if _, err := io.WriteString(c, command); err != nil {
		return "", err
	}
	line, err := c.answers.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimSuffix(line, "\r\n")
	size, err := strconv.Atoi(strings.TrimPrefix(line, "$"))
	if !strings.HasPrefix(line, "$") || err != nil || size < 0 {
		return line, nil
	}
	text := make([]byte, size+2)
	_, err = io.ReadFull(c.answers, text)
	return string(text[:max(size, 0)]), err
}
