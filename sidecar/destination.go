package sidecar

import (
	"net/url"
	"strconv"

	"github.com/podpattern/podpattern/pattern"
)

// Destination is where a log shipper sends what it reads.
type Destination struct {
	kind   string
	from   string // as the caller wrote it
	host   string
	port   int
	path   string
	tls    bool
	why    string // what is wrong with it
	secret *pattern.SecretBuilder
}

// Loki is a Loki server, such as http://loki:3100; without a port, 3100, and 443
// with https.
func Loki(server string) Destination { return destination("loki", server, 3100, "/loki/api/v1/push") }

// Elasticsearch is an Elasticsearch or OpenSearch server, such as
// https://es:9200; without a port, 9200. A path is the index, by default logs.
func Elasticsearch(server string) Destination {
	return destination("es", server, 9200, "/logs")
}

// HTTP is any server that takes lines of JSON by POST, such as
// https://logs.example.com/ingest; without a port, that of the scheme.
func HTTP(endpoint string) Destination { return destination("http", endpoint, 0, "/") }

// Stdout is the shipper's own standard output, as lines of JSON: what the node's
// log collection then reads.
func Stdout() Destination { return Destination{kind: "stdout"} }

// BasicAuth takes the user and the password from the keys username and password
// of a Secret.
func (d Destination) BasicAuth(secret pattern.SecretBuilder) Destination {
	d.secret = &secret
	return d
}

func destination(kind, from string, port int, path string) Destination {
	d := Destination{kind: kind, from: from, path: path}
	u, err := url.Parse(from)
	switch {
	case from == "":
		d.why = "where to? give a URL, such as http://loki:3100, or use Stdout()"
		return d
	case err != nil:
		d.why = "is no URL"
		return d
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		d.why = "want http://host:port or https://host:port"
		return d
	case u.User != nil:
		d.why = "has a password in it, which would be printed in clear: use BasicAuth with a Secret"
		return d
	}
	d.host, d.tls = u.Hostname(), u.Scheme == "https"
	if u.Path != "" && u.Path != "/" {
		d.path = u.RequestURI()
	}
	switch p := u.Port(); {
	case p != "":
		d.port, _ = strconv.Atoi(p) // url.Parse takes digits only
		if d.port < 1 || d.port > 65535 {
			d.why = "has a port that is not between 1 and 65535"
		}
	case port != 0 && !(d.tls && kind == "loki"):
		d.port = port
	case d.tls:
		d.port = 443
	default:
		d.port = 80
	}
	return d
}
