// Measure runs a program, and prints the nanoseconds of processor and of wall that it
// took, and the most kilobytes of memory that it had. It is a program of its own because
// Linux counts the memory of a parent as its child's, until that has become another
// program: a parent must be small.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("usage: measure PROGRAM [ARGUMENT...]")
	}
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stderr = os.Stderr // its standard output goes to /dev/null
	start := time.Now()
	if err := cmd.Run(); err != nil {
		log.Fatal(err)
	}
	wall := time.Since(start)
	processor := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		log.Fatal("this system doesn't say what memory a program had")
	}
	fmt.Println(processor.Nanoseconds(), wall.Nanoseconds(), usage.Maxrss)
}
