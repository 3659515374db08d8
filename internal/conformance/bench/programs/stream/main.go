// Stream prints Deployments one by one by a pattern.Encoder, so that it holds but one of
// them; its argument is their number.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/podpattern/podpattern/internal/measured/recorded"
	"github.com/podpattern/podpattern/pattern"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriter(os.Stdout)
	encoder := pattern.NewEncoder(out)
	for i := range n {
		if err := encoder.Encode(recorded.Deployment(fmt.Sprintf("web-%d", i))); err != nil {
			log.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}
