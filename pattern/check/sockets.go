package check

import (
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var socketRules = []Rule{
	{ID: "socket-unshared", Level: Broken,
		Title: "two containers name one Unix socket and see two different folders",
		Why:   "each container has a file system of its own: a socket that one makes is there for the other only in a volume that both mount",
		Fix:   "mount one emptyDir at the folder of the socket in both containers",
		Bad:   `{containers: [{name: web, args: ["--upstream=unix:///run/app/app.sock"]}, {name: app, args: ["--listen=unix:///run/app/app.sock"], volumeMounts: [{name: sockets, mountPath: /run/app}]}], volumes: [{name: sockets, emptyDir: {sizeLimit: 1Mi}}]}`,
		Good:  `{containers: [{name: web, args: ["--upstream=unix:///run/app/app.sock"], volumeMounts: [{name: sockets, mountPath: /run/app}]}, {name: app, args: ["--listen=unix:///run/app/app.sock"], volumeMounts: [{name: sockets, mountPath: /run/app}]}], volumes: [{name: sockets, emptyDir: {sizeLimit: 1Mi}}]}`,
		pod:   socketUnshared},
}

// socketName is a place where a container names a Unix socket by its URL.
type socketName struct {
	container int // its place in x.containers
	field     string
	file      string
	listens   bool // it looks like an address to listen on
	volume    int  // of the mount that the file is in; -1: it is in the container's own files
	inVolume  string
	known     bool // inVolume is
}

// socketUnshared compares the containers that run at the same time and name one
// socket. Where none of them has a volume there, each may have a socket of its own
// of that name, unless one is told to listen and another one isn't.
func socketUnshared(x *index, r *Rule) {
	if len(x.containers) < 2 {
		return
	}
	var found []socketName
	for k, c := range x.containers {
		if !c.runsToItsEnd() {
			found = x.socketNames(found, k)
		}
	}
	if len(found) < 2 {
		return
	}
	var anchors firsts[string]
	for _, inVolume := range [...]bool{true, false} { // one that has a volume there says what is meant
		for i := range found {
			if (found[i].volume >= 0) == inVolume {
				anchors.at(found[i].file, i)
			}
		}
	}
	told := make(map[[2]int]bool) // by container and anchor
	for i := range found {
		s := &found[i]
		k, _ := anchors.find(s.file)
		a := &found[k]
		if key := [2]int{s.container, k}; s.container == a.container || told[key] {
			continue
		} else if detail := x.separates(s, a); detail != "" {
			told[key] = true
			c, o := x.containers[s.container], x.containers[a.container]
			x.report(r, c, s.field, invalid(s.file, o.Name+" names this socket too, and "+detail, ""), x.party(o, a.field))
		}
	}
}

// separates says why two containers don't see one file, or "".
func (x *index) separates(s, a *socketName) string {
	switch {
	case a.volume < 0: // then neither has a volume there
		if s.listens == a.listens {
			return ""
		}
		return "no volume is mounted there: each container has its own files"
	case s.volume < 0:
		return "mounts " + x.spec.Volumes[a.volume].Name + " there, which this container doesn't"
	case s.volume != a.volume:
		v, o := &x.spec.Volumes[s.volume], &x.spec.Volumes[a.volume]
		if v.EmptyDir == nil && o.EmptyDir == nil {
			return "" // two volumes may be one folder of the node
		}
		return "mounts another volume there: " + o.Name + ", here it is " + v.Name
	case s.known && a.known && s.inVolume != a.inVolume:
		return "sees another file: " + a.inVolume + " of volume " + x.spec.Volumes[a.volume].Name + ", here it is " + s.inVolume
	}
	return ""
}

// socketNames adds the sockets that a container names.
func (x *index) socketNames(found []socketName, container int) []socketName {
	c := x.containers[container]
	for t := range c.texts {
		found = x.socketsIn(found, container, t)
	}
	return found
}

func (x *index) socketsIn(found []socketName, container int, t textSite) []socketName {
	c, text := x.containers[container], t.text
	for from := 0; ; {
		i := strings.Index(text[from:], "unix:")
		if i < 0 {
			return found
		}
		start := from + i
		from = start + len("unix:")
		file := strings.TrimPrefix(text[from:], "//")
		if end := strings.IndexAny(file, tokenEnds+":?#]}"); end >= 0 {
			file = file[:end]
		}
		if !strings.HasPrefix(file, "/") || strings.ContainsAny(file, "$*%") || strings.HasSuffix(file, "/") {
			continue
		}
		name, before := tokenBefore(text, start)
		switch {
		case t.inEnv():
			name = c.Env[t.index].Name
		case name == "" && before == "" && t.index > 0 && t.list == ".args":
			name = c.Args[t.index-1]
		case name == "":
			name = before
		}
		s := socketName{container: container, field: t.field(), file: path.Clean(file), listens: hasWord(name, "listen", "listener", "bind", "serve", "socket")}
		s.volume, s.inVolume, s.known = x.volumeAt(c, s.file)
		found = append(found, s)
	}
}

// volumeAt gives the volume that a file of a container is in, and the file's path
// in it.
func (x *index) volumeAt(c site, file string) (volume int, inVolume string, known bool) {
	var best *corev1.VolumeMount
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		folder := strings.TrimRight(m.MountPath, "/")
		if folder != "" && isBelow(file, folder) && (best == nil || len(folder) > len(strings.TrimRight(best.MountPath, "/"))) {
			best = m
		}
	}
	if best == nil {
		return -1, "", false
	}
	volume, ok := x.volumes.find(best.Name)
	if !ok {
		return -1, "", false
	}
	folder, known := folderOf(best)
	inVolume = strings.Trim(folder+"/"+strings.Trim(file[len(strings.TrimRight(best.MountPath, "/")):], "/"), "/")
	return volume, inVolume, known
}
