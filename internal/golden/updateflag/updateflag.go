// Package updateflag gives a test program the flag -update, by a blank import. It is
// apart from golden, which patterntest needs too: whose tests those are may have the
// flag already.
package updateflag

import "flag"

var _ = flag.Bool("update", false, "rewrite the golden files")
