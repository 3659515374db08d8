package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"testing"

	"github.com/podpattern/podpattern/internal/measured/literal"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// Nobody does less work: each program prints the same objects, and no other.
func TestPeersPrintTheSameObjects(t *testing.T) {
	const n = 3
	want := make(map[string]appsv1.Deployment)
	for i := range n {
		text, err := sigsyaml.Marshal(literal.Deployment(fmt.Sprintf("web-%d", i)))
		require.NoError(t, err)
		decode(t, text, want)
	}
	require.Len(t, want, n)
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
			command := p.command(t, n)
			var errs bytes.Buffer
			cmd := exec.Command(command[0], command[1:]...)
			cmd.Stderr = &errs
			out, err := cmd.Output()
			require.NoError(t, err, "peers.sh installs the programs; %s", errs.String())
			documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(out)))
			got := make(map[string]appsv1.Deployment)
			for {
				document, err := documents.Read()
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
				decode(t, document, got)
			}
			require.Equal(t, want, got)
		})
	}
}

func decode(t *testing.T, document []byte, into map[string]appsv1.Deployment) {
	var d appsv1.Deployment
	require.NoError(t, sigsyaml.UnmarshalStrict(document, &d))
	require.NotContains(t, into, d.Name)
	into[d.Name] = d
}
