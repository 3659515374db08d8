package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/podpattern/podpattern/pattern"
)

// settings are what the command line says, and the bundle.
type settings struct {
	bundle       pattern.Injection
	address      string
	status       string
	certificates string
	percent      int
	admitUnfit   bool
	delay        time.Duration
	level        slog.Level
	log          *slog.Logger
	// started gets the addresses once they are open.
	started func(webhook, status net.Addr)
}

func parseFlags(args []string, errs io.Writer) (settings, error) {
	s := settings{bundle: bundle(), started: func(_, _ net.Addr) {}}
	f := flag.NewFlagSet("statsd-injector", flag.ContinueOnError)
	f.SetOutput(errs)
	f.StringVar(&s.address, "address", ":8443", "where the API server calls the webhook, with TLS")
	f.StringVar(&s.status, "status", ":8080", "where /healthz, /readyz and /metrics are, without TLS")
	f.StringVar(&s.certificates, "certificates", "/certificates", "the `folder` of tls.crt and tls.key")
	f.IntVar(&s.percent, "percent", 100, "the share of the workloads that get the bundle")
	f.BoolVar(&s.admitUnfit, "admit-unfit", false, "admit without the bundle, and with a warning, the pods it can't be added to; otherwise they are denied")
	f.DurationVar(&s.delay, "shutdown-delay", 0, "how long it goes on serving, not ready, once it is to end, so that its callers go to other replicas")
	f.TextVar(&s.level, "log-level", slog.LevelInfo, "debug, info, warn or error")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if f.NArg() > 0 {
		fmt.Fprintf(errs, "statsd-injector: what is %q? there are flags, and the command manifests\n", f.Arg(0))
		return s, errors.New("usage")
	}
	return s, nil
}
