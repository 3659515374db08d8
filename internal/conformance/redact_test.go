package conformance_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// What the script of the shipper's lua filter makes of a line is what Go's regexp
// makes of it.
func TestRedactIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lines := []string{
		"", "a", "user=me password=s3cret, next", "PASSWORD=x Password:y", "card 4111-1111-1111-1111 and 4111 1111 1111 1112",
		"Bearer abc.def.ghi\nsecond line token=1\n", "mail a.b+c@example.com; d@example.org", "größe naïve Ωmega 日本語 password=ключ", "\x00\x01 key=\x00\xff\xfe bad \xe2\x82 utf8 \xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf",
		"aaaaaaaaab", "ababababab", "${HOME} $1 %d %% [x] \\ \" '", "Kelvin \u212a K k ſ s S", "az`{AZ@[09/:_^",
	}
	for range 150 {
		lines = append(lines, randomText(random, 40))
	}
	exprs := []string{
		`password=\S+`, `(?i)password[=:]\s*\S+`, `\b(?:\d[ -]?){15}\d\b`, `Bearer [\w.-]+`, `[\w.+-]+@[\w-]+(\.[\w-]+)+`,
		`^a`, `a$`, `(?m)^.`, `(?m).$`, `(?m)^`, `(?m)$`, `\b`, `\B`, `\bk`, `a|ab`, `ab|a`, `(a|ab)(c|bcd)?`, `a*b`, `a+?`, `(a*)+b`, `x{2,3}?`, `(?s)a.b`, `a.b`,
		`[^a-z]+`, `\pL+`, `\p{Greek}`, `[[:punct:]]`, `(?i)k`, `(?i)straße|ſ`, `é+`, `[à-ÿ]`, `\x00`, `[\x00-\x1f]`, `[%\]^-]`, `\$\{HOME\}`, `\x{10FFFF}`, `.`, `(?:)a`, `\z`, `\A`, `a{30}`, `(a|b|c|d)+e`, `\Q.*\E`,
		`--\[\[`, `"`, `\\`, `'`, "\n", `[^\x00-\x7f]+`, `(?:a|b)*?c`, `(|a)+`, `(a?)*b`,
	}
	for range 150 {
		exprs = append(exprs, randomExpression(random, 3))
	}
	for i := 0; i < len(exprs); i += 50 {
		redactLike(t, exprs[i:min(i+50, len(exprs))], lines)
	}
}

// Several expressions go one after the other, each over what the one before left.
func TestRedactInOrder(t *testing.T) {
	got := redactLua(t, [][]string{{`b\*+`, `a+`, `b\*+c`}}, []string{"abaac", "bc"})
	require.Equal(t, []string{"******", "bc"}, got)
}

// A line of a usual size takes far less than a millisecond, and one that could make a
// backtracking engine busy for ever takes linear time.
func TestRedactIsQuick(t *testing.T) {
	usual := strings.Repeat("2026-08-21T10:06:38Z INFO request served path=/cart user=4711 took=12ms ", 3)
	lines := make([]string, 500)
	for i := range lines {
		lines[i] = usual
	}
	started := time.Now()
	redactLua(t, [][]string{{`(?i)password=\S+`, `\b\d{16}\b`, `[\w.+-]+@[\w-]+\.[\w.-]+`}}, lines)
	t.Logf("%s a line of %d bytes with three expressions", time.Since(started)/500, len(usual))
	require.Less(t, time.Since(started)/500, 3*time.Millisecond)

	started = time.Now()
	redactLua(t, [][]string{{`(a*)*b`}}, []string{strings.Repeat("a", 2000)})
	require.Less(t, time.Since(started), 8*time.Second)
}

func redactLike(t *testing.T, exprs, lines []string) {
	t.Helper()
	sets := [][]string{}
	want := []string{}
	used := []string{}
	for _, expr := range exprs {
		re, err := regexp.Compile(expr)
		if err != nil || re.MatchString("") {
			continue // the shipper refuses it
		}
		sets, used = append(sets, []string{expr}), append(used, expr)
		for _, line := range lines {
			want = append(want, re.ReplaceAllLiteralString(line, "***"))
		}
	}
	got := redactLua(t, sets, lines)
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, want[i], got[i], "expression %q, line %q", used[i/len(lines)], lines[i%len(lines)])
	}
}

// redactLua runs the filters with each set of expressions on all lines, in one Lua.
func redactLua(t *testing.T, sets [][]string, lines []string) []string {
	t.Helper()
	var driver, in bytes.Buffer
	driver.WriteString("local filters = {}\n")
	dir := t.TempDir()
	for i, exprs := range sets {
		file := filepath.Join(dir, fmt.Sprintf("%d.lua", i))
		require.NoError(t, os.WriteFile(file, []byte(redactCode(t, exprs)), 0o644))
		fmt.Fprintf(&driver, "dofile(%q) filters[%d] = redact\n", file, i+1)
	}
	driver.WriteString(`local lines = {}
for line in io.lines() do lines[#lines + 1] = (line:gsub("..", function(h) return string.char(tonumber(h, 16)) end)) end
for _, f in ipairs(filters) do
  for _, line in ipairs(lines) do
    local code, time, record = f("app", 1, { log = line, file = "password=kept" })
    assert(time == 1 and record.file == "password=kept" and code == (record.log == line and 0 or 2))
    io.write((record.log:gsub(".", function(c) return string.format("%02x", c:byte()) end)), "\n")
  end
end
`)
	for _, line := range lines {
		in.WriteString(hex.EncodeToString([]byte(line)) + "\n")
	}
	script := filepath.Join(dir, "driver.lua")
	require.NoError(t, os.WriteFile(script, driver.Bytes(), 0o644))
	cmd := exec.Command("lua5.1", script)
	cmd.Stdin = &in
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, errs.String())
	all := []string{}
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		text, err := hex.DecodeString(line)
		require.NoError(t, err)
		all = append(all, string(text))
	}
	return all
}

// redactCode is the code of the lua filter in a shipper's configuration.
func redactCode(t *testing.T, exprs []string) string {
	t.Helper()
	logs := pattern.EmptyDir("logs")
	pod, err := pattern.Pod("web").InlineConfig().WithApp(pattern.App("web", "web:1").Writes(logs, "/log")).
		WithSidecar(sidecar.FluentBit(logs, sidecar.Stdout(), sidecar.LogShipperOptions{Redact: exprs})).Build()
	require.NoError(t, err)
	text := pod.Annotations["config.podpattern.dev/fluent-bit.fluent-bit.yaml"]
	require.NotContains(t, strings.ReplaceAll(strings.ReplaceAll(text, "${POD_NAMESPACE}", ""), "${POD_NAME}", ""), "${", "fluent-bit would expand it")
	var config struct {
		Pipeline struct{ Filters []map[string]any }
	}
	require.NoError(t, yaml.Unmarshal([]byte(text), &config))
	require.Equal(t, "lua", config.Pipeline.Filters[0]["name"], "before any other filter")
	return config.Pipeline.Filters[0]["code"].(string)
}

func randomText(random *rand.Rand, n int) string {
	alphabet := []string{"a", "b", "c", "d", "e", "x", "1", "2", " ", "-", "_", ".", "\n", "é", "日", "K", "\xff", "=", "A", "B"}
	out := ""
	for range random.IntN(n) {
		out += alphabet[random.IntN(len(alphabet))]
	}
	return out
}

// randomExpression gives an expression that may match such a text.
func randomExpression(random *rand.Rand, depth int) string {
	atoms := []string{"a", "b", "c", "é", "日", "1", ".", `\d`, `\w`, `\s`, `[a-c]`, `[^a-c]`, `[^\x00-\x7f]`, `^`, `$`, `\b`, `\B`, `(?i)k`, `(?i:ab)`, `(?s:.)`, `(?m:^)`, `(?m:$)`}
	if depth == 0 {
		return atoms[random.IntN(len(atoms))]
	}
	sub := func() string { return randomExpression(random, depth-1) }
	switch random.IntN(6) {
	case 0:
		return "(?:" + sub() + "|" + sub() + ")"
	case 1:
		return "(" + sub() + ")" + []string{"*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}?"}[random.IntN(9)]
	default:
		return sub() + sub()
	}
}
