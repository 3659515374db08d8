// Package expansion keeps what users give to helpers out of the kubelet's expansion
// of $(NAME) in arguments and variables.
package expansion

import "strings"

// Literal gives a text that the kubelet turns into the one that it was given.
// docs: tasks/inject-data-application/define-interdependent-environment-variables.
func Literal(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteByte(text[i])
		if text[i] == '$' && i+1 < len(text) && (text[i+1] == '$' || text[i+1] == '(') {
			b.WriteByte('$')
		}
	}
	return b.String()
}
