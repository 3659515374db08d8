package initc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestRenderTemplate(t *testing.T) {
	secret, values := pattern.Secret("db"), pattern.ConfigMap("values").Volume("values")
	tests := map[string]pattern.InitContainer{
		"default": initc.RenderTemplate("db.ini", "password = {{ .Env.PASSWORD | strings.Quote }}\n", data).EnvSecret("PASSWORD", secret, "password"),
		"options": initc.RenderTemplate("nginx.conf", `[[ range (ds "data" "values.yaml").hosts ]]server [[ . ]] { "{{" }[[ end ]]`, data,
			initc.RenderTemplateOptions{LeftDelim: "[[", RightDelim: "]]", Mode: 0o640, Data: values}),
		"mounted": initc.RenderTemplate("nginx.conf", "", data).ConfigFrom(pattern.ConfigMap("site").Volume("site"), "nginx.conf"),
	}
	// upstream: hairyhenderson/gomplate internal/cmd/main.go, the flags of v5.
	known := []string{"file", "out", "chmod", "left-delim", "right-delim", "datasource"}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Helper(t, "rendertemplate-"+name, filled, c)
			pod, err := filled.WithInit(c).Build()
			require.NoError(t, err)
			times := make(map[string]int)
			for _, arg := range pod.Spec.InitContainers[0].Args {
				flag, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
				require.True(t, slices.Contains(known, flag), arg)
				times[flag]++
			}
			require.NotZero(t, times["file"])
			require.Equal(t, times["file"], times["out"])
		})
	}
}

func TestRenderTemplateRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		c    pattern.InitContainer
		want string
	}{
		"no file":          {initc.RenderTemplate("", "a", data), "plain name"},
		"a folder":         {initc.RenderTemplate("conf.d/a", "a", data), "plain name"},
		"a list":           {initc.RenderTemplate("a,b", "a", data), "plain name"}, // the flag splits there
		"no volume":        {initc.RenderTemplate("a", "a", pattern.Volume{}), "volume"},
		"a decimal mode":   {initc.RenderTemplate("a", "a", data, initc.RenderTemplateOptions{Mode: 640}), "0o640"},
		"a negative mode":  {initc.RenderTemplate("a", "a", data, initc.RenderTemplateOptions{Mode: -1}), "0o640"},
		"nobody writes":    {initc.RenderTemplate("a", "a", data, initc.RenderTemplateOptions{Mode: 0o440}), "owner may write"},
		"others write":     {initc.RenderTemplate("a", "a", data, initc.RenderTemplateOptions{Mode: 0o664}), "nobody else"},
		"an open action":   {initc.RenderTemplate("a", "x\n{{ .Env.A", data), "a:2: unclosed action"},
		"an open range":    {initc.RenderTemplate("a", "{{ range .A }}", data), "unexpected EOF"},
		"other delimiters": {initc.RenderTemplate("a", "[[ if ]]", data, initc.RenderTemplateOptions{LeftDelim: "[[", RightDelim: "]]"}), "missing value for if"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, filled, tt.c, tt.want) })
	}
}
