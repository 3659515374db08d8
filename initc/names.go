package initc

import (
	"net"
	"path"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
)

// label makes a part of a container's name of a text.
func label(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(s)), "-")
}

// imageName gives the last part of an image's name, without its tag.
func imageName(image string) string {
	name := path.Base(strings.SplitN(image, "@", 2)[0])
	name, _, _ = strings.Cut(name, ":")
	return name
}

// waitName names the container after what it waits for: the first part of a name,
// or the whole of an address.
func waitName(host, suffix string) string {
	if net.ParseIP(host) == nil {
		host, _, _ = strings.Cut(host, ".")
	}
	return names.Join(names.Label, "wait-for", label(host), suffix)
}
