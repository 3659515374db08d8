package conformance_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/onigmo"
	"github.com/stretchr/testify/require"
)

// What a regular expression of Go matches in a line, and what its named groups have,
// is what Onigmo, which Ruby has too, finds with the expression that is written for it.
func TestOnigmoMatchesLikeGo(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	lines := []string{"", "a", "2026-08-21 10:06:38.25|INFO|it is up", "ERROR\n  at main.go:12\n", "größe naïve 日本語 k=\u212a ſ", "/x/ $HOME {y} [z] a&&b ~~ -"}
	for range 60 {
		lines = append(lines, strings.ToValidUTF8(randomText(random, 30), "?"))
	}
	exprs := []string{
		`^(?P<time>[^|]+)\|(?<level>\w+)\|(?<msg>.*)$`, `(?s)^(?<all>.*)$`, `(?m)^(?<first>\S+)$`, `(?i)(?<k>k|ſ)`, `\bb|\Ba`, `(?<x>a{2}?)`, `[^[:space:]]+`, `/x/`,
		`[\]\[\\^&~-]+`, `\$\w+ \{y\}`, `(?i:größe)`, `\p{Han}+`, `[&&a]+`, `[a-z&&[^b]]+`, `(?m)$`, `(?<a>x|(?<b>y))`, `\x{65e5}`, `.\z`, `#`, ` `,
	}
	for range 300 {
		exprs = append(exprs, randomExpression(random, 3))
	}
	type match map[string]any
	var want []match
	var ask []map[string]any
	for _, expr := range exprs {
		re := regexp.MustCompile(expr)
		for _, line := range lines {
			want = append(want, goMatch(re, line))
		}
		for_, err := onigmo.Expr(expr)
		require.NoError(t, err)
		ask = append(ask, map[string]any{"expr": for_, "lines": lines})
	}
	in, err := json.Marshal(ask)
	require.NoError(t, err)
	cmd := exec.Command("ruby", "-rjson", "-e", `
all = JSON.parse(STDIN.read).flat_map do |a|
  re = Regexp.new(a["expr"])
  a["lines"].map do |line|
    m = re.match(line)
    m ? {"from" => m.pre_match.bytesize, "text" => m[0], "groups" => m.named_captures.transform_values { |v| v || "" } } : {}
  end
end
puts JSON.generate(all)`)
	cmd.Env = append(cmd.Environ(), "LANG=C.UTF-8")
	cmd.Stdin = bytes.NewReader(in)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, errs.String())
	var got []match
	require.NoError(t, json.Unmarshal(out, &got))
	require.Len(t, got, len(want))
	for i := range want {
		w, err := json.Marshal(want[i])
		require.NoError(t, err)
		g, err := json.Marshal(got[i])
		require.NoError(t, err)
		require.JSONEq(t, string(w), string(g), "%q as %q in %q", exprs[i/len(lines)], ask[i/len(lines)]["expr"], lines[i%len(lines)])
	}
}

func goMatch(re *regexp.Regexp, line string) map[string]any {
	at := re.FindStringSubmatchIndex(line)
	if at == nil {
		return map[string]any{}
	}
	groups := map[string]string{}
	for i, name := range re.SubexpNames() {
		if name == "" {
			continue
		}
		groups[name] = ""
		if at[2*i] >= 0 {
			groups[name] = line[at[2*i]:at[2*i+1]]
		}
	}
	return map[string]any{"from": at[0], "text": line[at[0]:at[1]], "groups": groups}
}
