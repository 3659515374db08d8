package check

// trail leads to a field. Its text is made only for a finding, so that a good pod
// costs none.
type trail struct {
	up   *trail
	name string // such as ".key"
	item int    // the place in a list, plus one; 0 is none
	tail string // what follows the place, such as ".preference"
}

// field gives a field of what t leads to.
func (t *trail) field(name string) trail { return trail{up: t, name: name} }

// at gives an item of the list that is a field of what t leads to.
func (t *trail) at(name string, i int) trail { return trail{up: t, name: name, item: i + 1} }

func (t *trail) String() string {
	text := t.name
	if t.item > 0 {
		text += at(t.item-1) + t.tail
	}
	if t.up == nil {
		return text
	}
	return t.up.String() + text
}
