package examples

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
)

func TestZZ(t *testing.T) {
	for _, u := range catalogue.One() {
		pkg, name, _ := strings.Cut(u.Helper, ".")
		files, _ := filepath.Glob("../" + pkg + "/*.go")
		text := ""
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, _ := os.ReadFile(f)
			if strings.Contains(string(b), "\nfunc "+name+"(") {
				for _, l := range strings.Split(string(b), "\n") {
					if strings.HasPrefix(strings.TrimSpace(l), "//") {
						text += l + "\n"
					}
				}
			}
		}
		c, _ := u.Container(t)
		for _, p := range c.Ports {
			if !strings.Contains(text, fmt.Sprint(p.ContainerPort)) {
				fmt.Println(u.Helper, "port", p.Name, p.ContainerPort)
			}
		}
		if c.SecurityContext != nil && c.SecurityContext.RunAsUser != nil && !strings.Contains(text, fmt.Sprint(*c.SecurityContext.RunAsUser)) {
			fmt.Println(u.Helper, "uid", *c.SecurityContext.RunAsUser)
		}
		if m := c.Resources.Limits.Memory(); m.Sign() > 0 && !strings.Contains(text, m.String()) {
			fmt.Println(u.Helper, "mem", m.String())
		}
	}
}
