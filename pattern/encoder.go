package pattern

import (
	"errors"
	"io"

	"github.com/podpattern/podpattern/internal/yamlenc"
	"k8s.io/apimachinery/pkg/runtime"
)

// Encoder writes objects as one YAML stream, group by group: a generator of very many
// then holds no more than one group. It is for one goroutine.
type Encoder struct {
	w    io.Writer
	text []byte
	more bool // something was written
}

// NewEncoder gives an encoder that writes to w.
func NewEncoder(w io.Writer) *Encoder { return &Encoder{w: w} }

// Encode writes what [YAML] gives for objects that belong together, such as a Deployment
// and its Service, behind a --- unless they are the first. Where there are findings that
// make an object unusable it writes nothing of the group and returns them.
//
// What groups say of each other isn't looked at: two objects of one name are no finding,
// and what two groups need is written twice. [WriteYAML] and [Main] look at all.
func (e *Encoder) Encode(objects ...Object) error {
	out, err := Objects(objects...)
	if err != nil {
		return err
	}
	return e.write(out)
}

var errNoWriter = errors.New("there is nothing to write to: the writer is nil")

// write prints each object into the room of the one before: so a stream of many takes no
// more memory than its longest object.
func (e *Encoder) write(objects []runtime.Object) error {
	if e == nil || e.w == nil {
		return errNoWriter
	}
	for _, o := range objects {
		var err error
		if e.text, err = appendDocument(e.text[:0], o, e.more); err != nil {
			return err
		}
		if _, err := e.w.Write(e.text); err != nil {
			return err
		}
		e.more = true
	}
	return nil
}

// appendDocument appends an object, behind a separator if there are more before it.
func appendDocument(text []byte, o runtime.Object, more bool) ([]byte, error) {
	if more {
		text = append(text, "---\n"...)
	}
	return yamlenc.AppendYAML(text, o)
}
