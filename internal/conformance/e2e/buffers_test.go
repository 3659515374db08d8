package e2e_test

import (
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// While the server is down the collector keeps what it has taken, up to its thousand
// requests, and refuses what is more; a minute later all that it took arrives.
func TestACollectorOutlivesItsServer(t *testing.T) {
	s, start := newSpace(t), time.Now()
	const requests = 1200
	app := pattern.App("app", curlImage).Command("sh", "-c", `n=0; while [ $n -lt `+strconv.Itoa(requests)+` ]; do n=$((n+1))
echo "$(curl -sS -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' \
  -d '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"line '$n' of the app."}}]}]}]}' "$OTEL_EXPORTER_OTLP_ENDPOINT/v1/logs") line $n"
done; echo done; trap 'exit 0' TERM; sleep 100000 & wait`)
	server := otlp()
	s.apply(server[1])
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(4).WithApp(app).WithSidecar(sidecar.OTelCollector("http://gateway:4318/cgi-bin")))
	said := s.prints("web", "app", `^done$`)
	taken := regexp.MustCompile(`(?m)^200 line (\d+)$`).FindAllStringSubmatch(said, -1)
	refused := regexp.MustCompile(`(?m)^(503|429) line \d+$`).FindAllString(said, -1)
	require.Equal(t, requests, len(taken)+len(refused), said)
	require.InDelta(t, 1000, len(taken), 50, "the first ones are under way already")
	up := s.ready("web")

	time.Sleep(time.Until(start.Add(time.Minute))) // the time that the server is down
	s.apply(server[0])
	s.ready("gateway")
	back := time.Now()
	var arrived map[string]bool
	s.until("all to arrive", 2*time.Minute, func() (bool, string) {
		arrived = map[string]bool{}
		got, err := s.exec("gateway", "gateway", "sh", "-c", `cat /tmp/logs.??????`)
		for _, m := range regexp.MustCompile(`line (\d+) of the app\.`).FindAllStringSubmatch(got, -1) {
			arrived[m[1]] = true
		}
		return err == nil && len(arrived) >= len(taken), strconv.Itoa(len(arrived))
	})
	for _, m := range taken {
		require.True(t, arrived[m[1]], "line %s was taken and did not arrive", m[1])
	}
	s.untouched(up, "app")
	s.untouched(up, "otel-collector")
	s.observed(start, "with its server down for a minute a collector took %d requests and refused %d; within %.0f s of the server's start all that it took had arrived", len(taken), len(refused), time.Since(back).Seconds())
}
