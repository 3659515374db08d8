package sidecar

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/pattern"
)

// Destination is where a log shipper sends what it reads. With https the server's
// certificate and its name are verified.
type Destination struct {
	kind   string
	from   string // as the caller wrote it
	host   string
	port   int
	path   string // and the query
	tls    bool
	why    string // what is wrong with it
	tenant string
	secret *pattern.SecretBuilder
	ca     *pattern.Volume
}

// Loki is a Loki server, such as http://loki:3100; without a port, 3100, and 443
// with https. A path is in place of /loki/api/v1/push.
func Loki(server string) Destination { return destination("loki", server, 3100, "/loki/api/v1/push") }

// Elasticsearch is an Elasticsearch or OpenSearch server, such as
// https://es:9200; without a port, 9200. A path is the index, by default logs.
func Elasticsearch(server string) Destination {
	d := destination("es", server, 9200, "/logs")
	return d.only(indexName.MatchString(d.index()),
		"the path is the index: want lower-case letters, digits, dots, _ and -, such as https://es:9200/shop")
}

// HTTP is any server that takes lines of JSON by POST, such as
// https://logs.example.com/ingest; without a port, that of the scheme.
func HTTP(endpoint string) Destination { return destination("http", endpoint, 0, "/") }

// Stdout is the shipper's own standard output, as lines of JSON: what the node's
// log collection then reads.
func Stdout() Destination { return Destination{kind: "stdout", from: "Stdout()"} }

// BasicAuth takes the user and the password from the keys username and password
// of a Secret.
func (d Destination) BasicAuth(secret pattern.SecretBuilder) Destination {
	d.secret = &secret
	return d.only(d.kind != "stdout", "BasicAuth: is for a server")
}

// CA takes a volume with the file ca.crt, such as that of a ConfigMap, with the
// authorities that may have signed the server's certificate; it is read when the
// shipper starts. Default: those of the image.
func (d Destination) CA(volume pattern.Volume) Destination {
	d.ca = &volume
	return d.only(d.tls, "CA: want a URL with https, without which no certificate is shown")
}

// Tenant is whose logs they are, for a Loki that serves several: X-Scope-OrgID.
func (d Destination) Tenant(id string) Destination {
	d.tenant = id
	return d.only(d.kind == "loki", "Tenant: is for Loki").
		only(tenantID.MatchString(id) && strings.Trim(id, ".") != "", "Tenant: want the name of one, such as shop")
}

var (
	indexName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,254}$`)
	tenantID  = regexp.MustCompile(`^[A-Za-z0-9!_.*'()-]{1,150}$`)
	// uriPath is what a path and a query can have: no ${ or {{, which programs replace.
	uriPath = regexp.MustCompile(`^/[A-Za-z0-9/._~%!$&'()*+,;=:@?-]*$`)
)

func destination(kind, from string, port int, path string) Destination {
	d := Destination{kind: kind, from: from, path: path}
	if from == "" {
		return d.only(false, "where to? give a URL, such as http://loki:3100, or use Stdout()")
	}
	if u, err := url.Parse(from); err == nil && u.User != nil {
		return d.only(false, "has a user in it, whose password would be printed in clear: use BasicAuth with a Secret")
	}
	u, port, err := endpoint.URL(from, port, "http", "https")
	if err != nil {
		return d.only(false, err.Error())
	}
	d.host, d.port, d.tls = u.Hostname(), port, u.Scheme == "https"
	if d.tls && kind == "loki" && u.Port() == "" {
		d.port = 443
	}
	if u.Path != "" && u.Path != "/" {
		d.path = u.EscapedPath()
	}
	if u.RawQuery != "" {
		d.path += "?" + u.RawQuery
	}
	return d.only(u.Fragment == "", "no server is sent what comes after #: want %23, or nothing").
		only(uriPath.MatchString(d.path), "has a character that a URL can't have: write %7B for {, %22 for a quote, and so on")
}

// only says what is wrong with a destination, if nothing was before.
func (d Destination) only(right bool, why string) Destination {
	if !right && d.why == "" {
		d.why = why
	}
	return d
}

// index is the one of Elasticsearch.
func (d Destination) index() string { return strings.TrimPrefix(d.path, "/") }

// server is the URL without a path.
func (d Destination) server() string {
	scheme := "http://"
	if d.tls {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(d.host, strconv.Itoa(d.port))
}
