package names

// The functions here accept the usual names without the cost of a regular
// expression. What they refuse may still be good, in ways that the API's own
// validation knows.

// IsLabel says whether s is a DNS label. It is exact.
func IsLabel(s string) bool {
	if s == "" || len(s) > Label || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '-' && !lower(c) && !digit(c) {
			return false
		}
	}
	return true
}

// IsPort says whether s is a name of a port. It is exact.
func IsPort(s string) bool {
	if !IsLabel(s) || len(s) > Port {
		return false
	}
	letter := false
	for i := range len(s) {
		if s[i] == '-' && s[i-1] == '-' {
			return false
		}
		letter = letter || lower(s[i])
	}
	return letter
}

// IsKey says whether s is a plain key of a ConfigMap or Secret.
func IsKey(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '-' && c != '_' && c != '.' && !alphanumeric(c) {
			return false
		}
	}
	return s != "" && len(s) <= 253 && (s[0] != '.' || len(s) > 1 && s[1] != '.')
}

// IsEnv says whether s is a plain name of an environment variable.
func IsEnv(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && !lower(c) && (c < 'A' || c > 'Z') && (i == 0 || !digit(c)) {
			return false
		}
	}
	return s != ""
}

func lower(c byte) bool { return 'a' <= c && c <= 'z' }

func digit(c byte) bool { return '0' <= c && c <= '9' }
