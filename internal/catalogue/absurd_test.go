package catalogue_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/internal/attach"
	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// functions are the constructors of the catalogue.
func functions() map[string]any {
	return map[string]any{
		"adapter.GRPCJSON": adapter.GRPCJSON, "adapter.HTTPRewrite": adapter.HTTPRewrite, "adapter.LogsToJSON": adapter.LogsToJSON, "adapter.JSONMetrics": adapter.JSONMetrics,
		"adapter.MetricsFromFile": adapter.MetricsFromFile, "adapter.MetricsFromLogs": adapter.MetricsFromLogs,
		"adapter.OTelTranslate": adapter.OTelTranslate, "adapter.Script": adapter.Script, "adapter.StatsD": adapter.StatsD,
		"ambassador.CloudSQL": ambassador.CloudSQL, "ambassador.HTTP": ambassador.HTTP, "ambassador.Injected": ambassador.Injected, "ambassador.MTLS": ambassador.MTLS,
		"ambassador.MTLSServer": ambassador.MTLSServer, "ambassador.Mesh": ambassador.Mesh, "ambassador.PgBouncer": ambassador.PgBouncer,
		"ambassador.Redis": ambassador.Redis, "ambassador.TCP": ambassador.TCP, "ambassador.TLS": ambassador.TLS,
		"initc.CopyFrom": initc.CopyFrom, "initc.Download": initc.Download, "initc.GitClone": initc.GitClone, "initc.Permissions": initc.Permissions,
		"initc.RenderTemplate": initc.RenderTemplate, "initc.VaultInit": initc.VaultInit,
		"initc.WaitForDNS": initc.WaitForDNS, "initc.WaitForHTTP": initc.WaitForHTTP, "initc.WaitForTCP": initc.WaitForTCP, "initc.WriteConfig": initc.WriteConfig,
		"initc.Flyway": initc.Flyway, "initc.JMXAgent": initc.JMXAgent, "initc.Gate": initc.Gate, "initc.Liquibase": initc.Liquibase, "initc.GolangMigrate": initc.GolangMigrate, "initc.Sysctl": initc.Sysctl,
		"sidecar.ConfigReloader": sidecar.ConfigReloader, "sidecar.ConfigSync": sidecar.ConfigSync, "sidecar.Content": sidecar.Content,
		"sidecar.FluentBit": sidecar.FluentBit, "sidecar.Fluentd": sidecar.Fluentd, "sidecar.GitSync": sidecar.GitSync, "sidecar.LogRotate": sidecar.LogRotate,
		"sidecar.LogShipper": sidecar.LogShipper, "sidecar.LogTail": sidecar.LogTail, "sidecar.MySQLExporter": sidecar.MySQLExporter,
		"sidecar.NginxExporter": sidecar.NginxExporter, "sidecar.OAuth2Proxy": sidecar.OAuth2Proxy, "sidecar.OTelCollector": sidecar.OTelCollector,
		"sidecar.PostgresExporter": sidecar.PostgresExporter, "sidecar.RedisExporter": sidecar.RedisExporter, "sidecar.ReverseProxy": sidecar.ReverseProxy,
		"sidecar.SPIFFEHelper": sidecar.SPIFFEHelper, "sidecar.StatsDExporter": sidecar.StatsDExporter, "sidecar.VaultAgent": sidecar.VaultAgent,
		"sidecar.Vector": sidecar.Vector, "sidecar.Filebeat": sidecar.Filebeat, "sidecar.Alloy": sidecar.Alloy,
	}
}

// makers are functions that make what options are made of, where its fields are
// not for everybody.
func makers() []any {
	return []any{
		pattern.EmptyDir, pattern.PVC, pattern.ConfigMap, pattern.Secret,
		sidecar.Loki, sidecar.Elasticsearch, sidecar.HTTP, sidecar.Stdout,
		sidecar.PlainLines, sidecar.JSONLines, sidecar.LogfmtLines, sidecar.RegexLines,
		sidecar.ReloadByPost, sidecar.ReloadBySignal,
		sidecar.GitHubApp, sidecar.GitPassword, sidecar.GitSSHKey, initc.GitHubApp, initc.GitPassword, initc.GitSSHKey,
		ambassador.HTTPCheck, ambassador.MySQLCheck, ambassador.PostgreSQLCheck, ambassador.RedisCheck,
	}
}

// What nobody would write makes no helper panic: not its constructor, and not the
// Build of a pod with it. Two Builds say the same; and nothing of what the caller
// does with a list or a map after the call is seen.
func TestAbsurdOptions(t *testing.T) {
	all := functions()
	for name, f := range all {
		t.Run(name, func(t *testing.T) {
			g := generator{rand.New(rand.NewPCG(7, uint64(len(name))))}
			for range 20 {
				args := g.arguments(reflect.TypeOf(f))
				said := fmt.Sprintf("%+v", args)
				pod := with(t, call(f, args))
				first := print(t, pod)
				require.Equal(t, first, print(t, pod), said)
				for _, a := range args {
					g.spoil(a)
				}
				require.Equal(t, first, print(t, pod), "the caller's lists are not copied: %s", said)
			}
		})
	}
	for _, u := range catalogue.Uses() {
		require.NotNil(t, all[u.Helper], "functions has no %s", u.Helper)
	}
}

func call(f any, args []reflect.Value) any {
	v := reflect.ValueOf(f)
	if v.Type().IsVariadic() {
		return v.CallSlice(args)[0].Interface()
	}
	return v.Call(args)[0].Interface()
}

// with adds what a constructor made to a pod.
func with(t *testing.T, made any) pattern.PodBuilder {
	p := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	switch c := made.(type) {
	case pattern.SidecarContainer:
		return attach.To(p, c)
	case pattern.AmbassadorContainer:
		return attach.To(p, c)
	case pattern.AdapterContainer:
		return attach.To(p, c)
	case pattern.InitContainer:
		return attach.To(p, c)
	case func(pattern.PodBuilder) pattern.PodBuilder:
		return p.Apply(c)
	}
	require.Fail(t, fmt.Sprintf("%T is no helper", made))
	return p
}

// print gives all that a Build says.
func print(t *testing.T, p pattern.PodBuilder) string {
	text, err := p.YAML()
	if err != nil {
		return err.Error()
	}
	return string(text) + p.Findings().String()
}

// generator makes values that hardly anybody would write.
type generator struct{ *rand.Rand }

func texts() []string {
	return []string{
		"", " ", "a", "web", "x\ny", "döner 🙂", "../..", "/", "/a", "a/b", strings.Repeat("a", 300), strings.Repeat("long ", 2000), `"`, `'`, "`", "\\", "$(HOME)", "${A}",
		"$1", "%s%d", "{{", "{{ .A }}", "db:5432", "http://h:80/x?y#z", "https://a", "redis://r", "postgres://p", "*", "*.log", "(", "(?<a>b)", "a|b", "\x00", "\xff", "-1", "0", "1Mi", "5m",
		"true", "null", "~", "a: b", "- a", "#", "; rm -rf /", "</match>", "}", "]", "1.2", "1.3", "HUP", "GET", "p:r:i",
		strings.Repeat("ab", 32), "main", "json", "counter", "a=b", "a,b", "@", "[::1]:1", "::1",
	}
}

func (g generator) arguments(f reflect.Type) []reflect.Value {
	args := make([]reflect.Value, f.NumIn())
	for i := range args {
		args[i] = g.value(f.In(i), 0)
	}
	return args
}

func (g generator) value(t reflect.Type, depth int) reflect.Value {
	v := reflect.New(t).Elem()
	if made, ok := g.made(t, depth); ok {
		return made
	}
	switch t.Kind() {
	case reflect.String:
		all := texts()
		v.SetString(all[g.IntN(len(all))])
	case reflect.Bool:
		v.SetBool(g.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := []int64{0, 0, 1, 2, -1, 80, 8080, 65535, 65536, math.MaxInt32, math.MaxInt64, math.MinInt64, int64(5 * time.Second), int64(time.Millisecond)}
		v.SetInt(n[g.IntN(len(n))])
	case reflect.Uint8:
		v.SetUint(uint64(g.IntN(256)))
	case reflect.Float64:
		n := []float64{0, 1, -1, 0.5, 100, 101, math.NaN(), math.Inf(1), math.MaxFloat64}
		v.SetFloat(n[g.IntN(len(n))])
	case reflect.Slice:
		for range g.IntN(4) {
			v = reflect.Append(v, g.value(t.Elem(), depth+1))
		}
	case reflect.Map:
		if g.IntN(3) > 0 {
			v.Set(reflect.MakeMap(t))
			for range g.IntN(4) {
				v.SetMapIndex(g.value(t.Key(), depth+1), g.value(t.Elem(), depth+1))
			}
		}
	case reflect.Pointer:
		if g.IntN(2) == 0 {
			v.Set(reflect.New(t.Elem()))
			v.Elem().Set(g.value(t.Elem(), depth+1))
		}
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).IsExported() && g.IntN(3) > 0 {
				v.Field(i).Set(g.value(t.Field(i).Type, depth+1))
			}
		}
	}
	return v
}

// made calls a function that makes such a value, if there is one; sometimes it
// leaves the zero value.
func (g generator) made(t reflect.Type, depth int) (reflect.Value, bool) {
	var fs []any
	for _, f := range makers() {
		if reflect.TypeOf(f).Out(0) == t {
			fs = append(fs, f)
		}
	}
	if len(fs) == 0 || depth > 4 || g.IntN(5) == 0 {
		return reflect.Value{}, false
	}
	f := reflect.ValueOf(fs[g.IntN(len(fs))])
	out := f.Call(g.arguments(f.Type()))[0]
	for _, method := range []string{"Time", "Multiline", "BasicAuth", "SizeLimit", "Memory"} {
		if m := out.MethodByName(method); m.IsValid() && g.IntN(4) == 0 {
			out = m.Call(g.arguments(m.Type()))[0]
		}
	}
	return out, true
}

// spoil writes over the elements of every list and map that a value holds.
func (g generator) spoil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			g.spoil(v.Index(i))
			if v.Index(i).CanSet() {
				v.Index(i).Set(g.value(v.Type().Elem(), 0))
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			g.spoil(v.MapIndex(k))
			v.SetMapIndex(k, g.value(v.Type().Elem(), 0))
		}
		if !v.IsNil() {
			v.SetMapIndex(g.value(v.Type().Key(), 0), g.value(v.Type().Elem(), 0))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				g.spoil(v.Field(i))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			g.spoil(v.Elem())
		}
	}
}

// A maker that no option uses is a mistake in the list above.
func TestMakersAreUsed(t *testing.T) {
	var types []reflect.Type
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		if slices.Contains(types, t) {
			return
		}
		types = append(types, t)
		switch t.Kind() {
		case reflect.Slice, reflect.Pointer, reflect.Map:
			walk(t.Elem())
		case reflect.Struct:
			for i := range t.NumField() {
				walk(t.Field(i).Type)
			}
		}
	}
	for _, f := range functions() {
		for i := range reflect.TypeOf(f).NumIn() {
			walk(reflect.TypeOf(f).In(i))
		}
	}
	for _, m := range makers() {
		if out := reflect.TypeOf(m).Out(0); out != reflect.TypeFor[pattern.ConfigMapBuilder]() {
			require.Contains(t, types, out)
		}
	}
}
