package pattern

import (
	"encoding/json"
	"slices"
	"strings"

	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// treePods gives the pods of an object that is a tree of maps and lists, as JSON has
// them; keep takes the whole changed tree.
func treePods(tree map[string]any, keep func(map[string]any) error) ([]objectPod, error) {
	raw, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	pods, err := rawPods(raw, nil)
	if err != nil {
		return nil, err
	}
	var copied map[string]any // by the first change, for all pods of a List
	out := make([]objectPod, len(pods))
	for i, p := range pods {
		out[i] = objectPod{p.carried, func(in *injected) error {
			if copied == nil {
				if err := utiljson.Unmarshal(raw, &copied); err != nil {
					return err
				}
			}
			pod := branch(copied, strings.Split(p.pointer, "/")[1:])
			for i := range in.changes {
				if err := in.changes[i].applyTree(pod); err != nil {
					return err
				}
			}
			if in.dropsMetadata() {
				delete(pod, "metadata")
			}
			return keep(copied)
		}}
	}
	return out, nil
}

// branch follows a path through a tree. What isn't there on the way is made.
func branch(tree map[string]any, path []string) map[string]any {
	for i := 0; i < len(path); i++ {
		switch next := tree[path[i]].(type) {
		case map[string]any:
			tree = next
		case []any: // the items of a List, or the containers
			i++
			at, _ := next[leadingNumber(path[i])].(map[string]any)
			tree = at
		default:
			made := map[string]any{}
			tree[path[i]] = made
			tree = made
		}
	}
	return tree
}

// applyTree carries a change out on a tree.
func (c *change) applyTree(pod map[string]any) error {
	path := strings.Split(homePaths[c.kind], "/")
	if c.kind.ofContainer() {
		containers, _ := branch(pod, []string{"spec"})["containers"].([]any)
		i := slices.IndexFunc(containers, func(x any) bool {
			m, ok := x.(map[string]any)
			return ok && m["name"] == c.container
		})
		if i < 0 {
			return nil
		}
		pod = containers[i].(map[string]any)
	}
	parent, name := branch(pod, path[:len(path)-1]), path[len(path)-1]
	if c.drop {
		delete(parent, name)
		return nil
	}
	if c.kind.keyed() {
		return c.treeFields(branch(parent, []string{name}))
	}
	list, _ := parent[name].([]any)
	for _, s := range c.steps {
		value, err := treeValue(s.value)
		if err != nil {
			return err
		}
		switch s.op {
		case added:
			list = slices.Insert(list, s.index, value)
		case replaced:
			list[s.index] = value
		case removed:
			list = slices.Delete(list, s.index, s.index+1)
		}
	}
	parent[name] = list
	return nil
}

func (c *change) treeFields(fields map[string]any) error {
	for _, s := range c.steps {
		if s.op == removed {
			delete(fields, s.key)
			continue
		}
		value, err := treeValue(s.value)
		if err != nil {
			return err
		}
		fields[s.key] = value
	}
	return nil
}

// treeValue gives a value of the API as a tree.
func treeValue(value any) (out any, err error) {
	return out, utiljson.Unmarshal(inJSON(value), &out)
}
