package pattern

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
)

// recordAnnotation is before the annotations by which bundles know what they added: the
// name of the bundle is behind it. The value is a list in JSON of texts such as
// "3f9a0c11 volumes/log-shipper-config", in which the number stands for the content, and
// "empty volumes", for what was there and held nothing.
const recordAnnotation = "bundles.podpattern.dev/"

// record is what a bundle has in a pod.
type record struct {
	bundle string
	claims []claim
	empty  []home // that were there without anything of the pod's own
	// noMetadata says that the raw object had none.
	noMetadata bool
}

// claim is a part that a record says is the bundle's. The hash stands for its content; that
// of a container has a second number, which stays the same where the API server and others
// fill in what is open.
type claim struct {
	home
	key, hash string
}

const (
	emptyMark      = "empty"
	noMetadataMark = "absent metadata"
)

func (r *record) String() string {
	entries := make([]string, 0, len(r.claims)+len(r.empty)+1)
	for _, c := range r.claims {
		entries = append(entries, c.hash+" "+c.home.String()+"/"+c.key)
	}
	for _, h := range r.empty {
		entries = append(entries, emptyMark+" "+h.String())
	}
	if r.noMetadata {
		entries = append(entries, noMetadataMark)
	}
	return string(inJSON(entries))
}

// readRecord reads a record; nobody but the pod's author vouches for what it says.
func readRecord(bundle, text string) (record, error) {
	r := record{bundle: bundle}
	var entries []string
	if !names.IsLabel(bundle) {
		return r, fmt.Errorf("%q is no name of a bundle", bundle)
	}
	if err := json.Unmarshal([]byte(text), &entries); err != nil {
		return r, fmt.Errorf("it is no list of texts")
	}
	for i, e := range entries {
		mark, what, _ := strings.Cut(e, " ")
		h, key, known := parseHome(what)
		switch {
		case e == noMetadataMark:
			r.noMetadata = true
		case slices.Contains(entries[:i], e):
			return r, fmt.Errorf("it has %q twice", e)
		case !known, h.kind.ofContainer() && h.container == "", (key == "") != (mark == emptyMark):
			return r, fmt.Errorf("%q is no part of a pod", e)
		case h.kind == annotationHome && strings.HasPrefix(key, recordAnnotation):
			return r, fmt.Errorf("%q is a record itself", e)
		case mark == emptyMark:
			r.empty = append(r.empty, h)
		default:
			r.claims = append(r.claims, claim{h, key, mark})
		}
	}
	return r, nil
}

// claim finds the claim to a part.
func (r *record) claim(h home, key string) *claim {
	i := slices.IndexFunc(r.claims, func(c claim) bool { return c.home == h && c.key == key })
	if i < 0 {
		return nil
	}
	return &r.claims[i]
}
