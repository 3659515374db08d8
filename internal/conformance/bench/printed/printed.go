// Package printed prints objects as one makes and prints them without the library.
package printed

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"

	"sigs.k8s.io/yaml"
)

// Main prints Deployments by sigs.k8s.io/yaml, one by one; the program's argument is their
// number.
func Main[T any](deployment func(name string) T) {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriter(os.Stdout)
	for i := range n {
		if i > 0 {
			fmt.Fprintln(out, "---")
		}
		text, err := yaml.Marshal(deployment(fmt.Sprintf("web-%d", i)))
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
