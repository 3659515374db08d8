package yamlenc

import "encoding/json"

// tree prints a value of unknown type; those that trees are made of without reflection.
func (e *encoder) tree(x any) {
	switch x := x.(type) {
	case nil:
		e.null()
	case string:
		e.string(x)
	case bool:
		e.bool(x)
	case int64:
		e.int(x)
	case json.Number:
		e.number(string(x))
	case map[string]any:
		e.treeMap(x)
	case []any:
		e.treeList(x)
	default:
		e.value(x, false)
	}
}

func (e *encoder) treeList(list []any) {
	if list == nil {
		e.null()
		return
	}
	if !e.enter() {
		return
	}
	l := e.openList()
	for _, x := range list {
		e.item(&l)
		e.tree(x)
	}
	e.closeList(l)
	e.leave()
}
