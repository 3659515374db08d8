package pattern

import "slices"

// room is where the drafts of a pod are made. Once the pod is done the next has it.
type room struct {
	drafts []draft // those that are not taken are zero, but for their spare
	taken  int     // more than there are: the last were made elsewhere
}

// atLeast makes room for some drafts in one piece.
func (r *room) atLeast(n int) {
	if len(r.drafts) < n {
		r.drafts = make([]draft, n)
	}
}

// draft gives one of zeros.
func (r *room) draft() *draft {
	r.taken++
	if r.taken > len(r.drafts) {
		return new(draft)
	}
	return &r.drafts[r.taken-1]
}

// clean takes the drafts back. The next pod that is like this one finds room for all.
func (r *room) clean() {
	if r.taken > len(r.drafts) {
		r.drafts = make([]draft, r.taken)
	}
	for i := range r.drafts[:r.taken] {
		d := &r.drafts[i]
		if d.owns {
			*d.spare = extras{}
		}
		*d = draft{spare: d.spare}
	}
	r.taken = 0
}

// editsDrafts says whether a function of the user was given a container, which it may
// have kept.
func (r *resolver) editsDrafts() bool {
	return slices.ContainsFunc(r.drafts, func(d *draft) bool { return len(d.edits) > 0 })
}
