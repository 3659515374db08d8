package main

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// certificate is the pair of files tls.crt and tls.key of a folder, which may be renewed
// at any time. The files are read with each handshake, of which there are few, as the
// API server keeps its connections; so nothing need be watched.
type certificate struct {
	folder string
	log    *slog.Logger

	mu        sync.Mutex
	crt, key  []byte // as last read, also of what is no pair
	last      *tls.Certificate
	lastError error
}

// get is [tls.Config.GetCertificate]. While the files can't be read, or are no pair, as
// while one of them is new already and the other not yet, it gives the last good pair.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read()
	if c.last == nil {
		return nil, c.lastError
	}
	return c.last, nil
}

func (c *certificate) read() {
	crt, err := os.ReadFile(filepath.Join(c.folder, "tls.crt"))
	if err != nil {
		c.failed(err)
		return
	}
	key, err := os.ReadFile(filepath.Join(c.folder, "tls.key"))
	if err != nil {
		c.failed(err)
		return
	}
	if bytes.Equal(crt, c.crt) && bytes.Equal(key, c.key) {
		return
	}
	c.crt, c.key = crt, key
	pair, err := tls.X509KeyPair(crt, key)
	if err != nil {
		c.failed(err)
		return
	}
	c.last, c.lastError = &pair, nil
	c.log.Info("the certificate has been read", "expires", pair.Leaf.NotAfter, "serial", pair.Leaf.SerialNumber.String())
}

// failed notes an error, and tells it once.
func (c *certificate) failed(err error) {
	if c.lastError == nil || c.lastError.Error() != err.Error() {
		c.log.Error("the certificate can't be read", "error", err, "serving", c.last != nil)
	}
	c.lastError = err
}
