package jsonread

import "reflect"

// Room is where structs of an object are read into, and read into again once it is
// released. It is for one goroutine; the zero value is ready.
type Room struct{ slabs map[reflect.Type]*slab }

// slab has structs of one type; those from taken on are zero.
type slab struct {
	structs reflect.Value // a slice, which can be set
	taken   int
	takes   int // of all time
}

func newSlab(t reflect.Type, size int) reflect.Value {
	structs := reflect.New(reflect.SliceOf(t)).Elem()
	structs.Grow(size)
	structs.SetLen(structs.Cap())
	return structs
}

// largest is how many structs of a type are kept, and cleared, between two objects.
const largest = 256

// Unmarshal is the function of that name; the lists and pointers of structs in v are good
// until the room is released.
func (room *Room) Unmarshal(data []byte, v any) error {
	return unmarshal(&reader{data: data, room: room}, v)
}

// Release takes back what was read.
func (room *Room) Release() {
	for t, s := range room.slabs {
		if s.structs.Len() > largest {
			delete(room.slabs, t)
			continue
		}
		s.structs.SetLen(s.taken)
		s.structs.Clear()
		s.structs.SetLen(s.structs.Cap())
		s.taken = 0
	}
}

// of gives the slab for a type; nil: its values aren't kept.
func (room *Room) of(t reflect.Type) *slab {
	if room == nil || t.Kind() != reflect.Struct {
		return nil
	}
	s := room.slabs[t]
	if s == nil {
		if room.slabs == nil {
			room.slabs = make(map[reflect.Type]*slab)
		}
		s = &slab{structs: newSlab(t, 4)}
		room.slabs[t] = s
	}
	return s
}

// take gives the next struct. The n before it, which are a list, go with it where there
// is no more room.
func (s *slab) take(n int) reflect.Value {
	if s.taken == s.structs.Len() {
		more := newSlab(s.structs.Type().Elem(), 2*s.structs.Len())
		reflect.Copy(more, s.structs.Slice(s.taken-n, s.taken))
		s.structs, s.taken = more, n
	}
	s.taken++
	s.takes++
	return s.structs.Index(s.taken - 1)
}

// readList reads a list of structs. A list in one of them whose structs are of the same type
// would come between: that isn't plain.
func (s *slab) readList(r *reader, v reflect.Value, read plan) bool {
	n, takes := 0, s.takes
	ok := r.elements('[', ']', func() bool {
		if s.takes != takes {
			return false
		}
		into := s.take(n)
		n, takes = n+1, s.takes
		return read(r, into)
	})
	if !ok || s.takes != takes {
		return false
	}
	v.Set(s.structs.Slice3(s.taken-n, s.taken, s.taken))
	return true
}
