package catalogue_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// An option that is called the same with two helpers has the same type, so that who
// knows one helper can guess the next. Those that are what their program calls them
// are named here.
func TestOptionsAreAlike(t *testing.T) {
	own := map[string]string{
		"sidecar.ReverseProxyOptions.AccessLog":    "nginx' formats",
		"ambassador.TLSOptions.AccessLog":          "nginx' formats",
		"adapter.HTTPRewriteOptions.AccessLog":     "nginx' formats",
		"sidecar.PostgresExporterOptions.Database": "a name, not a kind",
		"initc.PermissionsOptions.Mode":            "chmod's letters",
	}
	seen := make(map[string]reflect.StructField)
	for helper, f := range functions() {
		f := reflect.TypeOf(f)
		if !f.IsVariadic() {
			continue
		}
		o := f.In(f.NumIn() - 1).Elem()
		for i := range o.NumField() {
			field, at := o.Field(i), o.String()+"."+o.Field(i).Name
			switch {
			case strings.HasSuffix(field.Name, "Seconds"):
				require.Equal(t, reflect.TypeFor[int](), field.Type, at)
			case strings.HasSuffix(field.Name, "Port"):
				require.Equal(t, reflect.TypeFor[int](), field.Type, at)
			case field.Name == "CA", field.Name == "ClientCA":
				require.Equal(t, reflect.TypeFor[pattern.Volume](), field.Type, at)
			case field.Type == reflect.TypeFor[time.Duration]():
				require.Contains(t, []string{"ambassador.HTTP", "ambassador.Mesh", "adapter.GRPCJSON"}, helper, "%s: only envoy counts parts of a second", at)
			}
			if own[at] != "" {
				continue
			}
			if other, ok := seen[field.Name]; ok {
				require.Equal(t, other.Type.Kind(), field.Type.Kind(), "%s is a %s elsewhere", at, other.Type)
			}
			seen[field.Name] = field
		}
	}
}
