package check

import (
	"path"
	"strings"
)

// hasBackstep says whether a path has a .. in it.
func hasBackstep(p string) bool {
	if !strings.Contains(p, "..") {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// foldersMeet says whether one of two folders of a volume is in the other.
func foldersMeet(a, b string) bool { return isBelow(a, b) || isBelow(b, a) }

// isBelow says whether a file or folder is, or is in, another one; "" is all.
func isBelow(file, folder string) bool {
	return folder == "" || strings.HasPrefix(file, folder) && (len(file) == len(folder) || file[len(folder)] == '/')
}

// covers says whether a folder of a container is p or holds it. /var/run is a link
// to /run.
func covers(folder, p string) bool {
	return path.Clean(folder) == "/" || isBelow(withoutLink(p), withoutLink(folder))
}

func withoutLink(p string) string {
	p = path.Clean(p)
	if p == "/var/run" || strings.HasPrefix(p, "/var/run/") {
		return p[len("/var"):]
	}
	return p
}
