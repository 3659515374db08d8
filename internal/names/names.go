// Package names derives the names of generated things, and says which names the API
// takes.
package names

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Label is the length of a DNS label: the longest name of a container or volume.
const Label = 63

// Port is the length of the longest name of a port.
const Port = 15

// Join puts the parts together with dashes. A result of more than limit
// characters is cut, and ends in a hash of the whole, so that two names that
// differ stay different.
func Join(limit int, parts ...string) string {
	whole := strings.Join(parts, "-")
	if len(whole) <= limit {
		return whole
	}
	sum := Hash(whole)[:8]
	return strings.TrimRight(whole[:limit-len(sum)-1], "-.") + "-" + sum
}

// Hash gives ten hexadecimal characters that stand for the parts. Parts are
// kept apart: Hash("a", "b") is not Hash("ab").
func Hash(parts ...string) string {
	size := 0
	for _, p := range parts {
		size += len(p) + len("12345:")
	}
	text := make([]byte, 0, size)
	for _, p := range parts {
		text = strconv.AppendInt(text, int64(len(p)), 10)
		text = append(append(text, ':'), p...)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:5])
}

// Env turns a name into that of an environment variable: "my-db" gives "MY_DB".
func Env(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		}
		return '_'
	}, name)
}
