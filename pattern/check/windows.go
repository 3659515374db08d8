package check

import (
	"fmt"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// What an account of Windows may be called.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
const (
	maxCredentialSpecKiB = 64
	maxWindowsDomain     = 256
	maxWindowsUser       = 104
)

var windowsRules = []Rule{
	{ID: "windows-options", Level: Rejected,
		Title: "the Windows options have a wrong account or credential",
		Why:   "no Windows node could run the container so: the API server refuses the pod",
		Fix:   `a user such as ContainerUser, or DOMAIN\user`,
		Bad:   `{securityContext: {windowsOptions: {runAsUserName: 'a\b\c'}}, containers: [{name: web}]}`,
		Good:  `{securityContext: {windowsOptions: {runAsUserName: ContainerUser}}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			if sc := x.spec.SecurityContext; sc != nil && sc.WindowsOptions != nil {
				holder{x: x}.windowsOptions(r, sc.WindowsOptions)
			}
			for _, c := range x.containers {
				if c.SecurityContext != nil && c.SecurityContext.WindowsOptions != nil {
					holder{x, c}.windowsOptions(r, c.SecurityContext.WindowsOptions)
				}
			}
		}},
	{ID: "host-process", Level: Rejected,
		Title: "host processes of Windows lack hostNetwork, or only some containers are host processes",
		Why:   "on Windows all containers of a pod are processes of the node or none is, and they have the node's network: the API server refuses the pod",
		Fix:   "hostProcess: true and hostNetwork: true for the pod, or hostProcess for none of its containers",
		Bad:   `{securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: web}]}`,
		Good:  `{securityContext: {windowsOptions: {hostProcess: false}}, containers: [{name: web}]}`,
		pod:   hostProcess},
}

// windowsOptions does what validateWindowsSecurityContextOptions does.
func (p holder) windowsOptions(r *Rule, o *corev1.WindowsSecurityContextOptions) {
	if o.GMSACredentialSpecName != nil {
		for _, msg := range validation.IsDNS1123Subdomain(*o.GMSACredentialSpecName) {
			p.report(r, ".windowsOptions.gmsaCredentialSpecName", invalid(*o.GMSACredentialSpecName, msg, "the name of a GMSACredentialSpec"))
		}
	}
	if o.GMSACredentialSpec != nil {
		const field = ".windowsOptions.gmsaCredentialSpec"
		if l := len(*o.GMSACredentialSpec); l == 0 {
			p.report(r, field, invalid("", "gmsaCredentialSpec cannot be an empty string", "leave it out"))
		} else if l > maxCredentialSpecKiB<<10 {
			p.report(r, field, invalid("", fmt.Sprintf("gmsaCredentialSpec size must be under %d KiB", maxCredentialSpecKiB), "name it with gmsaCredentialSpecName"))
		}
	}
	if o.RunAsUserName != nil {
		windowsUser(*o.RunAsUserName, func(detail string) {
			p.report(r, ".windowsOptions.runAsUserName", invalid(*o.RunAsUserName, detail, ""))
		})
	}
}

// windowsUser reports what is wrong with the name of a user, with or without its
// domain.
func windowsUser(name string, report func(detail string)) {
	switch {
	case name == "":
		report("runAsUserName cannot be an empty string")
		return
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		report("runAsUserName cannot contain control characters")
		return
	case strings.Count(name, `\`) > 1:
		report("runAsUserName cannot contain more than one backslash")
		return
	}
	domain, user, hasDomain := strings.Cut(name, `\`)
	if !hasDomain {
		domain, user = "", name
	}
	if len(domain) >= maxWindowsDomain {
		report(fmt.Sprintf("runAsUserName's Domain length must be under %d characters", maxWindowsDomain))
	}
	if hasDomain && !isNetBIOS(domain) && !isWindowsDNS(domain) {
		report("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
	}
	if user == "" {
		report("runAsUserName's User cannot be empty")
	} else if len(user) > maxWindowsUser {
		report(fmt.Sprintf("runAsUserName's User length must not be longer than %d characters", maxWindowsUser))
	}
	if user != "" && strings.Trim(user, ". ") == "" {
		report("runAsUserName's User cannot contain only periods or spaces")
	}
	if strings.ContainsAny(user, `"/\:;|=,+*?<>@[]`) {
		report(`runAsUserName's User cannot contain the following characters: "/\:;|=,+*?<>@[]`)
	}
}

func isNetBIOS(domain string) bool {
	n := utf8.RuneCountInString(domain)
	return n >= 1 && n <= 15 && domain[0] != '.' && !strings.ContainsAny(domain, `\/:*?"<>|`)
}

func isWindowsDNS(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if len(validation.IsDNS1123Label(strings.ToLower(label))) > 0 || !ascii(label) {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// hostProcess does what validateWindowsHostProcessPod does, for an API server that
// allows it.
func hostProcess(x *index, r *Rule) {
	var ofPod *bool
	if sc := x.spec.SecurityContext; sc != nil && sc.WindowsOptions != nil {
		ofPod = sc.WindowsOptions.HostProcess
	}
	count := 0
	for _, c := range x.containers {
		own := ofPod
		if sc := c.SecurityContext; sc != nil && sc.WindowsOptions != nil && sc.WindowsOptions.HostProcess != nil {
			own = sc.WindowsOptions.HostProcess
			if ofPod != nil && *ofPod != *own {
				x.report(r, c, ".securityContext.windowsOptions.hostProcess", invalid(*own, fmt.Sprintf("pod hostProcess value must be identical if both are specified, was %v", *ofPod), ""))
			}
		}
		if isTrue(own) {
			count++
		}
	}
	if count == 0 {
		return
	}
	if count != len(x.containers) {
		x.reportPod(r, "spec", invalid("", "If pod contains any hostProcess containers then all containers must be HostProcess containers", ""))
	}
	if !x.spec.HostNetwork {
		x.reportPod(r, "spec.hostNetwork", invalid(false, "hostNetwork must be true if pod contains any hostProcess containers", ""))
	}
}
