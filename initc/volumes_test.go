package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

// data is a volume that the app reads; filled is that app's pod.
var (
	data   = pattern.EmptyDir("data").SizeLimit("16Mi")
	filled = pattern.Pod("web").Hardened().WithApp(patterntest.App().Reads(data, "/srv/data"))
)

func TestWriteConfig(t *testing.T) {
	files := map[string]string{"b.ini": "a = \"$(B) $C %d\"\n", "a.json": "{}\n"}
	tests := map[string]pattern.InitContainer{
		"default": initc.WriteConfig(files, data),
		"options": initc.WriteConfig(map[string]string{"app.ini": ""}, data, initc.WriteConfigOptions{Mode: 0o640, KeepExisting: true}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "writeconfig-"+name, filled, c) })
	}
}

func TestWriteConfigRefuses(t *testing.T) {
	one := map[string]string{"a": "b"}
	for name, tt := range map[string]struct {
		c    pattern.InitContainer
		want string
	}{
		"no file":   {initc.WriteConfig(nil, data), "at least one file"},
		"no volume": {initc.WriteConfig(one, pattern.Volume{}), "volume"},
		"a folder":  {initc.WriteConfig(map[string]string{"conf.d/a": "b"}, data), "plain name"},
		"a parent":  {initc.WriteConfig(map[string]string{"..": "b"}, data), "plain name"},
		"mode":      {initc.WriteConfig(one, data, initc.WriteConfigOptions{Mode: 666}), "0o640"},
		"no text":   {initc.WriteConfig(map[string]string{"a": "\xff"}, data), "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, filled, tt.c, tt.want) })
	}
}

func TestPermissions(t *testing.T) {
	patterntest.Helper(t, "permissions-mode", filled, initc.Permissions(data, initc.PermissionsOptions{Mode: "u=rwX,g+rX"}).RunAsUser(10001))
	root := filled.Allow("pss-restricted", "the share belongs to another system")
	patterntest.Helper(t, "permissions-owner", root, initc.Permissions(data, initc.PermissionsOptions{UID: 10001, GID: 10002}))
	patterntest.Helper(t, "permissions-both", root, initc.Permissions(data, initc.PermissionsOptions{GID: 10002, Mode: "g+rwX"}))
}

func TestPermissionsRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		c    pattern.InitContainer
		want string
	}{
		"nothing to change": {initc.Permissions(data), "a Mode, a UID or a GID"},
		"no volume":         {initc.Permissions(pattern.Volume{}, initc.PermissionsOptions{Mode: "0640"}), "volume"},
		"a word":            {initc.Permissions(data, initc.PermissionsOptions{Mode: "writable"}), "want what chmod takes"},
		"a decimal mode":    {initc.Permissions(data, initc.PermissionsOptions{Mode: "0o640"}), "want what chmod takes"},
		"a flag":            {initc.Permissions(data, initc.PermissionsOptions{Mode: "--help"}), "want what chmod takes"},
		"uid":               {initc.Permissions(data, initc.PermissionsOptions{UID: -1}), "number of a user"},
		"gid":               {initc.Permissions(data, initc.PermissionsOptions{GID: -1}), "number of a group"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, filled, tt.c, tt.want) })
	}
}

func TestCopyFrom(t *testing.T) {
	patterntest.Helper(t, "copyfrom", filled, initc.CopyFrom("registry.example.com:5000/team/jmx_agent:1.6.0@sha256:"+sum, "/opt/agent/.", data))
}

func TestCopyFromRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		c    pattern.InitContainer
		want string
	}{
		"no image":  {initc.CopyFrom("", "/opt/agent/.", data), "image"},
		"no volume": {initc.CopyFrom("agent:1", "/opt/agent/.", pattern.Volume{}), "volume"},
		"no path":   {initc.CopyFrom("agent:1", "", data), "absolute path"},
		"relative":  {initc.CopyFrom("agent:1", "agent/.", data), "absolute path"},
		"a flag":    {initc.CopyFrom("agent:1", "--help", data), "absolute path"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, filled, tt.c, tt.want) })
	}
}
