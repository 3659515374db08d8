package sidecar

import (
	"fmt"
	"path"
	"regexp"
	"slices"

	"github.com/podpattern/podpattern/internal/lines"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

var tagName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$`)

// sources gives the shipper's own files and those of Sources, and mounts each volume
// once.
func sources(c pattern.SidecarContainer, logs pattern.Volume, o LogShipperOptions) (pattern.SidecarContainer, []shippedFiles) {
	all := append([]LogSource{{Volume: logs, Files: o.Files, Tag: opt.Or(o.Tag, "app"), Format: o.Format}}, o.Sources...)
	mounted, tags := map[pattern.Volume]string{}, []string{}
	files, destination := []shippedFiles{}, 0
	for i, s := range all {
		field := ""
		if i > 0 {
			field = fmt.Sprintf("Sources[%d].", i-1)
		}
		s.Volume = opt.Or(s.Volume, logs)
		s.Files = opt.Or(s.Files, opt.Or(o.Files, "*.log"))
		s.Format = opt.Or(s.Format, o.Format)
		if mounted[s.Volume] == "" {
			mounted[s.Volume] = "/logs"
			if i > 0 {
				mounted[s.Volume] = fmt.Sprintf("/logs-%d", i+1)
			}
			c = c.Reads(s.Volume, mounted[s.Volume])
		}
		c = checkSource(c, field, s)
		if slices.Contains(tags, s.Tag) {
			c = c.Reject(field+"Tag", s.Tag, "another source has it: give each its own")
		}
		tags = append(tags, s.Tag)
		f := shippedFiles{path: path.Join(mounted[s.Volume], s.Files), tag: s.Tag, format: s.Format}
		if f.format.kind == saidPlain {
			f.format.kind = plainLines
		}
		if i > 0 && s.To != (Destination{}) {
			destination++
			f.to = destination
		}
		for _, other := range files {
			if other.path == f.path && other.to == f.to {
				c = c.Reject(field+"Files", s.Files, "the source "+other.tag+" sends the same files: give other Files, another Volume or another destination")
			}
		}
		files = append(files, f)
	}
	return c, files
}

// checkSource rejects what is wrong with a source by itself.
func checkSource(c pattern.SidecarContainer, field string, s LogSource) pattern.SidecarContainer {
	if !lines.IsGlob(s.Files) {
		c = c.Reject(field+"Files", s.Files, "want a glob below the volume, such as *.log")
	}
	if !tagName.MatchString(s.Tag) {
		c = c.Reject(field+"Tag", s.Tag, "want the name of a source: letters, digits, _ and -, such as audit")
	}
	if why := s.Format.wrong(); why != "" {
		c = c.Reject(field+"Format", s.Format.written(), why)
	}
	return c
}
