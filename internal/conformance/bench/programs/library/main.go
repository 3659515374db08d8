// Library prints Deployments as a generator does, by pattern.Main; its argument is their
// number.
package main

import (
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
	os.Args = os.Args[:1] // what follows is pattern.Main's
	objects := make([]pattern.Object, n)
	for i := range objects {
		objects[i] = recorded.Deployment(fmt.Sprintf("web-%d", i))
	}
	pattern.Main(objects...)
}
