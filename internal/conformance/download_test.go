package conformance_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// fileServer is what a server has, by path.
type fileServer map[string]string

func (f fileServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, known := f[r.URL.Path]
	switch {
	case r.URL.Path == "/moved":
		http.Redirect(w, r, "/tool", http.StatusFound)
	case r.URL.Path == "/private" && r.Header.Get("Authorization") != "Bearer s3cret":
		w.WriteHeader(http.StatusUnauthorized)
	case !known:
		http.Error(w, "no such file", http.StatusNotFound)
	default:
		_, _ = io.WriteString(w, content)
	}
}

func sumOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// download runs what initc.Download does, with a folder in place of the volume.
func download(t *testing.T, url, sum, volume string, o initc.DownloadOptions, folders map[string]string) *process {
	t.Helper()
	o.AllowHTTP = o.AllowHTTP || strings.HasPrefix(url, "http://")
	into := pattern.EmptyDir("tools")
	here := map[string]string{"/download/": volume + "/"}
	for there, folder := range folders {
		here[there] = folder
	}
	return runInit(t, initc.Download(url, sum, into, o), here, "curl")
}

// namesIn gives the names in a folder.
func namesIn(t *testing.T, folder string) []string {
	t.Helper()
	found, err := os.ReadDir(folder)
	require.NoError(t, err)
	names := []string{}
	for _, e := range found {
		names = append(names, e.Name())
	}
	return names
}

func TestDownload(t *testing.T) {
	const tool = "#!/bin/sh\necho tool\n"
	server := httptest.NewServer(fileServer{"/tool": tool, "/private": tool, "/a b%c": tool})
	t.Cleanup(server.Close)
	header := filepath.Join(t.TempDir(), "header")
	require.NoError(t, os.WriteFile(header, []byte("Authorization: Bearer s3cret\n"), 0o600))
	withHeader := initc.DownloadOptions{Header: pattern.Secret("files")}
	tests := map[string]struct {
		path, sum string
		opts      initc.DownloadOptions
		has       string // the file that is there then, or
		fails     string // what is said last
	}{
		"a file":         {"/tool", sumOf(tool), initc.DownloadOptions{}, "tool", ""},
		"as a program":   {"/tool", sumOf(tool), initc.DownloadOptions{Mode: 0o755}, "tool", ""},
		"another name":   {"/tool", sumOf(tool), initc.DownloadOptions{File: "t.sh"}, "t.sh", ""},
		"a redirect":     {"/moved", sumOf(tool), initc.DownloadOptions{}, "moved", ""},
		"an odd path":    {"/a%20b%25c", sumOf(tool), initc.DownloadOptions{File: "odd"}, "odd", ""},
		"no glob":        {"/tool?v={a,[b", sumOf(tool), initc.DownloadOptions{}, "tool", ""},
		"a header":       {"/private", sumOf(tool), withHeader, "private", ""},
		"no header":      {"/private", sumOf(tool), initc.DownloadOptions{}, "", "could not download"},
		"404":            {"/nowhere", sumOf("no such file\n"), initc.DownloadOptions{}, "", "could not download"},
		"wrong checksum": {"/tool", sumOf("another"), initc.DownloadOptions{}, "", "its SHA-256 is " + sumOf(tool) + ", not " + sumOf("another")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			volume := t.TempDir()
			p := download(t, server.URL+tt.path, tt.sum, volume, tt.opts, map[string]string{"/header/header": header})
			if tt.fails != "" {
				require.Equal(t, 1, p.end(t), p.said(t))
				require.Contains(t, p.lastLine(t), tt.fails)
				require.Empty(t, namesIn(t, volume))
				return
			}
			require.Zero(t, p.end(t), p.said(t))
			require.Equal(t, []string{tt.has}, namesIn(t, volume))
			got, err := os.ReadFile(filepath.Join(volume, tt.has))
			require.NoError(t, err)
			require.Equal(t, tool, string(got))
			info, err := os.Stat(filepath.Join(volume, tt.has))
			require.NoError(t, err)
			want := os.FileMode(0o644)
			if tt.opts.Mode != 0 {
				want = os.FileMode(tt.opts.Mode)
			}
			require.Equal(t, want, info.Mode())
		})
	}
}

// A restart fetches what is missing, and nothing else; a half file is never taken
// for a whole one.
func TestDownloadAfterARestart(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("0123456789", 1000)
	var asked, whole atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			w.Header().Set("Content-Length", "10000")
			_, _ = io.WriteString(w, content[:5000])
			return // and the connection breaks
		}
		whole.Add(1)
		_, _ = io.WriteString(w, content)
	}))
	t.Cleanup(server.Close)
	volume := t.TempDir()
	run := func() *process {
		return download(t, server.URL+"/data", sumOf(content), volume, initc.DownloadOptions{}, nil)
	}

	p := run()
	require.Equal(t, 1, p.end(t), p.said(t))
	require.NotContains(t, namesIn(t, volume), "data")
	p = run()
	require.Zero(t, p.end(t), p.said(t))
	p = run()
	require.Zero(t, p.end(t), p.said(t))
	require.Contains(t, p.lastLine(t), "is there already")
	require.EqualValues(t, 1, whole.Load())

	require.NoError(t, os.WriteFile(filepath.Join(volume, "data"), []byte("of last week"), 0o644))
	p = run()
	require.Zero(t, p.end(t), p.said(t))
	got, err := os.ReadFile(filepath.Join(volume, "data"))
	require.NoError(t, err)
	require.Equal(t, content, string(got))
}

func TestDownloadUnpacks(t *testing.T) {
	t.Parallel()
	var tgz, zipped bytes.Buffer
	gz := gzip.NewWriter(&tgz)
	archive := tar.NewWriter(gz)
	require.NoError(t, archive.WriteHeader(&tar.Header{Name: "tool-1.2/bin/tool", Mode: 0o755, Size: 4}))
	_, err := archive.Write([]byte("tool"))
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	require.NoError(t, gz.Close())
	z := zip.NewWriter(&zipped)
	w, err := z.Create("tool-1.2/bin/tool")
	require.NoError(t, err)
	_, err = w.Write([]byte("tool"))
	require.NoError(t, err)
	require.NoError(t, z.Close())

	var asked atomic.Int32
	content := fileServer{"/tool.tar.gz": tgz.String(), "/tool.tgz": tgz.String(), "/tool.zip": zipped.String(), "/broken.zip": tgz.String()}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked.Add(1); content.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	for path, kind := range map[string]string{"/tool.tar.gz": "tar.gz", "/tool.tgz": "tar.gz", "/tool.zip": "zip"} {
		t.Run(path, func(t *testing.T) {
			volume, o := t.TempDir(), initc.DownloadOptions{Unpack: kind}
			// What a container left that was killed, and an older version.
			require.NoError(t, os.Mkdir(filepath.Join(volume, "tool.new"), 0o755))
			require.NoError(t, os.Mkdir(filepath.Join(volume, "tool"), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(volume, "tool", "old"), nil, 0o644))
			require.NoError(t, os.WriteFile(filepath.Join(volume, "tool.sha256"), []byte(sumOf("old")), 0o644))

			p := download(t, server.URL+path, sumOf(content[path]), volume, o, nil)
			require.Zero(t, p.end(t), p.said(t))
			require.Equal(t, []string{"tool", "tool.sha256"}, namesIn(t, volume))
			require.Equal(t, []string{"tool-1.2"}, namesIn(t, filepath.Join(volume, "tool")))
			got, err := os.ReadFile(filepath.Join(volume, "tool", "tool-1.2", "bin", "tool"))
			require.NoError(t, err)
			require.Equal(t, "tool", string(got))

			before := asked.Load()
			p = download(t, server.URL+path, sumOf(content[path]), volume, o, nil)
			require.Zero(t, p.end(t), p.said(t))
			require.Equal(t, before, asked.Load(), "nothing is fetched again")
		})
	}
	volume := t.TempDir()
	p := download(t, server.URL+"/broken.zip", sumOf(content["/broken.zip"]), volume, initc.DownloadOptions{Unpack: "zip"}, nil)
	require.Equal(t, 1, p.end(t), p.said(t))
	require.NotContains(t, namesIn(t, volume), "broken")
}

// Only who allows plain http gets it, a redirect to it included; and certificates
// are verified.
func TestDownloadIsEncrypted(t *testing.T) {
	t.Parallel()
	const tool = "tool\n"
	plain := httptest.NewServer(fileServer{"/tool": tool})
	t.Cleanup(plain.Close)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, plain.URL+"/tool", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, tool)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.crt")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o644))
	own := pattern.ConfigMap("ca").Volume("ca")
	tests := map[string]struct {
		path string
		opts initc.DownloadOptions
		good bool
	}{
		"an unknown authority":        {"/tool", initc.DownloadOptions{}, false},
		"an own authority":            {"/tool", initc.DownloadOptions{CA: own}, true},
		"a redirect to http":          {"/moved", initc.DownloadOptions{CA: own}, false},
		"an allowed redirect to http": {"/moved", initc.DownloadOptions{CA: own, AllowHTTP: true}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := download(t, server.URL+tt.path, sumOf(tool), t.TempDir(), tt.opts, map[string]string{"/ca/ca.crt": ca})
			require.Equal(t, tt.good, p.end(t) == 0, p.said(t))
		})
	}
}

func TestDownloadStopsAtOnce(t *testing.T) {
	t.Parallel()
	var asked atomic.Bool
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true); <-release }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	p := download(t, server.URL+"/data", sumOf(""), t.TempDir(), initc.DownloadOptions{}, nil)
	require.Eventually(t, asked.Load, 10*time.Second, 20*time.Millisecond)
	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, 143, p.end(t), p.said(t))
	require.Less(t, time.Since(told), atOnce)
}
