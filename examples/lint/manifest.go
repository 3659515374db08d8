package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	"k8s.io/apimachinery/pkg/runtime"
	yaml "sigs.k8s.io/yaml/goyaml.v3"
)

// manifest is what was read: the objects that the checks know, and what was wrong
// with the rest.
type manifest struct {
	documents []document
	errs      []error
	// patches says of each object that is only a part of one, and unknown how many
	// there are of each kind that no check knows.
	patches []string
	unknown map[string]int
}

// document is one object and where it stands.
type document struct {
	file   string
	line   int // of its first line, from 1
	node   *yaml.Node
	object runtime.Object
}

func (m *manifest) read(file string, in io.Reader) {
	var text []byte
	var err error
	if file == "-" {
		file = "stdin"
		text, err = io.ReadAll(in)
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		m.errs = append(m.errs, err)
		return
	}
	for _, part := range split(text) {
		m.parse(document{file: file, line: part.line}, part.text)
	}
}

type part struct {
	line int
	text []byte
}

// split cuts a stream at the lines that separate YAML documents, and what is JSON
// at the end of each value.
func split(text []byte) []part {
	var out []part
	add := func(line int, text []byte) {
		if len(bytes.TrimSpace(text)) > 0 {
			out = append(out, values(part{line, text})...)
		}
	}
	start, from := 1, 0
	line := 0
	for at := 0; at < len(text); {
		line++
		end := len(text)
		if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if separates(text[at:end]) {
			add(start, text[from:at])
			start, from = line+1, end
		}
		at = end
	}
	add(start, text[from:])
	return out
}

func separates(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("---"))
	return ok && (len(bytes.TrimSpace(rest)) == 0 || rest[0] == ' ' && bytes.HasPrefix(bytes.TrimSpace(rest), []byte("#")))
}

// values cuts a stream of JSON values; what isn't one stays as it is.
func values(p part) []part {
	if !bytes.HasPrefix(bytes.TrimSpace(p.text), []byte("{")) {
		return []part{p}
	}
	var out []part
	d := json.NewDecoder(bytes.NewReader(p.text))
	for {
		var v json.RawMessage
		if err := d.Decode(&v); err == io.EOF {
			return out
		} else if err != nil {
			return []part{p}
		}
		before := p.text[:d.InputOffset()-int64(len(v))]
		out = append(out, part{p.line + bytes.Count(before, []byte("\n")), v})
	}
}

// parse takes one document, or the items of a List.
func (m *manifest) parse(d document, text []byte) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		m.fail(d, err)
		return
	}
	if len(root.Content) == 0 || root.Content[0].Tag == "!!null" {
		return // comments
	}
	d.node = root.Content[0]
	if items := field(d.node, "items"); items != nil && scalar(d.node, "kind") == "List" {
		for _, item := range items.Content {
			text, err := yaml.Marshal(item)
			if err != nil {
				m.fail(d, err)
				continue
			}
			m.take(document{file: d.file, line: d.line, node: item}, text)
		}
		return
	}
	m.take(d, text)
}

func (m *manifest) take(d document, text []byte) {
	var err error
	if d.object, err = check.Decode(text); err != nil {
		m.fail(d, err)
		return
	}
	switch {
	case d.object == nil:
		m.unchecked(d)
		return
	case lacksSelector(d.object):
		m.patches = append(m.patches, d.at("")+": "+scalar(d.node, "kind")+"/"+scalar(field(d.node, "metadata"), "name")+
			" has no selector: a patch? lint what kustomize build prints")
		return
	}
	m.documents = append(m.documents, d)
}

var (
	lineInError  = regexp.MustCompile(`line (\d+): `)
	fieldInError = regexp.MustCompile(`unknown field "([^"]+)"`)
	wordsInError = regexp.MustCompile(`(error converting YAML to JSON|error unmarshaling JSON|while decoding JSON|json|yaml): `)
)

// fail keeps an error with the line where it is, as near as it is known.
func (m *manifest) fail(d document, err error) {
	text, line := err.Error(), d.line
	switch {
	case lineInError.MatchString(text):
		n, _ := strconv.Atoi(lineInError.FindStringSubmatch(text)[1])
		line = d.line + n - 1
		text = lineInError.ReplaceAllString(text, "")
	case fieldInError.MatchString(text) && d.node != nil:
		line = d.lineOfKey(fieldInError.FindStringSubmatch(text)[1])
	case d.node != nil:
		line = d.lineOf("")
	}
	m.errs = append(m.errs, fmt.Errorf("%s:%d: %s", d.file, line, strings.TrimSpace(wordsInError.ReplaceAllString(text, ""))))
}

func (m *manifest) objects() []runtime.Object {
	out := make([]runtime.Object, len(m.documents))
	for i := range m.documents {
		out[i] = m.documents[i].object
	}
	return out
}
