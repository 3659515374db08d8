package podgen

import (
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// draw takes a value from a pool.
func (g *Generator) draw(p pool) string {
	if len(p.bad) > 0 && g.chance(g.bad) || len(p.good) == 0 {
		return pick(g, p.bad)
	}
	return pick(g, p.good)
}

func (g *Generator) scalar(v reflect.Value, at string) {
	p, known := poolOf(at)
	switch v.Kind() {
	case reflect.String:
		if !known {
			p = subdomain
		}
		text := g.draw(p)
		if g.chance(g.bad / 4) {
			text = g.misspell(text)
		}
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(g.chance(0.5))
	case reflect.Int32, reflect.Int64:
		if !known {
			p = seconds
		}
		n, err := strconv.ParseInt(g.draw(p), 10, v.Type().Bits())
		if err != nil {
			n = -1
		}
		if g.chance(g.bad / 4) {
			n += int64(g.r.IntN(3) - 1) // a limit is one off
		}
		v.SetInt(n)
	case reflect.Uint8:
		v.SetUint('x')
	}
}

// misspell changes a few characters of a text.
func (g *Generator) misspell(text string) string {
	for range 1 + g.r.IntN(2) {
		i := g.r.IntN(len(text) + 1)
		for i < len(text) && !utf8.RuneStart(text[i]) {
			i++
		}
		tail := text[i:]
		if tail != "" && g.chance(0.5) {
			_, n := utf8.DecodeRuneInString(tail)
			tail = tail[n:]
		}
		if g.chance(0.7) {
			tail = pick(g, characters) + tail
		}
		text = text[:i] + tail
	}
	return text
}

var (
	numbers  = []string{"0", "1", "-1", "1.5", "0.001", "100", "1024", "2048", "999999999999", "12345678901234567890.5"}
	suffixes = []string{"", "n", "u", "m", "k", "M", "G", "E", "Ki", "Mi", "Gi", "Ei", "e3", "E-3"}
)

var characters = strings.Split("-|.|_|/|:|a|Z|9| |..|=|%|@|,|;|$|(|)|[|]|'|\\|*|~|é|\t|\x7f", "|")

func (g *Generator) quantity(at string) resource.Quantity {
	p, known := poolOf(at)
	if !known {
		p = quantity
	}
	if g.chance(g.bad / 4) {
		return resource.MustParse(pick(g, numbers) + pick(g, suffixes))
	}
	return resource.MustParse(g.draw(p))
}

func (g *Generator) portOrName() intstr.IntOrString {
	if g.chance(0.5) {
		n, _ := strconv.Atoi(g.draw(port))
		return intstr.FromInt32(int32(n))
	}
	return intstr.FromString(g.draw(containerValues["ContainerPort.Name"]))
}
