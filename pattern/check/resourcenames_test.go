package check_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestResourceNames(t *testing.T) {
	const request = "A spec.containers[0].resources.requests"
	ask := func(name string) func(*corev1.Pod) { return asks(amounts("cpu", "1", name, "1"), nil) }
	const part = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
	try(t,
		example{"resource-name", "no domain", ask("gpu"), []string{
			request + `[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified`,
			request + `[gpu]: Invalid value: "gpu": must be a standard resource for containers`}},
		example{"resource-name", "a resource of a quota", ask("requests.cpu"), []string{
			request + `[requests.cpu]: Invalid value: "requests.cpu": must be a standard resource for containers`}},
		example{"resource-name", "a space", ask("a b"), []string{
			request + `[a b]: Invalid value: "a b": ` + part,
			request + `[a b]: Invalid value: "a b": must be a standard resource for containers`}},
		example{"resource-name", "the prefix of a quota", ask("requests.example.com/dev"), []string{
			request + `[requests.example.com/dev]: Invalid value: "requests.example.com/dev": doesn't follow extended resource name standard`}},
		example{"resource-name", "the overhead", func(p *corev1.Pod) { p.Spec.Overhead = amounts("pods", "1") }, []string{
			`A spec.overhead[pods]: Invalid value: "pods": must be a standard resource for containers`}},
		example{"resource-name", "the pod as a whole", func(p *corev1.Pod) {
			p.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "1", "ephemeral-storage", "1Gi", "disk", "1")}
		}, []string{
			`A spec.resources.requests[disk]: Invalid value: "disk": must be a standard resource type or fully qualified`,
			`A spec.resources.requests[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"`}},
		example{"resource-name", "all that a container can have", asks(amounts("cpu", "1", "memory", "1", "ephemeral-storage", "1", "hugepages-2Mi", "2Mi", "nvidia.com/gpu", "1", "kubernetes.io/x", "1"), nil), nil},
		example{"resource-name", "no name", ask(""), []string{
			request + `[]: Invalid value: "": name part must be non-empty`,
			request + `[]: Invalid value: "": ` + part,
			request + `[]: Invalid value: "": must be a standard resource for containers`}},
	)
}
