package strftime_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/strftime"
	"github.com/stretchr/testify/require"
)

func TestGo(t *testing.T) {
	for layout, text := range map[string]string{
		"%Y-%m-%dT%H:%M:%S.%L%z":  "2026-08-21T10:06:38.25+0100",
		"%F %T,%L":                "2026-08-21 10:06:38,250",
		"%d/%b/%Y:%H:%M:%S %z":    "21/Aug/2026:10:06:38 +0100",
		"%a %B %e %I:%M:%S %p %y": "Fri August 21 10:06:38 AM 26",
	} {
		goes, err := strftime.Go(layout)
		require.NoError(t, err, layout)
		got, err := time.Parse(goes, text)
		require.NoError(t, err, layout)
		require.Equal(t, "08-21 10:06:38", got.Format("01-02 15:04:05"), layout)
	}
	for _, layout := range []string{"%s", "%Y 1"} {
		_, err := strftime.Go(layout)
		require.Error(t, err, layout)
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, layout := range []string{"", "2006-01-02", "%Y-%", "%Y%Q", "%Y\n", "%%"} {
		require.Error(t, strftime.Check(layout), layout)
	}
	require.NoError(t, strftime.Check("%s"))
}
