package nginx

import (
	"maps"
	"slices"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

const (
	// Folder holds the generated file. It is none of the image's, whose other files
	// stay where they are.
	Folder = "/etc/nginx/podpattern"
	// File is the generated configuration.
	File = Folder + "/nginx.conf"
	// CacheFolder is where cached answers are.
	CacheFolder = "/var/cache/nginx"

	tmp    = "/tmp"
	status = "status" // the port's name
)

// Front is an nginx that stands before a port of the app.
type Front struct {
	App  int    // the app's port
	Name string // of the port that clients dial in its place: http or https

	IPv6           bool
	Workers        int
	AccessLog      string
	TimeoutSeconds int
	MaxBody        string
	TrustedProxies []string
	// RequestHeaders and ResponseHeaders are set; one without a value is removed.
	RequestHeaders, ResponseHeaders map[string]string

	// HTTP, Server and Locations are what one kind of front adds to these blocks, and
	// Others are servers. A location that hands on needs [ToApp].
	HTTP, Server, Locations, Others []Directive
}

// TLS says whether clients speak TLS.
func (f Front) tls() bool { return f.Name == "https" }

// Command is how nginx is started in the image: not by its entrypoint, which wants
// to write into /etc/nginx. Before it reads its file it would log to one.
func Command() []string { return []string{"nginx", "-e", "stderr", "-c", File} }

// Container gives a container what every front has: its ports, each free to move
// where no number is set for it, its health, its limits and its configuration. The
// uid is that of the image's user.
// upstream: nginxinc/docker-nginx-unprivileged Dockerfile (uid 101, SIGQUIT).
func Container[R pattern.Role](c pattern.Container[R], f Front, port, byDefault, statusPort int) pattern.Container[R] {
	f = f.clone()
	return opt.Port(opt.Port(c.Command(Command()...), f.Name, port, byDefault), status, statusPort, 8081).
		Fronts(f.Name, f.App).
		Scratch(tmp, "64Mi").
		Requests("25m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(101).RunAsGroup(101).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/healthz", status)).
		PreStop(pattern.Sleep(preStop)).
		Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
			return c.Config(File, f.config(v.Port(f.Name), v.Port(status), v.GracePeriodSeconds()))
		})
}

// preStop is for how many seconds it goes on taking connections when the pod is to
// stop: as long as it may take until nobody sends any more.
const preStop = 5

// clone keeps what the caller changes later out.
func (f Front) clone() Front {
	f.TrustedProxies = slices.Clone(f.TrustedProxies)
	f.RequestHeaders, f.ResponseHeaders = maps.Clone(f.RequestHeaders), maps.Clone(f.ResponseHeaders)
	return f
}
