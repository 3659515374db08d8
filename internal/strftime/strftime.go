// Package strftime reads layouts of times: the directives of strftime that all log
// programs know, so that one layout can be written for each of them.
package strftime

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// goLayout is what Go's time package writes for each directive; it has no word for %s,
// and none is needed for %L.
var goLayout = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05",
	'y': "06", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday", 'e': "_2",
	'I': "03", 'p': "PM", 'z': "-0700", 'L': "", 's': "",
}

// Token is a directive, or what stands between two of them.
type Token struct {
	Directive byte // such as 'Y'; 0: text. %F is Y-m-d and %T is H:M:S, taken apart
	Text      string
}

// Tokens takes a layout apart.
func Tokens(layout string) ([]Token, error) {
	layout = strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S").Replace(layout)
	all, directives := []Token{}, 0
	text := func(s string) {
		if n := len(all); n > 0 && all[n-1].Directive == 0 {
			all[n-1].Text += s
			return
		}
		all = append(all, Token{Text: s})
	}
	for i := 0; i < len(layout); i++ {
		c := layout[i]
		switch {
		case c < ' ' || c == 0x7f:
			return nil, errors.New("want one line, such as %Y-%m-%dT%H:%M:%S")
		case c != '%':
			text(string([]byte{c}))
			continue
		case i+1 == len(layout):
			return nil, errors.New("ends with %, which begins a directive")
		}
		i++
		if _, ok := goLayout[layout[i]]; !ok {
			return nil, fmt.Errorf("%%%c isn't known to all programs: want %%Y %%m %%d %%H %%M %%S %%L %%z %%s or others of strftime", layout[i])
		}
		directives++
		all = append(all, Token{Directive: layout[i]})
	}
	if directives == 0 {
		return nil, errors.New("want a layout as in strftime, such as %Y-%m-%dT%H:%M:%S")
	}
	return all, nil
}

// Check says whether Tokens can take a layout apart.
func Check(layout string) error {
	_, err := Tokens(layout)
	return err
}

// Go gives the layout as Go's time package writes it. It has none for %s, the seconds
// since 1970, and reads a fraction after the seconds without being told.
func Go(layout string) (string, error) {
	tokens, err := Tokens(layout)
	if err != nil {
		return "", err
	}
	out := ""
	for _, t := range tokens {
		switch t.Directive {
		case 0:
			if anyTime.Format(t.Text) != t.Text {
				return "", fmt.Errorf("%q means something in a layout of Go", t.Text)
			}
			out += t.Text
		case 's':
			return "", errors.New("%s, the seconds since 1970, has no layout")
		case 'L':
			out = strings.TrimRight(out, ".,")
		default:
			out += goLayout[t.Directive]
		}
	}
	return out, nil
}

// anyTime is one that no layout of digits writes as it stands.
var anyTime = time.Date(2033, time.October, 29, 21, 47, 58, 0, time.FixedZone("X", 3600))
