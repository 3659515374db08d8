package e2e_test

import (
	"bytes"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// goRun gives what an example prints.
func goRun(example string) (string, error) {
	command := exec.Command("go", "run", "./examples/"+example)
	command.Dir = "../../.."
	var errs bytes.Buffer
	command.Stderr = &errs
	out, err := command.Output()
	if err != nil {
		return "", &exec.Error{Name: errs.String(), Err: err}
	}
	return string(out), nil
}

var seedsOutput = sync.OnceValues(func() (string, error) { return goRun("seeds") })

// printedSeeds gives the documents of the program's output, as Kind/name.
func printedSeeds(t *testing.T) map[string]string {
	t.Helper()
	text, err := seedsOutput()
	require.NoError(t, err)
	out := map[string]string{}
	for _, document := range strings.SplitAfter(text, "\n---\n") {
		document = strings.TrimSuffix(document, "---\n")
		var head struct {
			metav1.TypeMeta
			metav1.ObjectMeta `json:"metadata"`
		}
		require.NoError(t, yaml.Unmarshal([]byte(document), &head))
		require.NotContains(t, out, head.Kind+"/"+head.Name)
		out[head.Kind+"/"+head.Name] = document
	}
	return out
}

// seedPrograms are the images of the seeds with the program that their name promises. Those
// of Debian have Debian's version.
var seedPrograms = map[string]string{
	"nginx": "nginx", "nginx:1.25": "nginx", "nginx:1.25-alpine": "nginx",
	"busybox": "busybox", "busybox:1.36": "busybox",
	"haproxy:2.8":                            "HAProxy",
	"curlimages/curl:latest":                 "curl, which trusts the certificate of config-server",
	"alpine/git:latest":                      "Git, for which the tutorial's repository is on git-server",
	"nginx/nginx-prometheus-exporter:latest": "nginx-prometheus-exporter", "prom/nginx-exporter:latest": "nginx-prometheus-exporter",
	"prom/node-exporter": "node_exporter",
}

// seedStandIns are those that nobody publishes, or whose program can't be had.
var seedStandIns = map[string]string{
	"myapp:latest": "nginx and psql", "myapp:1.0": "nginx and psql", "my-app:latest": "nginx and psql", "my-web-app:latest": "nginx and psql",
	"legacy-app:latest":                       "a script that logs",
	"sidecar:latest":                          "a script that sleeps",
	"log-transformer:latest":                  "busybox; the command is the seed's",
	"my-test-logger:latest":                   "bash and uuidgen; the command is the seed's",
	"log-reader:latest":                       "bash; the command is the seed's",
	"metrics-converter:latest":                "a script that converts and httpd",
	"fluent/fluentd:v1.16":                    "tail",
	"fluent/fluent-bit":                       "httpd on the program's port",
	"jaegertracing/jaeger-agent":              "httpd on the program's port",
	"istio/proxyv2:1.20.0":                    "httpd on the program's port",
	"envoyproxy/envoy:v1.28":                  "httpd on the admin port of the configuration",
	"k8s.gcr.io/git-sync:v3.6.3":              "a script that calls Git",
	"gcr.io/cloudsql-docker/gce-proxy:latest": "socat",
}

// Each image of the seeds is known to be its program or a stand-in.
func TestImagesOfTheSeeds(t *testing.T) {
	start, images := time.Now(), map[string]bool{}
	for _, document := range printedSeeds(t) {
		var o struct {
			Spec struct {
				corev1.PodSpec `json:",inline"`
				Template       corev1.PodTemplateSpec
			}
		}
		require.NoError(t, yaml.Unmarshal([]byte(document), &o))
		for _, spec := range []corev1.PodSpec{o.Spec.PodSpec, o.Spec.Template.Spec} {
			for _, c := range append(spec.InitContainers, spec.Containers...) {
				images[c.Image] = true
			}
		}
	}
	for image := range images {
		require.True(t, (seedPrograms[image] == "") != (seedStandIns[image] == ""), image)
	}
	require.Len(t, images, len(seedPrograms)+len(seedStandIns))
	s := &space{T: t}
	s.observed(start, "the %d images of the seeds were %d with the program of their name and %d stand-ins", len(images), len(seedPrograms), len(seedStandIns))
}
