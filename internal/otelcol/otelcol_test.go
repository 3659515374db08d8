package otelcol_test

import (
	"fmt"
	"testing"

	"github.com/podpattern/podpattern/internal/otelcol"
	"github.com/stretchr/testify/require"
)

func TestParseExporterHasTheUsualPorts(t *testing.T) {
	for raw, want := range map[string]string{
		"grpc://gw":             "gw:4317",
		"grpcs://gw":            "gw:4317",
		"grpcs://gw:443/":       "gw:443",
		"http://gw":             "gw:4318",
		"https://gw":            "gw:443",
		"https://gw:4318/otlp":  "gw:4318",
		"http://[2001:db8::1]/": "2001:db8::1:4318",
	} {
		e, err := otelcol.ParseExporter(raw)
		require.NoError(t, err, raw)
		require.Equal(t, want, fmt.Sprint(e.Host, ":", e.Port), raw)
	}
}

func TestTextIsNotExpanded(t *testing.T) {
	require.Equal(t, "a$${HOME}$$$$b", otelcol.Text("a${HOME}$$b"))
}
