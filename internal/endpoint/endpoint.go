// Package endpoint reads the addresses that helpers are given: host:port, and URLs.
// What it refuses comes with a sentence for the one who wrote it.
package endpoint

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// HostPort reads host:port. The host is a name or an address; what couldn't stand in
// one, such as a space, a quote or a $, is refused, so that it can be printed into
// any configuration.
func HostPort(addr string) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, errors.New("want host:port, such as db:5432")
	}
	if port, err = Port(digits); err != nil {
		return "", 0, err
	}
	if !IsHost(host) {
		return "", 0, errors.New("that is no name of a host")
	}
	return host, port, nil
}

// Port reads the number of a port.
func Port(digits string) (int, error) {
	port, err := strconv.Atoi(digits)
	if err != nil || port < 1 || port > 65535 || strconv.Itoa(port) != digits {
		return 0, errors.New("the port must be between 1 and 65535")
	}
	return port, nil
}

// IsHost says whether a text can be the name or the address of a host. One that begins
// with a dash would be an option of the program that is given it.
func IsHost(host string) bool {
	if net.ParseIP(host) != nil {
		return true
	}
	if host == "" || len(host) > 253 || strings.Trim(host, ".") == "" || strings.HasPrefix(host, "-") {
		return false
	}
	for _, r := range host {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-') {
			return false
		}
	}
	return true
}

// URL reads a URL of one of the schemes, such as "http" and "https", without a user:
// a password in it would be printed in clear. The port is that of the URL, or byDefault; where
// that is 0, 80 or 443 by the scheme.
func URL(raw string, byDefault int, schemes ...string) (u *url.URL, port int, err error) {
	want := "want " + strings.Join(schemes, ":// or ") + "://host"
	u, err = url.Parse(raw)
	if err != nil {
		return nil, 0, errors.New("is no URL: " + want)
	}
	known := false
	for _, s := range schemes {
		known = known || u.Scheme == s
	}
	if !known || !IsHost(u.Hostname()) {
		return nil, 0, errors.New(want)
	}
	if u.User != nil {
		return nil, 0, errors.New("has a user in it, whose password would be printed in clear: use a Secret")
	}
	switch {
	case u.Port() != "":
		port, err = Port(u.Port())
		return u, port, err
	case byDefault != 0:
		return u, byDefault, nil
	case strings.HasSuffix(u.Scheme, "s"):
		return u, 443, nil
	}
	return u, 80, nil
}
