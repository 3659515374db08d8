package pattern

// edit is one recorded call. Edits form a persistent list: each points to the
// one before, none is ever changed, so builders that were forked from one share
// their past and never see each other's future.
type edit[S any] struct {
	prev *edit[S]
	n    int // how many edits the list has, this one included
	run  func(*S)
}

// push records run after last.
func push[S any](last *edit[S], run func(*S)) *edit[S] {
	n := 1
	if last != nil {
		n += last.n
	}
	return &edit[S]{prev: last, n: n, run: run}
}

// replay runs the edits in the order of the calls.
func replay[S any](last *edit[S], s *S) {
	if last == nil {
		return
	}
	var short [32]*edit[S] // on the stack: most builders have fewer edits
	edits := short[:]
	if last.n > len(short) {
		edits = make([]*edit[S], last.n)
	}
	edits = edits[:last.n]
	for e := last; e != nil; e = e.prev {
		edits[e.n-1] = e
	}
	for _, e := range edits {
		e.run(s)
	}
}
