package initc

import (
	"errors"
	"regexp"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/pattern"
)

// overJDBC is a program on a Java machine that dials the database of a JDBC URL, whose
// user and password are in the keys username and password of a Secret.
func overJDBC(c pattern.InitContainer, uid int64, url string) pattern.InitContainer {
	c = tells(confined(c, uid)).
		Env("HOME", "/tmp").Scratch("/tmp", "64Mi").
		Requests("100m", "256Mi").Limits("", "512Mi")
	servers, err := jdbcServers(url)
	if err != nil {
		return c.Reject("url", "", err.Error())
	}
	for _, s := range servers {
		if host, port, err := endpoint.HostPort(s); err == nil {
			c = c.Dials(host, port)
		}
	}
	return c
}

// jdbcPorts are the ports that drivers dial where the URL has none.
var jdbcPorts = map[string]string{"postgresql": "5432", "mysql": "3306", "mariadb": "3306", "sqlserver": "1433"}

// oracleLogin is a user and a password as Oracle's URLs have them.
var oracleLogin = regexp.MustCompile(`^oracle:[a-z0-9]+:[^@/]+/[^@]*@`)

var errUser = errors.New("has a user in it, whose password would be printed in clear: it belongs in the Secret")

// jdbcServers gives host:port of each server that a JDBC URL names, as far as it has
// the form of most: jdbc:postgresql://db:5432/web. What drivers take otherwise is
// theirs to judge. A password must not stand in it: it is printed.
func jdbcServers(url string) ([]string, error) {
	driver, found := strings.CutPrefix(url, "jdbc:")
	if !found || strings.ContainsAny(url, " \t\r\n") {
		return nil, errors.New("has no jdbc: before it, or a space in it: want a JDBC URL, such as jdbc:postgresql://db:5432/web")
	}
	if strings.Contains(strings.ToLower(url), "password=") {
		return nil, errors.New("has a password in it, which would be printed in clear: it belongs in the Secret")
	}
	if oracleLogin.MatchString(driver) {
		return nil, errUser
	}
	driver, rest, found := strings.Cut(driver, "://")
	if !found {
		return nil, nil
	}
	authority := rest
	if end := strings.IndexAny(rest, "/;?"); end >= 0 {
		authority = rest[:end]
	}
	if strings.Contains(authority, "@") {
		return nil, errUser
	}
	driver, _, _ = strings.Cut(driver, ":") // as in mariadb:sequential
	servers := strings.Split(authority, ",")
	for i, s := range servers {
		if colon := strings.LastIndexByte(s, ':'); colon <= strings.LastIndexByte(s, ']') {
			servers[i] = s + ":" + jdbcPorts[driver]
		}
	}
	return servers, nil
}
