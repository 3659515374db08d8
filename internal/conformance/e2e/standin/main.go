// Command standin stands in for programs that can't be had here, in the images that
// ../images.sh makes: by the name it is called by it reads the configuration that the program
// reads, writes to the folders that it writes to, and answers on the same ports and paths. It
// does nothing else of what the program does. It stops with code 1 where it may not read,
// write or listen: that is what the tests want to know.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// program says what one does.
type program struct {
	reads   []string // files, and folders that it lists
	writes  []string // folders that it writes to
	makes   map[string][]byte
	listens map[string][]string // paths that it answers, by address; none: any connection
	work    func() error        // what it does before it answers
	ends    bool                // it ends when that is done
	ships   []string            // files whose lines it prints
}

func main() {
	name := filepath.Base(os.Args[0])
	describe, ok := programs()[name]
	if !ok {
		fail(fmt.Errorf("there is no stand-in for %s", name))
	}
	fmt.Printf("stand-in for %s: uid %d, gid %d\n", name, os.Getuid(), os.Getgid())
	p, err := describe(arguments(os.Args[1:]))
	if err == nil {
		err = p.run()
	}
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Println("stand-in failed:", err)
	os.Exit(1)
}

func (p program) run() error {
	for _, file := range p.reads {
		if err := readable(file); err != nil {
			return err
		}
	}
	for _, dir := range p.writes {
		if err := writable(dir); err != nil {
			return err
		}
	}
	for file, content := range p.makes {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, content, 0o644)); err != nil {
			return err
		}
	}
	if p.work != nil {
		if err := p.work(); err != nil {
			return err
		}
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	defer cancel()
	for address, paths := range p.listens {
		if err := answer(address, paths); err != nil {
			return err
		}
	}
	fmt.Println("stand-in is ready")
	if p.ends {
		return nil
	}
	read := map[string]int{}
	for {
		select {
		case <-stop.Done():
			return nil
		case <-time.After(500 * time.Millisecond):
			ship(p.ships, read)
		}
	}
}

// ship prints what files have more than was read of each.
func ship(patterns []string, read map[string]int) {
	for _, pattern := range patterns {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if end := bytes.LastIndexByte(raw, '\n') + 1; err == nil && end > read[file] {
				os.Stdout.Write(raw[read[file]:end])
				read[file] = end
			}
		}
	}
}

func readable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		_, err = os.ReadDir(path)
	} else {
		_, err = os.ReadFile(path)
	}
	return err
}

// writable makes the folder, and a file in it.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".stand-in-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// answer answers these paths at an address with 200, and others with 404; without paths it
// takes connections and says nothing.
func answer(address string, paths []string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		go take(l)
		return nil
	}
	mux := http.NewServeMux()
	for _, path := range paths {
		if path == "/" {
			path = "/{$}"
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "stand-in") })
	}
	go func() { fail(http.Serve(l, mux)) }()
	return nil
}

func take(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}
