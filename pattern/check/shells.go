package check

import (
	"path"
	"slices"
	"strings"
)

var shellRules = []Rule{
	{ID: "shell-dollars", Level: Warning,
		Title: "$$ in a shell script, which the kubelet makes $",
		Why:   "the kubelet reads $$ in a command or an argument as $, so that $$(NAME) stays: the shell sees no process number",
		Fix:   "write $$$$ for the number of the shell's process, or put the script into a ConfigMap, which nobody expands",
		Bad:   `containers: [{name: web, command: [sh, -c, "trap 'kill $$' TERM; web & wait"]}]`,
		Good:  `containers: [{name: web, command: [sh, -c, "trap 'kill $$$$' TERM; web & wait"]}]`,
		pod:   shellDollars},
}

// upstream: kubernetes/kubernetes third_party/forked/golang/expansion
func shellDollars(x *index, r *Rule) {
	for _, c := range x.containers {
		if !slices.ContainsFunc(c.Command, isShell) && !slices.ContainsFunc(c.Args, isShell) {
			continue
		}
		for t := range c.texts {
			if script := lostDollars(t.text); script != "" && !t.inEnv() {
				x.report(r, c, t.field(), invalid(script, "the shell gets one $ here, and not the number of its process", ""))
			}
		}
	}
}

func isShell(word string) bool {
	switch path.Base(word) {
	case "sh", "bash", "ash", "dash", "zsh":
		return true
	}
	return false
}

// lostDollars gives the piece of a script that has a $$ of which one $ is left: not
// one before a name, which most write to keep the kubelet from expanding it.
func lostDollars(text string) string {
	for i := strings.Index(text, "$$"); i >= 0 && i < len(text); {
		end := i
		for end < len(text) && text[end] == '$' {
			end++
		}
		if end-i == 2 && (end == len(text) || !startsExpansion(text[end])) {
			return strings.ToValidUTF8(text[max(0, i-10):min(len(text), end+1)], "")
		}
		next := strings.Index(text[end:], "$$")
		if next < 0 {
			return ""
		}
		i = end + next
	}
	return ""
}

// startsExpansion says whether a $ before the character expands something else.
func startsExpansion(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("_({?!#@*-", c) >= 0
}
