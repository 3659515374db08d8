package initc

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// DownloadOptions changes what [Download] makes of the file; the zero value is the
// default.
type DownloadOptions struct {
	// File is the name of the file in the volume; of the folder, with Unpack.
	// Default: the last part of the URL's path, with Unpack without its suffix.
	File string
	// Mode is the file's permissions, such as 0o755 for a program; it doesn't go with
	// Unpack. Default: 0644.
	Mode int32
	// Unpack says that the file is an archive, "tar.gz" or "zip", whose content is
	// wanted in a folder. Default: it isn't unpacked.
	Unpack string
	// Header is a Secret with a header of the request, whole, such as
	// "Authorization: Bearer …", in its key HeaderKey. Where the server redirects to
	// another host, that one gets it too, unless it is Authorization or Cookie.
	// Default: none.
	Header pattern.SecretBuilder
	// HeaderKey is the key of Header. Default: header.
	HeaderKey string
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the server's certificate. Default: those of the image.
	CA pattern.Volume
	// AllowHTTP takes a URL that is not https, and redirects to such ones: everybody
	// on the way sees the file and the Header, and only the checksum tells that nobody
	// changed it.
	AllowHTTP bool
}

// Download puts a file from the web into a volume before the app starts. Its SHA-256
// checksum, 64 hexadecimal digits as sha256sum prints them, is asked for: a file
// that has another one is deleted, and the app doesn't start.
//
//	tools := pattern.EmptyDir("tools").SizeLimit("200Mi")
//	initc.Download("https://dl.k8s.io/release/v1.36.0/bin/linux/amd64/kubectl", sum, tools, initc.DownloadOptions{Mode: 0o755})
//	app.Reads(tools, "/opt/tools")
//
// It adds a container download-<file>, with curl, as user 65534 and with 64 MiB, that
// mounts the volume at /download. Redirects are followed, not to plain http, and a
// busy server is asked again up to five times; one that sends nothing for 30 seconds
// is given up. The file appears under its name when it is whole. Where it is there already,
// as after a restart, nothing is fetched; a folder has a file <folder>.sha256
// beside it for that.
//
// A volume that is no emptyDir needs an FSGroup. A volume in memory counts what it
// holds as memory: raise the limit. An archive and its content are there at once
// while it is unpacked. A claim is for one pod at a
// time: two that fetch into it get in each other's way. A NetworkPolicy allows the
// URL's host only: say .Dials for those that it redirects to.
//
// Defaults: image curl, uid 65534, 10m CPU, 16Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: curl/curl-container; docs: curl.se/docs/manpage.html.
func Download(url, sha256 string, into pattern.Volume, opts ...DownloadOptions) pattern.InitContainer {
	o := opt.Last(opts)
	schemes := []string{"https"}
	if o.AllowHTTP {
		schemes = append(schemes, "http")
	}
	u, port, err := endpoint.URL(url, 0, schemes...)
	if err != nil {
		return pattern.Init("download", curlImage).Reject("url", url, err.Error())
	}
	file := opt.Or(o.File, archived(path.Base(u.Path), o.Unpack))
	script, how := download, fmt.Sprintf("%o", opt.Or(o.Mode, 0o644))
	if o.Unpack != "" {
		script, how = downloadAndUnpack, o.Unpack
	}
	command := []string{
		"sh", "-c", script, "download", expansion.Literal(u.String()), strings.ToLower(sha256), "/download/" + file, how,
		"--proto", "=" + strings.Join(schemes, ","),
	}
	c := tells(confined(pattern.Init(names.Join(names.Label, "download", label(file)), curlImage), nobody)).
		Requests("10m", "16Mi").Limits("", "64Mi").
		Writes(into, "/download").
		Dials(u.Hostname(), port)
	none := pattern.Volume{}
	if o.CA != none {
		c, command = c.Reads(o.CA, "/ca"), append(command, "--cacert", "/ca/ca.crt")
	}
	if header := o.Header; header != (pattern.SecretBuilder{}) {
		command = append(command, "-H", "@/header/header")
		c = c.Late(func(v pattern.View, c pattern.InitContainer) pattern.InitContainer {
			volume := header.Volume(names.Join(names.Label, v.Name(), "header"))
			return c.Reads(volume.Key(opt.Or(o.HeaderKey, "header"), "header"), "/header")
		})
	}
	return o.judge(c.Command(command...), file, sha256)
}

// judge refuses what can't be.
func (o DownloadOptions) judge(c pattern.InitContainer, file, sha256 string) pattern.InitContainer {
	if !checksum.MatchString(sha256) {
		c = c.Reject("sha256", sha256, "want the 64 hexadecimal digits that sha256sum prints")
	}
	if !names.IsKey(file) {
		c = c.Reject("File", file, "want the plain name of a file, such as tool.jar")
	}
	if o.Mode < 0 || o.Mode > 0o777 {
		c = c.Reject("Mode", fmt.Sprintf("%#o", o.Mode), "want permissions such as 0o755")
	}
	if o.Mode != 0 && o.Unpack != "" {
		c = c.Reject("Mode", fmt.Sprintf("%#o", o.Mode), "an archive has the permissions of its files itself")
	}
	if o.HeaderKey != "" && o.Header == (pattern.SecretBuilder{}) {
		c = c.Reject("HeaderKey", o.HeaderKey, "needs a Header, the Secret that has it")
	}
	if _, known := archives[o.Unpack]; !known && o.Unpack != "" {
		c = c.Reject("Unpack", o.Unpack, "want tar.gz or zip")
	}
	return c
}

// archives has the kinds of archives that can be unpacked, and how their files end.
var archives = map[string][]string{"tar.gz": {".tar.gz", ".tgz"}, "zip": {".zip"}}

// archived gives the name of what is in an archive.
func archived(file, kind string) string {
	for _, suffix := range archives[kind] {
		file = strings.TrimSuffix(file, suffix)
	}
	return file
}

// checksum is how sha256sum prints one.
var checksum = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
