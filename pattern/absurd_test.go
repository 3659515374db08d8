package pattern_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/attach"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// absurd is a call with an argument that can't be right, or one with an argument
// that only looks so, with the reason.
type absurd struct {
	method string
	rule   string // of the finding that there must be; "" is none
	reason string
	object pattern.Object
	line   string // of the call, which the finding must name
}

func bad(method, rule string, o pattern.Object) absurd {
	return absurd{method: method, rule: rule, object: o, line: lineOf(2, 0)}
}

func fine(method, reason string, o pattern.Object) absurd {
	return absurd{method: method, reason: reason, object: o, line: lineOf(2, 0)}
}

// in is a pod with an app that has no fault and one container more.
func in[R pattern.Role](c pattern.Container[R]) pattern.PodBuilder {
	return attach.To(pattern.Pod("web").WithApp(pattern.App("plain", "plain:1")), c)
}

// mounted is a pod that mounts a volume. It has an account of its own, without
// which the API server refuses the token of one.
func mounted(v pattern.Volume) pattern.PodBuilder {
	return in(web().Mount(v, "/v")).ServiceAccount("web")
}

// probed is a pod with a probe.
func probed(p pattern.Probe) pattern.PodBuilder { return in(web().ReadinessProbe(p)) }

// long is a name of n characters.
func long(n int) string { return strings.Repeat("x", n) }

const (
	megabyte = 1 << 20
	noUTF8   = "\xff\xfe"
)

func absurdCalls() []absurd {
	return slices.Concat(absurdContainers(), absurdWiring(), absurdPods(), absurdVolumes(), absurdProbes(), absurdObjects(), harmlessCalls())
}

func TestAbsurdArguments(t *testing.T) {
	for _, tt := range absurdCalls() {
		t.Run(strings.TrimSpace(tt.method+" "+tt.reason), func(t *testing.T) {
			_, err := pattern.Objects(tt.object)
			if tt.rule == "" {
				require.NoError(t, err, tt.line)
				return
			}
			found := findingsOf(t, err)
			require.Contains(t, rules(found), tt.rule, "%s: %v", tt.line, err)
			for _, f := range found {
				require.NotEmpty(t, f.At, "%s: a finding without a line: %v", tt.line, f)
				if f.Rule == tt.rule {
					require.Equal(t, tt.line, f.At, "%v", f)
				}
			}
		})
	}
}

// Whoever adds a method must say here what it does with absurd arguments.
func TestEveryExportedCallThatTakesAnArgumentHasARow(t *testing.T) {
	rows := make(map[string]bool)
	for _, tt := range absurdCalls() {
		rows[tt.method] = true
	}
	calls := exportedCalls(t)
	for _, call := range slices.Sorted(maps.Keys(calls)) {
		require.True(t, rows[call] || notTried()[call] != "", "no row for %s, and no reason why", call)
	}
	for row := range rows {
		require.True(t, calls[row], "a row for %s, which takes no argument or isn't there", row)
	}
	for call := range notTried() {
		require.True(t, calls[call] && !rows[call], "a reason for %s, which has a row or isn't there", call)
	}
}

// notTried are the calls that can't be given an absurd argument, with the reason.
func notTried() map[string]string {
	anyBool := "both booleans are right"
	out := map[string]string{
		"Container.AllowPrivilegeEscalation":      anyBool,
		"Container.ReadOnlyRootFilesystem":        anyBool,
		"Container.Stdin":                         anyBool,
		"PodBuilder.AutomountServiceAccountToken": anyBool,
		"PodBuilder.EnableServiceLinks":           anyBool,
		"Objects":                                 "see TestWhatIsFoundByAskingNamesTheLineThatAsked",
		"YAML":                                    "see TestWhatIsFoundByAskingNamesTheLineThatAsked",
		"Container.Reject":                        "whatever it is given is the finding; see TestReject",
		"PodBuilder.Reject":                       "whatever it is given is the finding; see TestReject",
		"Main":                                    "it exits; Run does the same",
		"Run":                                     "see main_test.go",
		"WriteYAML":                               "see emission_test.go",
		"NewEncoder":                              "see emission_test.go",
		"Encoder.Encode":                          "see emission_test.go",
		"View.Port":                               "see late_test.go",
		"Bundle":                                  "see TestAbsurdBundles",
	}
	for call := range absurdInjections() {
		out["Injection."+call] = "see TestAbsurdBundles"
	}
	return out
}

// exportedCalls are the exported functions and methods that take an argument, as
// the source has them: reflection can't list functions.
func exportedCalls(t *testing.T) map[string]bool {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	calls := make(map[string]bool)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || len(fn.Type.Params.List) == 0 {
				continue
			}
			if fn.Recv == nil {
				calls[fn.Name.Name] = true
			} else if receiver := typeName(fn.Recv.List[0].Type); ast.IsExported(receiver) {
				calls[receiver+"."+fn.Name.Name] = true
			}
		}
	}
	require.Greater(t, len(calls), 100)
	return calls
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	}
	return ""
}

// No method of a builder may panic on the zero value of its arguments, nor on a
// builder that was never started; see the rows for what they report.
func TestNoMethodPanicsOnZeroValues(t *testing.T) {
	for _, builder := range []any{
		pattern.AppContainer{}, pattern.SidecarContainer{}, pattern.AmbassadorContainer{}, pattern.AdapterContainer{}, pattern.InitContainer{},
		pattern.PodBuilder{}, pattern.Selection{}, pattern.Volume{}, pattern.Probe{}, pattern.ConfigMapBuilder{}, pattern.SecretBuilder{},
		pattern.DeploymentBuilder{}, pattern.StatefulSetBuilder{}, pattern.DaemonSetBuilder{}, pattern.JobBuilder{}, pattern.CronJobBuilder{},
		pattern.ServiceBuilder{}, pattern.NetworkPolicyBuilder{}, pattern.NamespaceBuilder{}, pattern.View{}, pattern.TokenProjection{}, pattern.FieldFile{}, pattern.SleepHook{},
		web(), side("s"), setup("i"), with(web()), with(web()).For(), pattern.EmptyDir("v"), pattern.HTTPGet("/", 80), pattern.ConfigMap("c"), pattern.Secret("s"),
		with(web()).Deployment(1), with(web()).StatefulSet(1), with(web()).DaemonSet(), with(web()).Job(), with(web()).CronJob("@daily"),
		with(web().Port("http", 80)).Service(), with(web()).NetworkPolicy(), pattern.Namespace("n"), pattern.ServiceAccountToken("t"),
	} {
		v := reflect.ValueOf(builder)
		for i := range v.NumMethod() {
			name := v.Type().String() + "." + v.Type().Method(i).Name
			require.NotPanics(t, func() {
				for _, out := range v.Method(i).Call(zeros(v.Method(i).Type())) {
					_, _ = pattern.YAML(used(out.Interface())) // a panic is all that matters here
				}
			}, name)
		}
	}
}

// zeros are zero arguments for a function; variadic ones get one.
func zeros(f reflect.Type) []reflect.Value {
	args := make([]reflect.Value, f.NumIn())
	for i := range args {
		in := f.In(i)
		if f.IsVariadic() && i == len(args)-1 {
			in = in.Elem()
		}
		args[i] = reflect.Zero(in)
	}
	return args
}

// used puts a value into a pod.
func used(x any) pattern.Object {
	switch x := x.(type) {
	case pattern.Object:
		return x
	case pattern.AppContainer:
		return in(x)
	case pattern.SidecarContainer:
		return in(x)
	case pattern.AmbassadorContainer:
		return in(x)
	case pattern.AdapterContainer:
		return in(x)
	case pattern.InitContainer:
		return in(x)
	case pattern.Volume:
		return mounted(x)
	case pattern.Probe:
		return probed(x)
	case pattern.Projection:
		return mounted(pattern.Projected("v", x))
	}
	return nil
}
