package check_test

import (
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestWindowsUsers(t *testing.T) {
	const chars = `runAsUserName's User cannot contain the following characters: "/\:;|=,+*?<>@[]`
	for name, want := range map[string]string{
		"": "runAsUserName cannot be an empty string", "a\x01b": "runAsUserName cannot contain control characters", "a\x7fb": "runAsUserName cannot contain control characters",
		`a\b\c`: "runAsUserName cannot contain more than one backslash", `a\`: "runAsUserName's User cannot be empty",
		strings.Repeat("u", 105): "runAsUserName's User length must not be longer than 104 characters", " . ": "runAsUserName's User cannot contain only periods or spaces",
		"a@b": chars, "a[": chars, `.a\b`: "runAsUserName's Domain doesn't match the NetBios nor the DNS format", `\b`: "runAsUserName's Domain doesn't match the NetBios nor the DNS format",
		strings.Repeat("é", 16) + `\b`: "runAsUserName's Domain doesn't match the NetBios nor the DNS format", strings.Repeat("a", 64) + `.b\u`: "runAsUserName's Domain doesn't match the NetBios nor the DNS format",
		strings.Repeat("a.", 128) + `a\u`: "runAsUserName's Domain length must be under 256 characters",
		"ContainerUser":                   "", `DOMAIN\user`: "", strings.Repeat("é", 15) + `\u`: "", `corp.example.com-x\a b.c`: "", `a.` + strings.Repeat("b", 63) + `\u`: "", strings.Repeat("u", 104): "",
	} {
		try(t, example{"windows-options", "user " + name, func(p *corev1.Pod) {
			secured(webOf, corev1.SecurityContext{WindowsOptions: &corev1.WindowsSecurityContextOptions{RunAsUserName: &name}})(p)
		}, texts(want, "A spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: ", name)})
	}
}

func texts(detail, before, value string) []string {
	if detail == "" {
		return nil
	}
	return []string{before + strconv.Quote(value) + ": " + detail}
}

func TestWindowsOptions(t *testing.T) {
	options := func(o corev1.WindowsSecurityContextOptions) func(*corev1.Pod) {
		return podSecured(corev1.PodSecurityContext{WindowsOptions: &o})
	}
	const path = "A spec.securityContext.windowsOptions."
	const all = `A spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers`
	const network = "A spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers"
	try(t,
		example{"windows-options", "no credential", options(corev1.WindowsSecurityContextOptions{GMSACredentialSpec: new("")}),
			[]string{path + `gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string`}},
		example{"windows-options", "a long credential", options(corev1.WindowsSecurityContextOptions{GMSACredentialSpec: new(strings.Repeat("x", 64<<10+1))}),
			[]string{path + `gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec size must be under 64 KiB`}},
		example{"windows-options", "the longest credential", options(corev1.WindowsSecurityContextOptions{GMSACredentialSpec: new(strings.Repeat("x", 64<<10)), GMSACredentialSpecName: new("a.b")}), nil},
		example{"windows-options", "no name of a credential", options(corev1.WindowsSecurityContextOptions{GMSACredentialSpecName: new(strings.Repeat("x", 254))}),
			[]string{path + `gmsaCredentialSpecName: Invalid value: "` + strings.Repeat("x", 254) + `": must be no more than 253 characters`}},
		example{"host-process", "the pod alone", options(corev1.WindowsSecurityContextOptions{HostProcess: new(true)}), []string{network}},
		example{"host-process", "the pod with the node's network", func(p *corev1.Pod) {
			options(corev1.WindowsSecurityContextOptions{HostProcess: new(true)})(p)
			p.Spec.HostNetwork = true
		}, nil},
		example{"host-process", "one container", secured(webOf, corev1.SecurityContext{WindowsOptions: &corev1.WindowsSecurityContextOptions{HostProcess: new(true)}}), []string{all, network}},
		example{"host-process", "the pod, but for one container", func(p *corev1.Pod) {
			options(corev1.WindowsSecurityContextOptions{HostProcess: new(true)})(p)
			p.Spec.HostNetwork = true
			secured(sideOf, corev1.SecurityContext{WindowsOptions: &corev1.WindowsSecurityContextOptions{HostProcess: new(false)}})(p)
		}, []string{all, "A spec.initContainers[1].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true"}},
	)
}
