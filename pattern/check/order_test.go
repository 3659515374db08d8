package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

const (
	dbNative  = `{name: db, restartPolicy: Always, ports: [{containerPort: 5432}]}`
	dbRegular = `{name: db, ports: [{containerPort: 5432}]}`
)

func TestInitContainersThatComeTooEarly(t *testing.T) {
	initFirst := func(init string) string {
		return `{initContainers: [{` + init + `}, ` + dbNative + `], containers: [{name: web}]}`
	}
	nativeFirst := func(init string) string {
		return `{initContainers: [` + dbNative + `, {` + init + `}], containers: [{name: web}]}`
	}
	regular := func(init string) string {
		return `{initContainers: [{` + init + `}], containers: [{name: web}, ` + dbRegular + `]}`
	}
	const native, localhost = "native-after-init", "localhost-too-early"
	late := func(field, value, what string) []string {
		return []string{"W spec.initContainers[0]" + field + ": Invalid value: " + value + ": this container " + what + ", which starts when this one has ended"}
	}
	connects := func(field string) []string { return late(field, "5432", "connects to db on localhost:5432") }
	none := check.Intent{}
	waits := check.Intent{Waits: []check.Wait{{Container: "i", For: "db"}}}
	dials := check.Intent{Dials: []check.Dial{{Container: "i", Host: "127.0.0.1", Port: 5432}}}
	url := `name: i, args: ["--database=postgres://u:p@localhost:5432/x"]`

	for _, tt := range []struct {
		name, init string
		field      string // "" is no finding
	}{
		{"the URL of a database", url, ".args[0]"},
		{"a flag and its value", `name: i, args: [--database, "postgres://localhost:5432/x"]`, ".args[1]"},
		{"a wait by name", `name: wait-for-db, args: ["localhost:5432"]`, ".args[0]"},
		{"a script that calls curl", `name: i, command: [sh, -c, "until curl -s http://127.0.0.1:5432; do sleep 1; done"]`, ".command[2]"},
		{"a script that calls nc", `name: i, command: [sh, -c, "until nc -z localhost 5432; do sleep 1; done"]`, ".command[2]"},
		{"a script that calls pg_isready", `name: i, args: ["pg_isready -h 127.0.0.1 -p 5432"]`, ".args[0]"},
		{"a script that uses bash", `name: i, args: ["until echo > /dev/tcp/localhost/5432; do sleep 1; done"]`, ".args[0]"},
		{"a variable of a migration", `name: migrate, env: [{name: DATABASE_URL, value: "jdbc:postgresql://localhost:5432/x"}]`, ".env[0].value"},
		{"a variable that all containers have", `name: assets, env: [{name: DATABASE_URL, value: "jdbc:postgresql://localhost:5432/x"}]`, ""},
		{"a script that writes a file", `name: i, args: ["echo upstream=localhost:5432 > /etc/conf"]`, ""},
		{"another host", `name: i, args: ["--database=postgres://mylocalhost:5432/x"]`, ""},
		{"another port", `name: i, args: ["--database=postgres://localhost:54321/x"]`, ""},
	} {
		var want []string
		if tt.field != "" {
			want = connects(tt.field)
		}
		tryWritten(t,
			written{native, tt.name, initFirst(tt.init), none, want},
			written{native, tt.name + ", in order", nativeFirst(tt.init), none, nil},
			written{native, tt.name + ", regular", regular(tt.init), none, nil},
			written{localhost, tt.name, regular(tt.init), none, want},
			written{localhost, tt.name + ", native", initFirst(tt.init), none, nil})
	}
	tryWritten(t,
		written{native, "a wait by intent", initFirst("name: i"), waits, late("", `"db"`, "needs db")},
		written{native, "a dial by intent", initFirst("name: i"), dials, connects("")},
		written{native, "all ways at once", initFirst(url), check.Intent{Waits: waits.Waits, Dials: dials.Dials}, late("", `"db"`, "needs db")},
		written{native, "in order", nativeFirst("name: i"), check.Intent{Waits: waits.Waits, Dials: dials.Dials}, nil},
		written{native, "a server of the network", initFirst("name: i"), check.Intent{Dials: []check.Dial{{Container: "i", Host: "db.prod.svc", Port: 5432}}}, nil},
		written{native, "a sidecar that waits for the next", `{initContainers: [{name: i, restartPolicy: Always}, ` + dbNative + `], containers: [{name: web}]}`, waits,
			[]string{`W spec.initContainers[0]: Invalid value: "db": this container needs db, which starts after it`}},
		written{native, "a sidecar that connects tries again", `{initContainers: [{name: i, restartPolicy: Always, args: ["--upstream=http://localhost:5432"]}, ` + dbNative + `], containers: [{name: web}]}`, none, nil},
		written{localhost, "a wait by intent", regular("name: i"), waits, late("", `"db"`, "needs db")},
		written{localhost, "a dial by intent", regular("name: i"), dials, connects("")},
		written{localhost, "an app that connects", `containers: [{name: web, args: ["--database=postgres://localhost:5432/x"]}, ` + dbRegular + `]`, none, nil},
		written{localhost, "its own port", `{initContainers: [{name: i, ports: [{containerPort: 5432}], args: ["--database=postgres://localhost:5432/x"]}], containers: [{name: web}, ` + dbRegular + `]}`, none, nil},
		written{localhost, "on the host's network", `{hostNetwork: true, initContainers: [{` + url + `}], containers: [{name: web}, ` + dbRegular + `]}`, none, nil},
	)
}

func TestClassicOrder(t *testing.T) {
	const id = "classic-order"
	waits := check.Intent{Waits: []check.Wait{{Container: "web", For: "proxy"}, {Container: "web", For: "proxy"}, {Container: "web", For: "none"}, {Container: "none", For: "web"}, {Container: "web", For: "web"}}}
	tryWritten(t,
		written{id, "listed after", `containers: [{name: web}, {name: proxy}]`, waits, []string{`W spec.containers[0]: Invalid value: "proxy": this container needs proxy, which is started after it`}},
		written{id, "listed before", `containers: [{name: proxy}, {name: web}]`, waits, []string{`W spec.containers[1]: Invalid value: "proxy": this container needs proxy, and is started before proxy is up`}},
		written{id, "listed before, with a hook that waits", `containers: [{name: proxy, lifecycle: {postStart: {exec: {command: [wait-until-up]}}}}, {name: web}]`, waits, nil},
		written{id, "a native sidecar", `{initContainers: [{name: proxy, restartPolicy: Always}], containers: [{name: web}]}`, waits, nil},
		written{id, "only a dial", `containers: [{name: web}, {name: proxy, ports: [{containerPort: 5432}]}]`, check.Intent{Dials: []check.Dial{{Container: "web", Host: "localhost", Port: 5432}}}, nil},
		written{id, "nothing known", `containers: [{name: web}, {name: proxy}]`, check.Intent{}, nil},
	)
}

func TestJobsThatNeverComplete(t *testing.T) {
	const id, always = "job-classic-sidecar", "job-container-always"
	job := func(containers string) string {
		return "kind: Job\nspec: {template: {spec: {" + containers + "}}}"
	}
	cron := func(containers string) string {
		return "kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {" + containers + "}}}}}"
	}
	const proxy = `{name: db, image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0"}`
	helper := check.Intent{Helpers: []string{"db"}}
	none := check.Intent{}
	path := "spec.template.spec.containers[1]"
	keeps := " a helper that is a regular container keeps the Job from completing"
	tryWritten(t,
		written{id, "by intent", job(`containers: [{name: report}, {name: db}]`), helper, []string{"E " + path + ": Invalid value:" + keeps}},
		written{id, "by image", job(`containers: [{name: report}, ` + proxy + `]`), none, []string{"W " + path + ": Invalid value:" + keeps}},
		written{id, "by image, and the author knows better", job(`containers: [{name: report}, ` + proxy + `]`), check.Intent{Helpers: []string{}}, nil},
		written{id, "of a CronJob", cron(`containers: [{name: report}, {name: db}]`), helper, []string{"E spec.jobTemplate.spec.template.spec.containers[1]: Invalid value: a helper that is a regular container keeps the CronJob from completing"}},
		written{id, "native", job(`initContainers: [{name: db, restartPolicy: Always}], containers: [{name: report}]`), helper, nil},
		written{id, "the only container", job(`containers: [` + proxy + `]`), none, nil},
		written{id, "a Deployment doesn't end", "kind: Deployment\nspec: {template: {spec: {containers: [{name: web}, " + proxy + "]}}}", helper, nil},
		written{id, "the app stops it", job(`containers: [{name: report, args: ["report; curl -X POST localhost:9091/quitquitquit"]}, ` + proxy + `]`), helper, nil},
		written{id, "the app may kill it", job(`shareProcessNamespace: true, containers: [{name: report}, ` + proxy + `]`), none, nil},
		written{id, "always restarted too", job(`containers: [{name: report}, {name: db, restartPolicy: Always}]`), helper, nil},

		written{always, "always", job(`containers: [{name: report}, {name: db, restartPolicy: Always}]`), none, []string{"E " + path + `.restartPolicy: Invalid value: "Always": the container is started again whenever it ends, so the Job never completes`}},
		written{always, "never", job(`containers: [{name: report, restartPolicy: Never}]`), none, nil},
		written{always, "a native sidecar", job(`initContainers: [{name: db, restartPolicy: Always}], containers: [{name: report}]`), none, nil},
		written{always, "a pod", `containers: [{name: web, restartPolicy: Always}]`, none, nil},
	)
}
