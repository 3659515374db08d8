package pattern

import (
	"strconv"
	"strings"
)

// The ports that may move get their numbers from this range: below those that Linux takes
// for outgoing connections (32768), above those of most programs and meshes.
const (
	firstBundlePort = 16384
	bundlePorts     = 16384
)

// bundlePorts names and numbers the ports of a bundle's helpers. What is free in the
// pod doesn't count: else the order in which two bundles come would decide.
func (r *resolver) bundlePorts() {
	var used []string
	for _, d := range r.drafts {
		if !d.role.helper() {
			continue
		}
		for i := range d.c.Ports {
			p := &d.c.Ports[i]
			if number := bundlePort(r.bundle, d.c.Name, p.Name, p.ContainerPort); d.mayMove(p) && number != p.ContainerPort {
				d.move(int(p.ContainerPort), int(number))
				p.ContainerPort = number
			}
			if p.Name == "" {
				continue
			}
			if p.Name != d.c.Name && !strings.HasPrefix(p.Name, d.c.Name+"-") {
				name := portName(d.c.Name, p.Name, used)
				d.rename(p.Name, name)
				p.Name = name
			}
			used = append(used, p.Name)
		}
	}
}

func bundlePort(bundle, container, name string, number int32) int32 {
	text := strings.Join([]string{bundle, container, name, strconv.Itoa(int(number))}, "\x00")
	return firstBundlePort + int32(checksum([]byte(text))%bundlePorts)
}
