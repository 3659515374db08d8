package pattern

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// stack is where a call came from: the frames above this package's own.
type stack [8]uintptr

// How many frames to take. Frames of this package may be among them, and those
// of a catalogue's helper; String passes over both. Fewer frames cost less.
const (
	ofHandle      = 1 // the reader's: a constructor of handles takes it itself
	ofObject      = 2 // the reader's, and that of ConfigMap or who calls Pod
	ofConstructor = 3 // a helper, what it calls, the reader's
	ofFlaw        = 8
)

// here takes the stack above its caller.
func here(frames int) (s stack) {
	runtime.Callers(3, s[:frames])
	return s
}

const (
	module  = "github.com/podpattern/podpattern"
	ourPath = module + "/pattern."
)

// String gives file:line of the first frame that the reader wrote: in the
// program's own module, else outside this one.
func (s stack) String() string {
	own, outside, first := s.frames()
	for _, f := range [...]runtime.Frame{own, outside, first} {
		if f.File != "" {
			return shortFile(f.File) + ":" + strconv.Itoa(f.Line)
		}
	}
	return ""
}

// own says whether a frame is in the program's own module.
func (s stack) own() bool {
	own, _, _ := s.frames()
	return own.File != ""
}

// named says whether a frame is the reader's.
func (s stack) named() bool {
	own, outside, _ := s.frames()
	return own.File != "" || outside.File != ""
}

// above gives the stack above the function that called this package.
func (s stack) above() (out stack) {
	for i, pc := range s {
		f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		if f.File != "" && !strings.HasPrefix(f.Function, ourPath) {
			copy(out[:], s[i+1:])
			return out
		}
	}
	return out
}

// frames gives the first frame in the program's own module, the first outside of
// this one, and the first of all, this package's own left out.
func (s stack) frames() (own, outside, first runtime.Frame) {
	main := mainModule()
	frames := runtime.CallersFrames(s[:])
	for {
		f, more := frames.Next()
		if f.File != "" && !strings.HasPrefix(f.Function, ourPath) && !strings.HasPrefix(f.Function, "runtime.") {
			if first.File == "" {
				first = f
			}
			pkg := packageOf(f.Function)
			if !inCatalogue(pkg) {
				if outside.File == "" {
					outside = f
				}
				if own.File == "" && (pkg == "main" || main != "" && (pkg == main || strings.HasPrefix(pkg, main+"/") || strings.HasPrefix(pkg, main+"_test"))) {
					own = f
				}
			}
		}
		if !more {
			return own, outside, first
		}
	}
}

// mainModule is the module of the program.
var mainModule = sync.OnceValue(func() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Path
	}
	return ""
})

func inCatalogue(pkg string) bool {
	rest, ours := strings.CutPrefix(pkg, module+"/")
	if !ours || strings.HasSuffix(pkg, "_test") {
		return false
	}
	switch first, _, _ := strings.Cut(rest, "/"); first {
	case "sidecar", "ambassador", "adapter", "initc", "internal":
		return true
	}
	return false
}

// packageOf cuts "a/b.c/d.(*T).m" after the package: "a/b.c/d".
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	if i := strings.IndexByte(function, '['); i >= 0 && i < slash { // a type argument has a path too
		slash = strings.LastIndexByte(function[:i], '/') + 1
	}
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return function
	}
	return function[:slash+dot]
}

// shortFile gives the path as a compiler prints it: relative to the folder of
// the run where it lies below it, else its last two elements.
func shortFile(file string) string {
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	dir, base := filepath.Split(file)
	return filepath.Base(dir) + "/" + base
}
