package podgen

import "strings"

// pool are the values that a field draws from: bad ones are refused by some rule
// of the API, or lie just inside of what it takes.
type pool struct{ good, bad []string }

var long = strings.Repeat("long-", 60) // longer than any name may be

// Values that many fields share.
var (
	label     = pool{good: []string{"web", "data", "logs", "tools-1"}, bad: []string{"", "Web_App", "-x", "a.b", "x-", long, strings.Repeat("a", 63), strings.Repeat("a", 64)}}
	subdomain = pool{good: []string{"web", "web.example.com", "tools-1"}, bad: []string{"", "Web_App", "-x", "a..b", "a/b", "..", long, strings.Repeat("a", 253), strings.Repeat("a", 254), "{{ .Name }}"}}
	key       = pool{good: []string{"config.yaml", "KEY", "a_b.c-d"}, bad: []string{"", "..", ".", "a/b", "..x", "a b", long}}
	labelKey  = pool{good: []string{"app", "example.com/tier", "kubernetes.io/hostname"}, bad: []string{"", "-app", "a/b/c", "Example.COM/x", "/x", "x/", strings.Repeat("k", 64), long, "a b"}}
	labelText = pool{good: []string{"web", "", "v1.2_3"}, bad: []string{"-web", "a b", "a/b", strings.Repeat("v", 64), "Ü"}}
	path      = pool{good: []string{"config", "a/b.txt", "etc/app.conf"}, bad: []string{"", "/abs", "..", "../up", "a/../b", "a/..", "..data", "..2024/x", "a..b", "a:b", " ", "./a"}}
	absolute  = pool{good: []string{"/data", "/var/log/app", "/etc/app"}, bad: []string{"", "relative", "/", "/a:b", "/a/../b", "..", "/data/", "C:\\data"}}
	port      = pool{good: []string{"80", "8080", "9090", "65535", "1"}, bad: []string{"0", "65536", "-1", "70000"}}
	text      = pool{good: []string{"one", "two words", "$(POD_NAME)"}, bad: []string{"", long}}
	seconds   = pool{good: []string{"1", "5", "30"}, bad: []string{"0", "-1", "-2147483648", "2147483647"}}
	id        = pool{good: []string{"0", "1000", "65532", "2147483647"}, bad: []string{"-1", "2147483648", "-9223372036854775808"}}
	mode      = pool{good: []string{"420", "0", "511", "256"}, bad: []string{"-1", "512", "1000"}}
	host      = pool{good: []string{"", "localhost", "10.0.0.1"}, bad: []string{"127.0.0.1", "bad host", long}}
	image     = pool{good: []string{"nginx:1.27.3", "registry.example.com/team/app:v1", "busybox:1.36"}, bad: []string{"", " ", " nginx", "nginx:1.27.3\n", "NGINX", "nginx", "nginx:latest"}}
	enum      = func(bad string, good ...string) pool {
		return pool{good: good, bad: []string{"", bad, strings.ToLower(good[0])}}
	}
	group    = pool{good: []string{"snapshot.storage.k8s.io", "example.com"}, bad: []string{"", "Bad_Group", "a..b"}}
	quantity = pool{good: []string{"1", "100m", "500m", "2", "64Mi", "1Gi", "2Mi", "128Mi", "1500m"}, bad: []string{"0", "-1", "-64Mi", "100000m", "1.5", "1m", "3", "3Mi", "9E", "8Ei", "12345678901234567890", "0.1n", "1e3", "1025Mi"}}
)

// poolOf gives the values of a field by the type that it belongs to. What is in no
// table draws from the pool of its kind.
func poolOf(at string) (pool, bool) {
	for _, t := range [...]map[string]pool{podValues, containerValues, volumeValues} {
		if p, known := t[at]; known {
			return p, true
		}
	}
	return pool{}, false
}

// resourceNames are the keys of a list of resources.
var resourceNames = pool{
	good: []string{"cpu", "memory", "cpu", "memory", "ephemeral-storage"},
	bad:  []string{"", "storage", "gpu", "example.com/gpu", "hugepages-2Mi", "hugepages-1Gi", "hugepages-", "hugepages-x", "kubernetes.io/batch", "requests.example.com/x", "requests.cpu", "pods", "a b", "Example.com/GPU", "cpu.x/", "attachable-volumes-x", "hugepages-3Mi", strings.Repeat("r", 70) + ".com/x"},
}
