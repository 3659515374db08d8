package initc_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

var sum = strings.Repeat("0123456789abcdef", 4)

func TestDownload(t *testing.T) {
	tools := pattern.EmptyDir("tools").SizeLimit("200Mi")
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Reads(tools, "/opt/tools"))
	tests := map[string]pattern.InitContainer{
		"program": initc.Download("https://dl.k8s.io/release/v1.36.0/bin/linux/amd64/kubectl", sum, tools, initc.DownloadOptions{Mode: 0o755}),
		"archive": initc.Download("https://example.com/dist/Tool_1.2.tar.gz", strings.ToUpper(sum), tools, initc.DownloadOptions{Unpack: "tar.gz"}),
		"private": initc.Download("http://files.prod.svc:8080/get?id=7", sum, tools, initc.DownloadOptions{
			File: "model.bin", Header: pattern.Secret("files"), HeaderKey: "authorization", AllowHTTP: true,
		}),
		"own-authority": initc.Download("https://files.prod.svc/model.bin", sum, tools, initc.DownloadOptions{CA: pattern.ConfigMap("internal-ca").Volume("ca")}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "download-"+name, pod, c) })
	}
}

func TestDownloadRefuses(t *testing.T) {
	tools := pattern.EmptyDir("tools").SizeLimit("200Mi")
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Reads(tools, "/opt/tools"))
	tests := map[string]struct {
		url, sum string
		into     pattern.Volume
		opts     initc.DownloadOptions
		want     string
	}{
		"no URL":              {"", sum, tools, initc.DownloadOptions{}, "want https://host"},
		"http":                {"http://example.com/a", sum, tools, initc.DownloadOptions{}, "want https://host"},
		"ftp":                 {"ftp://example.com/a", sum, tools, initc.DownloadOptions{AllowHTTP: true}, "want https:// or http://host"},
		"a password":          {"https://u:p@example.com/a", sum, tools, initc.DownloadOptions{}, "use a Secret"},
		"no checksum":         {"https://example.com/a", "", tools, initc.DownloadOptions{}, "64 hexadecimal digits"},
		"SHA-1":               {"https://example.com/a", sum[:40], tools, initc.DownloadOptions{}, "64 hexadecimal digits"},
		"a checksum's line":   {"https://example.com/a", sum + "  a", tools, initc.DownloadOptions{}, "64 hexadecimal digits"},
		"no volume":           {"https://example.com/a", sum, pattern.Volume{}, initc.DownloadOptions{}, "volume"},
		"no file":             {"https://example.com/", sum, tools, initc.DownloadOptions{}, "plain name of a file"},
		"a folder":            {"https://example.com/a", sum, tools, initc.DownloadOptions{File: "../a"}, "plain name of a file"},
		"mode":                {"https://example.com/a", sum, tools, initc.DownloadOptions{Mode: 755}, "want permissions"},
		"mode of an archive":  {"https://example.com/a.zip", sum, tools, initc.DownloadOptions{Mode: 0o755, Unpack: "zip"}, "0755"},
		"an unknown archive":  {"https://example.com/a.rar", sum, tools, initc.DownloadOptions{Unpack: "rar"}, "want tar.gz or zip"},
		"a key and no Secret": {"https://example.com/a", sum, tools, initc.DownloadOptions{HeaderKey: "token"}, "needs a Header"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, initc.Download(tt.url, tt.sum, tt.into, tt.opts), tt.want)
		})
	}
}
