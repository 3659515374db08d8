// Plain prints Deployments that are struct literals, by sigs.k8s.io/yaml, one by one; its
// argument is their number.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/podpattern/podpattern/internal/measured/literal"
	"sigs.k8s.io/yaml"
)

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriter(os.Stdout)
	for i := range n {
		if i > 0 {
			fmt.Fprintln(out, "---")
		}
		text, err := yaml.Marshal(literal.Deployment(fmt.Sprintf("web-%d", i)))
		if err != nil {
			log.Fatal(err)
		}
		if _, err := out.Write(text); err != nil {
			log.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}
