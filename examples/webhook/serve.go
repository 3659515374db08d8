package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/podpattern/podpattern/pattern/webhook"
)

// drain bounds how long open requests are waited for, at the end. The API server waits
// for a webhook for 30 seconds at most, and for this one as long as timeoutSeconds says.
const drain = 15 * time.Second

// serve answers until ctx is done, and then what is open.
func serve(ctx context.Context, s settings) error {
	pair := &certificate{folder: s.certificates, log: s.log}
	if _, err := pair.get(nil); err != nil {
		return err
	}
	m := newMetrics()
	var ready atomic.Bool
	hook := newServer(parting(&ready, webhook.Handler(s.bundle, options(s, m)...)), s.log)
	hook.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get}
	status := newServer(statusHandler(&ready, m), s.log)

	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	defer l.Close()
	statusListener, err := net.Listen("tcp", s.status)
	if err != nil {
		return err
	}
	ended := make(chan error, 2)
	go func() { ended <- hook.ServeTLS(l, "", "") }()
	go func() { ended <- status.Serve(statusListener) }()
	ready.Store(true)
	s.log.Info("the webhook serves", "address", l.Addr().String(), "status", statusListener.Addr().String())
	s.started(l.Addr(), statusListener.Addr())

	select {
	case err := <-ended:
		return errors.Join(err, hook.Close(), status.Close())
	case <-ctx.Done():
	}
	ready.Store(false)
	s.log.Info("the webhook is to end", "delay", s.delay.String())
	time.Sleep(s.delay)
	limit, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	return errors.Join(hook.Shutdown(limit), status.Close())
}

// parting has each answer end its connection once the server isn't ready any more. The API
// server keeps its connections, and those that are in use don't move to another replica by
// themselves: a request that is on its way while one is closed fails.
// upstream: kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/util/webhook/client.go
func parting(ready *atomic.Bool, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ready.Load() {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}

// newServer bounds what one caller can take. A review comes and goes in milliseconds.
func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// statusHandler serves what the kubelet and Prometheus ask.
func statusHandler(ready *atomic.Bool, m *metrics) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			http.Error(w, "it is to end", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.Handle("GET /metrics", m.handler())
	return mux
}
