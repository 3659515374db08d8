package initc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// The kubelet gives the program what the helper was given, though a variable has the
// name that stands in it. The number is of the texts that are given.
func TestTextIsNotExpanded(t *testing.T) {
	const x = "a$(HOME)"
	for name, tt := range map[string]struct {
		c     pattern.InitContainer
		texts int
	}{
		"WaitForHTTP":    {initc.WaitForHTTP("http://search/"+x, initc.WaitForHTTPOptions{Headers: map[string]string{"Host": x}}), 2},
		"Download":       {initc.Download("https://example.com/?"+x, sum, data, initc.DownloadOptions{File: "a"}), 1},
		"CopyFrom":       {initc.CopyFrom("agent:1", "/"+x, data), 1},
		"RenderTemplate": {initc.RenderTemplate("a", "a", data, initc.RenderTemplateOptions{LeftDelim: x, RightDelim: x}), 2},
		"Flyway": {initc.Flyway(migrations, "jdbc:h2:"+x, login, initc.FlywayOptions{
			Schemas: []string{x}, Target: x, Placeholders: map[string]string{x: x},
		}), 5},
		"Liquibase": {initc.Liquibase(migrations, x, "jdbc:h2:"+x, login, initc.LiquibaseOptions{
			OwnDrivers: true, Contexts: x, Labels: x, Schema: x,
		}), 5},
		"Sysctl": {initc.Sysctl(map[string]string{"kernel.core_pattern": x}), 1},
	} {
		t.Run(name, func(t *testing.T) {
			pod, err := hardened.WithInit(tt.c).Build()
			require.NoError(t, err)
			c := pod.Spec.InitContainers[0]
			said := slices.Concat(c.Command, c.Args)
			for _, v := range c.Env {
				said = append(said, v.Value)
			}
			all := strings.Join(said, "\n")
			require.Equal(t, tt.texts, strings.Count(all, "(HOME)"), all)
			require.Equal(t, tt.texts, strings.Count(all, "$$(HOME)"), all)
		})
	}
}
