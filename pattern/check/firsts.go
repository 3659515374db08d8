package check

// firsts remembers where each key was seen first. A pod has few of anything, and
// few keys need no map.
type firsts[K comparable] struct {
	keys   [12]K
	places [12]int
	n      int
	many   map[K]int
}

// at gives where the key was seen first; if that is now, seen is false and the
// place is kept.
func (f *firsts[K]) at(key K, place int) (first int, seen bool) {
	for i := range f.n {
		if f.keys[i] == key {
			return f.places[i], true
		}
	}
	if f.n < len(f.keys) {
		f.keys[f.n], f.places[f.n] = key, place
		f.n++
		return place, false
	}
	if f.many == nil {
		f.many = make(map[K]int)
	}
	if first, seen = f.many[key]; !seen {
		f.many[key] = place
		return place, false
	}
	return first, true
}

// find gives where the key was seen.
func (f *firsts[K]) find(key K) (place int, seen bool) {
	for i := range f.n {
		if f.keys[i] == key {
			return f.places[i], true
		}
	}
	place, seen = f.many[key]
	return place, seen
}
