package nginx_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/nginx"
	"github.com/stretchr/testify/require"
)

// Whatever a text has in it, it is one argument; and only the library's variables
// are variables.
func TestArguments(t *testing.T) {
	tests := map[string]struct{ got, want nginx.Arg }{
		"plain":           {nginx.Text("/api/v2.1_a-b"), `/api/v2.1_a-b`},
		"empty":           {nginx.Text(""), `""`},
		"spaces":          {nginx.Text("a b"), `"a b"`},
		"quotes":          {nginx.Text(`a"b'c`), `"a\"b'c"`},
		"backslashes":     {nginx.Text(`\" \n`), `"\\\" \\n"`},
		"lines":           {nginx.Text("a\r\n\tb"), `"a\r\n\tb"`},
		"end of argument": {nginx.Text(`;{}#`), `";{}#"`},
		"no variables":    {nginx.Text("^/a$"), `"^/a$"`},
		"a dollar":        {nginx.Value("$host"), `"${dollar}host"`},
		"unicode":         {nginx.Value("é☃"), `"é☃"`},
		"joined":          {nginx.Join("https://$host", nginx.Value("/a b$"), "$1", nginx.Value(`"`)), `"https://$host/a b${dollar}$1\""`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, tt.got) })
	}
}

func TestFault(t *testing.T) {
	require.Empty(t, nginx.Fault(`any "text" of ${one} line; é`, false))
	require.Empty(t, nginx.Fault("two\nlines\tand a tab\r", true))
	require.Contains(t, nginx.Fault("two\nlines", false), "in one line")
	require.Contains(t, nginx.Fault("a\x00b", true), "control characters")
	require.Contains(t, nginx.Fault("a\x7fb", true), "control characters")
	require.Empty(t, nginx.Fault(strings.Repeat("a", 4000), false))
	require.Contains(t, nginx.Fault(strings.Repeat("a", 4001), false), "4000 bytes")
	require.Contains(t, nginx.Fault(strings.Repeat("$", 1000), false), "4000 bytes", "as it stands in the file")
}

func TestWrite(t *testing.T) {
	got := nginx.Write(nginx.D("daemon", "off"), nginx.Block("events", nil), nginx.Block("http", nil, nginx.Block("map", []nginx.Arg{"$a", "$b"}, nginx.D("default", `""`))))
	require.Equal(t, "daemon off;\nevents {\n}\nhttp {\n  map $a $b {\n    default \"\";\n  }\n}\n", got)
}

// A size is that of Kubernetes; what nginx would read otherwise is none.
func TestBytes(t *testing.T) {
	for size, want := range map[string]int64{"0": 0, "10Mi": 10 << 20, "1k": 1000, "1.5Ki": 1536, "1m": -1, "1K": -1, "-1": -1, "": -1, "0.5": -1} {
		require.Equal(t, want, nginx.Bytes(size), size)
	}
}
