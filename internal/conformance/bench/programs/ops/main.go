// Ops runs an operation, whose name is its first argument, as often as the second says.
// The instructions of one are the difference of two runs, divided by the difference of
// their numbers: what starting costs isn't in it.
package main

import (
	"log"
	"os"
	"strconv"

	"github.com/podpattern/podpattern/internal/conformance/bench/operation"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: ops OPERATION TIMES")
	}
	times, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	all, err := operation.All()
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range all {
		if o.Name != os.Args[1] {
			continue
		}
		for range times {
			if _, err := o.Run(); err != nil {
				log.Fatal(err)
			}
		}
		return
	}
	log.Fatalf("no operation %q", os.Args[1])
}
