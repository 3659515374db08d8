package main

import (
	"github.com/podpattern/podpattern/pattern"
)

// setup is 10: an init container prepares a folder for the app.
func setup() pattern.PodBuilder {
	const prepare = `echo "Initializing..."
sleep 5
echo "Setup complete" > /work-dir/ready.txt
`
	work := pattern.EmptyDir("workdir")
	return pattern.Pod("pod-with-init").
		WithInit(pattern.Init("init-setup", "busybox:1.36").Shell(prepare).Writes(work, "/work-dir")).
		WithApp(pattern.App("main-app", "nginx:1.25").Reads(work.ReadWrite(), "/work-dir"))
}

// sequence is 11: init containers run one after the other, in the order of the calls.
func sequence() pattern.PodBuilder {
	const validate = `if [ -f /config/app.conf ]; then
  echo "Config valid"
else
  echo "Config missing" && exit 1
fi
`
	config := pattern.EmptyDir("config")
	return pattern.Pod("multi-init-pod").
		WithInit(
			pattern.Init("download-config", "curlimages/curl:latest").Writes(config, "/config").
				Shell("curl -o /config/app.conf https://config-server/app.conf"),
			pattern.Init("validate-config", "busybox:1.36").Reads(config.ReadWrite(), "/config").
				Shell(validate)).
		WithApp(pattern.App("application", "myapp:latest").Reads(config.ReadWrite(), "/etc/app"))
}
