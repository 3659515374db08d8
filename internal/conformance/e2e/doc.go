// Package e2e runs what the library makes on a real Kubernetes: whatever KUBECONFIG names.
// Its tests are its content; README.md says what they saw.
//
//	go -C internal/conformance/e2e test ./... -count=1
//
// ../cluster builds and starts a cluster of one node on this machine, and images.sh loads
// the images that the tests use into it. On another cluster the images are pulled.
package e2e
