package ambassador

import (
	"regexp"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// CloudSQLDatabase is what runs in an instance of Cloud SQL.
type CloudSQLDatabase uint8

const (
	// CloudSQLPostgreSQL listens on port 5432.
	CloudSQLPostgreSQL CloudSQLDatabase = iota
	// CloudSQLMySQL listens on port 3306.
	CloudSQLMySQL
	// CloudSQLServer is SQL Server, and listens on port 1433.
	CloudSQLServer
)

var cloudSQLPorts = []int{5432, 3306, 1433}

// CloudSQLInstance is one more instance that [CloudSQL] connects to.
type CloudSQLInstance struct {
	// Name is that of the endpoint: the apps get NAME_HOST and NAME_PORT.
	Name string
	// Instance is project:region:instance.
	Instance string
	// Database is what runs in it. Default: [CloudSQLPostgreSQL].
	Database CloudSQLDatabase
	// Port is what the app dials on localhost. Default: the database's, or the next
	// one that is free in the pod; a port that is set here does not move.
	Port int
}

// open gives the container the port of an instance.
func (in CloudSQLInstance) open(c pattern.AmbassadorContainer, first, iam bool) pattern.AmbassadorContainer {
	field, databaseField := "Instances", "Instances"
	if first {
		field, databaseField = "instance", "Database"
	}
	if !cloudSQLInstance.MatchString(in.Instance) {
		c = c.Reject(field, in.Instance, "want project:region:instance, such as shop:europe-west1:orders")
	} else {
		// The instance's address isn't known here; this is a name for the port.
		c = c.Dials(strings.ReplaceAll(in.Instance, ":", "."), 3307)
	}
	if int(in.Database) >= len(cloudSQLPorts) {
		return c.Reject(databaseField, in.Database, "want one of the constants, such as CloudSQLMySQL")
	}
	if in.Database == CloudSQLServer && iam {
		c = c.Reject("IAMAuth", true, "is not for SQL Server")
	}
	if in.Name == "" {
		return c
	}
	serves := portName(in.Name, "")
	return opt.Port(c, serves, in.Port, cloudSQLPorts[in.Database]).Endpoint(in.Name, serves)
}

// cloudSQLInstance is the name of an instance; that of its project may have a domain
// before it: example.com:shop.
var cloudSQLInstance = regexp.MustCompile(`^([a-z0-9.-]+:)?[a-z][a-z0-9-]*:[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$`)
