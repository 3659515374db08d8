package yamlenc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// viaJSON is the long way: encoding/json, a tree, what says nothing taken out of it by the
// names of its keys, and sigs.k8s.io/yaml. It is what the short one is held to.
func viaJSON(o any) (asYAML, asJSON []byte, err error) {
	j, err := json.Marshal(o)
	if err != nil {
		return nil, nil, err
	}
	d := json.NewDecoder(bytes.NewReader(j))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, nil, err
	}
	if t := reflect.TypeOf(o); t != nil && ofKubernetes(t) {
		prune(v, "")
	}
	if j, err = json.Marshal(v); err != nil {
		return nil, nil, err
	}
	y, err := yaml.JSONToYAML(escaped(j))
	return y, j, err
}

// escaped writes the characters that JSON has as they are, and YAML refuses or folds, by
// their numbers. In JSON they stand in strings only.
func escaped(j []byte) []byte {
	refused := func(r rune) bool {
		return r >= 0x7f && r <= 0x9f || r == 0xfeff || r == 0xfffe || r == 0xffff
	}
	var b bytes.Buffer
	for _, r := range string(j) {
		if refused(r) {
			fmt.Fprintf(&b, "\\u%04x", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

// prune takes away the fields that say nothing, but not from maps of the user.
func prune(v any, key string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			prune(x, key)
		}
	case map[string]any:
		switch key {
		case "data", "stringData", "annotations", "labels":
			return
		}
		for k, x := range v {
			prune(x, k)
			if says(key, k, x) {
				continue
			}
			delete(v, k)
		}
	}
}

func says(key, k string, x any) bool {
	m, isMap := x.(map[string]any)
	switch k {
	case "status":
		return !isMap || !empty(m, true)
	case "resources", "strategy", "updateStrategy":
		return !isMap || !empty(m, false)
	case "spec", "metadata":
		return !isMap || len(m) > 0
	case "creationTimestamp":
		return x != nil
	case "divisor":
		return key != "resourceFieldRef" && key != "" || x != "0"
	}
	return true
}

// empty says whether a map holds nothing, or only such maps, and zeros.
func empty(m map[string]any, zeros bool) bool {
	for _, x := range m {
		if inner, ok := x.(map[string]any); ok && empty(inner, zeros) || zeros && x == json.Number("0") {
			continue
		}
		return false
	}
	return true
}

// requireSame holds one object to the long way.
func requireSame(t testing.TB, o any) {
	t.Helper()
	wantYAML, wantJSON, err := viaJSON(o)
	gotYAML, yamlErr := AppendYAML(nil, o)
	gotJSON, jsonErr := AppendJSON(nil, o)
	if err != nil {
		require.EqualError(t, yamlErr, err.Error())
		require.EqualError(t, jsonErr, err.Error())
		return
	}
	require.NoError(t, yamlErr)
	require.NoError(t, jsonErr)
	if !bytes.Equal(wantYAML, gotYAML) {
		require.Equal(t, string(wantYAML), string(gotYAML), "%q\n%q", wantYAML, gotYAML)
	}
	if !bytes.Equal(wantJSON, gotJSON) {
		require.Equal(t, string(wantJSON), string(gotJSON))
	}
}
