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

// IsPort says whether s is a plain name of a port: letters and single dashes.
func IsPort(s string) bool {
	if !IsLabel(s) || len(s) > Port {
		return false
	}
	for i := range len(s) {
		if s[i] == '-' && s[i-1] == '-' || digit(s[i]) {
			return false
		}
	}
	return true
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
