package check

import (
	"path"
	"slices"
	"strings"
)

var scratchRules = []Rule{
	{ID: "rorootfs-no-scratch", Level: Warning,
		Title: "a program writes to its image, which is mounted read-only",
		Why:   "with readOnlyRootFilesystem the program fails where it writes, most often as it starts; this knows images such as nginx, postgres and grafana",
		Fix:   "mount an emptyDir where the program writes",
		Bad:   `containers: [{name: web, image: "nginxinc/nginx-unprivileged:1.30.4"}]`,
		Good:  `{volumes: [{name: tmp, emptyDir: {sizeLimit: 16Mi}}], containers: [{name: web, image: "nginxinc/nginx-unprivileged:1.30.4", volumeMounts: [{name: tmp, mountPath: /tmp}]}]}`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.SecurityContext != nil && isTrue(c.SecurityContext.ReadOnlyRootFilesystem) {
					x.scratch(r, c)
				}
			}
		}},
}

// scratchWriter is a program that needs a folder to write in.
type scratchWriter struct {
	image string // on Docker Hub, without docker.io and library
	paths []string
	// config is where its own configuration could say otherwise, and moved what an
	// argument or the name of an environment variable could hold that does.
	config, moved []string
}

// scratchWriters are sorted by image. Each path is one that the program can't do without
// as its image configures it, and that isn't a VOLUME of the image: containerd
// makes those writable.
// docs: the pages of the images on hub.docker.com, and their Dockerfiles.
var scratchWriters = [...]scratchWriter{
	{"grafana/grafana", []string{"/var/lib/grafana"}, []string{"/etc/grafana"}, []string{"GF_PATHS_DATA", "cfg:", "--config"}},
	{"httpd", []string{"/usr/local/apache2/logs"}, []string{"/usr/local/apache2/conf"}, nil},
	{"mariadb", []string{"/run/mysqld", "/tmp"}, []string{"/etc/mysql"}, []string{"--socket", "--pid-file", "--tmpdir", "--defaults", "TMPDIR"}},
	{"mongo", []string{"/tmp"}, []string{"/etc/mongod.conf", "/etc/mongo"}, []string{"--config", "-f", "--unixSocketPrefix", "--nounixsocket"}},
	{"mysql", []string{"/tmp", "/var/run/mysqld"}, []string{"/etc/mysql", "/etc/my.cnf", "/etc/my.cnf.d"}, []string{"--socket", "--pid-file", "--tmpdir", "--defaults", "TMPDIR"}},
	{"nginx", []string{"/var/cache/nginx", "/var/run"}, []string{"/etc/nginx/nginx.conf"}, []string{"-c", "pid "}},
	{"nginxinc/nginx-unprivileged", []string{"/tmp"}, []string{"/etc/nginx/nginx.conf"}, []string{"-c", "pid "}},
	{"postgres", []string{"/var/run/postgresql"}, []string{"/etc/postgresql"}, []string{"-c", "-k", "unix_socket_directories"}},
	{"tomcat", []string{"/usr/local/tomcat/work"}, []string{"/usr/local/tomcat/conf"}, []string{"CATALINA"}},
}

// scratch says where a program that is known by its image can't write.
func (x *index) scratch(r *Rule, c site) {
	image := hubImage(c.Image)
	i, known := slices.BinarySearchFunc(scratchWriters[:], image, func(w scratchWriter, image string) int { return strings.Compare(w.image, image) })
	if !known || len(c.Command) > 0 || len(c.EnvFrom) > 0 || movesScratch(c, &scratchWriters[i]) {
		return // another program, or one that may write elsewhere
	}
	var lacking []string
	for _, p := range scratchWriters[i].paths {
		if !x.writable(c, p) {
			lacking = append(lacking, p)
		}
	}
	if len(lacking) > 0 {
		x.report(r, c, ".securityContext.readOnlyRootFilesystem", invalid(true, path.Base(image)+" writes to "+enumerated(lacking), "mount an emptyDir at "+enumerated(lacking)))
	}
}

// movesScratch says whether a container may tell its program to write somewhere else.
func movesScratch(c site, w *scratchWriter) bool {
	for i := range c.VolumeMounts {
		for _, config := range w.config {
			if covers(c.VolumeMounts[i].MountPath, config) || covers(config, c.VolumeMounts[i].MountPath) {
				return true
			}
		}
	}
	for _, word := range w.moved {
		for _, arg := range c.Args {
			if strings.Contains(arg, word) {
				return true
			}
		}
		for i := range c.Env {
			if strings.Contains(c.Env[i].Name, word) {
				return true
			}
		}
	}
	return false
}

// writable says whether a container may write to a folder or to some of it.
func (x *index) writable(c site, folder string) bool {
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		if m.ReadOnly || !covers(m.MountPath, folder) && !covers(folder, m.MountPath) {
			continue
		}
		v, known := x.volumes.find(m.Name)
		if !known || readOnlyKind(&x.spec.Volumes[v].VolumeSource) == "" {
			return true
		}
	}
	return false
}
