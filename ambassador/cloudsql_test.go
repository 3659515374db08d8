package ambassador_test

import (
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestCloudSQL(t *testing.T) {
	pod := pattern.Pod("web").Hardened().ServiceAccount("web").
		WithApp(patterntest.App().Env("DSN", "host=$(DB_HOST) port=$(DB_PORT) dbname=shop"))
	patterntest.Helper(t, "cloudsql-default", pod, ambassador.CloudSQL("db", "shop:europe-west1:orders"))
	patterntest.Helper(t, "cloudsql-options", pod, ambassador.CloudSQL("db", "example.com:shop:europe-west1:orders", ambassador.CloudSQLOptions{
		Database: ambassador.CloudSQLMySQL, Instances: []ambassador.CloudSQLInstance{{Name: "reports", Instance: "shop:europe-west1:reports", Port: 15432}},
		PrivateIP: true, IAMAuth: true, Credentials: pattern.Secret("google"), Impersonate: "db@shop.iam.gserviceaccount.com",
		LazyRefresh: true, MaxConnections: 50, GateOnUpstream: true, Port: 13306, StatusPort: 9000, Scrape: true}))
	patterntest.Golden(t, "cloudsql-network", pod.WithAmbassador(ambassador.CloudSQL("db", "shop:europe-west1:orders")).NetworkPolicy())
}

func TestCloudSQLRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1"))
	type opts = ambassador.CloudSQLOptions
	type more = []ambassador.CloudSQLInstance
	for name, tt := range map[string]struct {
		instance string
		opts     opts
		want     string
	}{
		"empty":             {"", opts{}, "instance: want project:region:instance"},
		"an address":        {"10.0.0.7:5432", opts{}, "instance: want project:region:instance"},
		"with a port":       {"p:r:i?port=5432", opts{}, "instance: want project:region:instance"},
		"as in version 1":   {"p:r:i=tcp:5432", opts{}, "instance: want project:region:instance"},
		"a flag":            {"--debug:r:i", opts{}, "instance: want project:region:instance"},
		"database":          {"p:r:i", opts{Database: 9}, "Database: want one of the constants"},
		"two ways":          {"p:r:i", opts{PrivateIP: true, PSC: true}, "PSC: goes without PrivateIP"},
		"IAM of SQL Server": {"p:r:i", opts{Database: ambassador.CloudSQLServer, IAMAuth: true}, "is not for SQL Server"},
		"connections":       {"p:r:i", opts{MaxConnections: -1}, "MaxConnections: want"},
		"no account":        {"p:r:i", opts{Impersonate: "db --debug"}, "Impersonate: want a service account"},
		"two accounts":      {"p:r:i", opts{Impersonate: "a@b.c,d@e.f"}, "Impersonate: want a service account"},
		"another":           {"p:r:i", opts{Instances: more{{Name: "b", Instance: "i"}}}, "Instances: want project:region:instance"},
		"another, unnamed":  {"p:r:i", opts{Instances: more{{Instance: "p:r:j"}}}, "Instances: want a name"},
		"two of one name":   {"p:r:i", opts{Instances: more{{Name: "b", Instance: "p:r:j"}, {Name: "b", Instance: "p:r:k"}}}, "Instances: want a name for each"},
		"the first's name":  {"p:r:i", opts{Instances: more{{Name: "db", Instance: "p:r:j"}}}, "Instances: want a name for each"},
	} {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, ambassador.CloudSQL("db", tt.instance, tt.opts), tt.want)
		})
	}
}
