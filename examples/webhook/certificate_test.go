package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARenewedCertificateIsUsed(t *testing.T) {
	a := newAuthority(t)
	var log strings.Builder
	c := &certificate{folder: t.TempDir(), log: slog.New(slog.NewTextHandler(&log, nil))}
	serves := func(serial int64) {
		t.Helper()
		got, err := c.get(nil)
		require.NoError(t, err)
		require.Equal(t, serial, got.Leaf.SerialNumber.Int64())
	}
	_, err := c.get(nil)
	require.ErrorIs(t, err, os.ErrNotExist)

	crt1, key1 := a.pair(t, 11)
	write(t, c.folder, "tls.crt", crt1)
	write(t, c.folder, "tls.key", key1)
	serves(11)
	serves(11)
	require.Equal(t, 1, strings.Count(log.String(), "has been read"), "the same files are not parsed again")

	crt2, key2 := a.pair(t, 12)
	write(t, c.folder, "tls.crt", crt2)
	serves(11) // the key is still the old one's
	serves(11)
	require.Equal(t, 1, strings.Count(log.String(), "private key does not match"), "an error is told once: %s", log.String())
	write(t, c.folder, "tls.key", key2)
	serves(12)

	require.NoError(t, os.Remove(filepath.Join(c.folder, "tls.key")))
	serves(12)
	write(t, c.folder, "tls.key", key2)
	serves(12)
	write(t, c.folder, "tls.crt", crt1) // a rollback is a change like another
	write(t, c.folder, "tls.key", key1)
	serves(11)
}
