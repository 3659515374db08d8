package main

import (
	"bytes"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

func TestTheCommittedFileIsNotStale(t *testing.T) {
	var errs bytes.Buffer
	require.Zero(t, pattern.Run([]string{"-check", "generate.yaml"}, nil, &errs, objects()...), errs.String())
}
