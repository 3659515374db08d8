package e2e_test

import (
	batchv1 "k8s.io/api/batch/v1"
)

// serving is a web server on a port, which begins to listen after some seconds.
func serving(name, port, after string) string {
	return `sleep ` + after + `; mkdir -p /tmp/www; echo "this is ` + name + `" >/tmp/www/index.html; cd /tmp/www; exec httpd -f -p ` + port
}

// asksLocalhost is a client that has one try.
func asksLocalhost(port string) string {
	return `wget -q -O - http://127.0.0.1:` + port + `/`
}

// Who starts before whom.
var startsBroken = []broken{
	{rule: "native-startup-deadlock", saw: "the probe failed again and again, the sidecar was restarted, and the app never started",
		bad:    `{initContainers: [{name: proxy, restartPolicy: Always, startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}], containers: [{name: web, ports: [{containerPort: 8080}]}]}`,
		good:   `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 9090}], startupProbe: {tcpSocket: {port: 9090}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: web, ports: [{containerPort: 8080}]}]}`,
		run:    map[string]string{"proxy": serving("proxy", "9090", "0"), "web": serving("web", "8080", "0")},
		breaks: inTurn(seesEvents("Startup probe failed", 3), seesRestarts("proxy", 1), seesNotStarted("web")), works: seesReady},
	{rule: "native-no-startup-probe", saw: "the app started before the sidecar served, and its connection was refused",
		good:   `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 9090}], startupProbe: {tcpSocket: {port: 9090}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: web}]}`,
		run:    map[string]string{"proxy": serving("proxy", "9090", "5"), "web": asksLocalhost("9090") + "; " + idle},
		breaks: seesLine("web", "Connection refused"), works: seesLine("web", "^this is proxy$")},
	{rule: "native-after-init", saw: "the init container failed again and again, and the sidecar after it never started",
		good:   `{initContainers: [{name: db, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}, periodSeconds: 1, failureThreshold: 60}}, {name: migrate, args: ["--database-url=postgres://127.0.0.1:5432/orders"]}], containers: [{name: web}]}`,
		run:    map[string]string{"migrate": asksLocalhost("5432"), "db": serving("db", "5432", "0")},
		breaks: inTurn(seesFailures("migrate"), sawLine("migrate", "Connection refused"), seesNotStarted("db"), seesNotStarted("web")), works: seesReady},
	{rule: "localhost-too-early", saw: "the init container failed again and again, and its server never started",
		good:   `{initContainers: [{name: db, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}, periodSeconds: 1, failureThreshold: 60}}, {name: migrate, args: ["--database-url=postgres://127.0.0.1:5432/orders"]}], containers: [{name: web}]}`,
		run:    map[string]string{"migrate": asksLocalhost("5432"), "db": serving("db", "5432", "0")},
		breaks: inTurn(seesFailures("migrate"), sawLine("migrate", "Connection refused"), seesNotStarted("db"), seesNotStarted("web")), works: seesReady},
	{rule: "init-never-ends", saw: "the init container served, and the app waited for it to end",
		good:   `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: web}]}`,
		run:    map[string]string{"proxy": `(for i in $(seq 99); do echo second $i; sleep 1; done) & ` + serving("proxy", "5432", "0")},
		breaks: inTurn(seesLine("proxy", "^second 6$"), seesOutput("proxy", "^this is proxy$", "wget", "-q", "-O", "-", "http://127.0.0.1:5432/"), seesNotStarted("web")), works: seesReady},
	{rule: "classic-order", saw: "the app started before the other one served, and its connection was refused",
		good:   `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: web}]}`,
		run:    map[string]string{"proxy": serving("proxy", "5432", "5"), "web": asksLocalhost("5432") + "; " + idle},
		breaks: seesLine("web", "Connection refused"), works: seesLine("web", "^this is proxy$")},
	{rule: "localhost-unserved", saw: "the connection was refused",
		run:    map[string]string{"web": serving("web", "8080", "0"), "exporter": `while true; do ` + asksLocalhost("8081") + `; sleep 1; done`},
		bad:    `containers: [{name: web, ports: [{containerPort: 8080}]}, {name: exporter, args: [--scrape-uri=http://localhost:8081/status], ports: [{containerPort: 9113}]}]`,
		breaks: inTurn(seesReady, seesLine("exporter", "(?s)(Connection refused.*){4}"))},
	{rule: "probe-missing", saw: "the pod was Ready while the connection was refused",
		good:   `containers: [{name: web, ports: [{containerPort: 8080}], readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]`,
		run:    map[string]string{"web": serving("web", "8080", "20")},
		breaks: inTurn(seesReady, seesOutput("web", "Connection refused", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/"))},
}

// Jobs that don't end.
var jobsBroken = []broken{
	{rule: "job-classic-sidecar", saw: "the Job went on after its app had ended, because of the helper",
		good:   "kind: Job\nspec: {template: {spec: {initContainers: [{name: proxy, restartPolicy: Always, startupProbe: {tcpSocket: {port: 5432}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: report}]}}}",
		run:    map[string]string{"report": `echo done`, "proxy": serving("proxy", "5432", "0")},
		breaks: inTurn(ofJob(seesEnd("report", 0, "Completed")), seesJobGoOn, ofJob(seesOutput("proxy", "this is proxy", "wget", "-q", "-O", "-", "http://127.0.0.1:5432/"))),
		works:  seesJob(batchv1.JobComplete)},
	{rule: "job-container-always", saw: "the container was started again after each end, and the Job went on",
		run:    map[string]string{"report": `echo done`},
		breaks: inTurn(ofJob(seesRestarts("report", 2)), seesJobGoOn), works: seesJob(batchv1.JobComplete)},
	{rule: "init-deadline", saw: "the Job failed while its init container still waited",
		bad:    "kind: Job\nspec: {activeDeadlineSeconds: 4, template: {spec: {initContainers: [{name: wait-for-db, args: [--timeout=20s]}], containers: [{name: web}]}}}",
		good:   "kind: Job\nspec: {activeDeadlineSeconds: 300, template: {spec: {initContainers: [{name: wait-for-db, args: [--timeout=20s]}], containers: [{name: web}]}}}",
		run:    map[string]string{"wait-for-db": `trap exit TERM; sleep 8 & wait`, "web": `echo done`},
		breaks: inTurn(seesJob(batchv1.JobFailed), seesEvent("DeadlineExceeded")), works: seesJob(batchv1.JobComplete)},
}
