package e2e_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// atOnce is how many tests run beside each other: they wait most of the time, and the CPU
// that their pods ask for must fit on a node with two.
const atOnce = "6"

// TestMain takes away what a run that was killed has left, and holds the table to a run of
// all tests: it has a row for each that was seen, and no other. With E2E_UPDATE=1 it is
// written anew.
func TestMain(m *testing.M) {
	flag.Parse()
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if !given["test.parallel"] {
		_ = flag.Set("test.parallel", atOnce)
	}
	if err := clean(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if whole := !given["test.run"] && !given["test.skip"] && !given["test.list"]; whole && code == 0 {
		if err := seen.compare(os.Getenv("E2E_UPDATE") == "1"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// clean deletes the namespaces of earlier runs: their pods hold what those of this one need.
func clean() error {
	if os.Getenv("KUBECONFIG") == "" {
		return nil // each test says so
	}
	c, err := connection()
	if err != nil {
		return err
	}
	left, err := c.CoreV1().Namespaces().List(context.Background(), metav1.ListOptions{LabelSelector: "e2e=podpattern"})
	if err != nil {
		return err
	}
	for _, ns := range left.Items {
		_ = c.CoreV1().Namespaces().Delete(context.Background(), ns.Name, metav1.DeleteOptions{})
	}
	return nil
}
