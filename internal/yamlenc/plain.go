package yamlenc

// asIs are the bytes that a plain word is made of, wherever they stand; first those that
// it may begin with.
var (
	asIs  = table("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+=,@$()^~;*&!%<>?[]{}|'\"\\`#")
	first = table("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/_$(")
)

func table(bytes string) (t [256]bool) {
	for i := range len(bytes) {
		t[bytes[i]] = true
	}
	return t
}

// isPlainWord says whether a text surely is printed as it is. Most are: names, images,
// paths, flags, quantities.
func isPlainWord(s string) bool {
	if s == "" || !first[s[0]] && !isDigit(s[0]) && !isFlag(s) {
		return false
	}
	for i := range len(s) {
		if !asIs[s[i]] && (s[i] != ':' || i+1 == len(s) || !asIs[s[i+1]]) {
			return false
		}
	}
	if isDigit(s[0]) {
		return !looksLikeOther(s)
	}
	return !isWord(s)
}

// isFlag says whether a text begins as a flag of a command does, and not as a number,
// in which a "_" is left out.
func isFlag(s string) bool {
	return len(s) > 2 && s[0] == '-' && (first[s[1]] && s[1] != '_' || s[1] == '-' && first[s[2]])
}
