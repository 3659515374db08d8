package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/podgen"
	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/stretchr/testify/require"
)

// uncovered are the fields whose errors aren't compared, with the reason.
var uncovered = map[string]string{
	"ephemeralContainers[*]": "the API server refuses every new pod that has one, which is compared, whatever is in it",
}

// The fields of a pod are those of the golden file: a new version of the API
// brings new ones.
func TestFieldsOfAPod(t *testing.T) {
	require.LessOrEqual(t, len(uncovered), 25)
	fields := podgen.Fields()
	for name, why := range uncovered {
		require.NotContains(t, fields, name)
		fields = append(fields, name+": not compared: "+why)
	}
	slices.Sort(fields)
	golden.Equal(t, "testdata/fields.txt", strings.Join(fields, "\n")+"\n")
}

// requireFields wants every field to have been set in some pods of the stream.
func (s *tally) requireFields(t *testing.T) {
	t.Helper()
	want := often / 2 * *pods / 100_000
	for _, f := range podgen.Fields() {
		if s.fields[f] < want {
			t.Errorf("field %s was set %d times, of the %d wanted", f, s.fields[f], want)
		}
	}
}
