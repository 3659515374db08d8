// Webhook is an admission webhook that gives every new pod of a cluster an adapter for
// statsd, and the manifest that runs it there:
//
//	statsd-injector -certificates /certificates
//	statsd-injector manifests > manifests.yaml
//
// The bundle is in bundle.go; the rest is what any such webhook needs.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/podpattern/podpattern/pattern"
)

//go:generate sh -c "go run . manifests > manifests.yaml"

func main() {
	if len(os.Args) > 1 && os.Args[1] == "manifests" {
		os.Exit(pattern.Run(os.Args[2:], os.Stdout, os.Stderr, manifests()...))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	// A second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stderr))
}

const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

// run serves until ctx is done and what was open then is answered.
func run(ctx context.Context, args []string, errs io.Writer) int {
	s, err := parseFlags(args, errs)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return exitUsage
	}
	s.log = slog.New(slog.NewJSONHandler(errs, &slog.HandlerOptions{Level: s.level}))
	if err := serve(ctx, s); err != nil {
		s.log.Error("the webhook has ended", "error", err)
		return exitFailed
	}
	return exitFine
}
