package onigmo_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/onigmo"
	"github.com/stretchr/testify/require"
)

func TestExpr(t *testing.T) {
	for expr, want := range map[string]string{
		`^(?P<time>[^|]+)\|(?<msg>.*)$`: `\A(?<time>[^\|]+)\|(?<msg>.*)\z`,
		`(a|b)c`:                        `(?:[ab])c`,
		`(?:ab|cd)+x`:                   `(?:ab|cd)+x`,
		`(?i)ab`:                        `[Aa][Bb]`,
		`(?i)k`:                         "[KkK]", // the Kelvin sign folds to k
		`(?s)a.b`:                       `a(?m:.)b`,
		`(?m)^a$`:                       `(?:\A|(?<=\n))a(?=\n|\z)`,
		`a{3}?`:                         `a{3}`,
		`a{1,3}?b{2,}`:                  `a{1,3}?b{2,}`,
		`(?:a*)+`:                       `(?:a*)+`,
		`/x/`:                           `\/x\/`,
		`\$\{x\}`:                       `\x24\{x\}`,
		`\s\d`:                          `[\t\n\x0c\x0d ][0-9]`,
		`\Q.*\E`:                        `\.\*`,
		`日[^é]`:                         `日[^é]`,
		`[[:^ascii:]]`:                  `[^\x00-\x7f]`,
	} {
		got, err := onigmo.Expr(expr)
		require.NoError(t, err, expr)
		if expr == `(?i)k` {
			require.ElementsMatch(t, []rune("[]Kk\u212a"), []rune(got))
			continue
		}
		require.Equal(t, want, got, expr)
	}
	_, err := onigmo.Expr("(")
	require.Error(t, err)
}
