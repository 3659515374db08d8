package main

import (
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	yaml "sigs.k8s.io/yaml/goyaml.v3"
)

// locate gives a finding, and each container in it, its file and line.
func (m *manifest) locate(f *check.Finding) {
	if f.Object == "" {
		return // it is about the command line
	}
	d := m.documents[f.Index]
	f.At = d.at(f.Path)
	for i := range f.Parties {
		f.Parties[i].At = d.at(f.Parties[i].Path)
	}
}

func (d document) at(path string) string { return d.file + ":" + strconv.Itoa(d.lineOf(path)) }

// lineOf gives the line of a field, or of the innermost one around it that is
// there.
func (d document) lineOf(path string) int {
	node, line := d.node, d.node.Line
	for node != nil && path != "" {
		var step string
		step, path = next(path)
		key, value := child(node, step)
		if value == nil {
			break
		}
		line = key.Line
		node = value
	}
	return d.line + line - 1
}

// lineOfKey gives the line of the first field of a name, wherever it is.
func (d document) lineOfKey(name string) int {
	if key := firstKey(d.node, name); key != nil {
		return d.line + key.Line - 1
	}
	return d.lineOf("")
}

func firstKey(n *yaml.Node, name string) *yaml.Node {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if child.Value == name {
				return child
			}
			continue
		}
		if key := firstKey(child, name); key != nil {
			return key
		}
	}
	return nil
}

// next cuts the first step off a path: containers, [0] or [key].
func next(path string) (step, rest string) {
	path = strings.TrimPrefix(path, ".")
	if strings.HasPrefix(path, "[") {
		if i := strings.IndexByte(path, ']'); i >= 0 {
			return path[:i+1], path[i+1:]
		}
	}
	if i := strings.IndexAny(path, ".["); i > 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

// child gives a field of a map or an element of a list, and the node that names
// it.
func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	name := strings.Trim(step, "[]")
	if n.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
		return nil, nil
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

func field(n *yaml.Node, name string) *yaml.Node {
	if n == nil {
		return nil
	}
	_, value := child(n, name)
	return value
}

func scalar(n *yaml.Node, name string) string {
	if v := field(n, name); v != nil {
		return v.Value
	}
	return ""
}
