package names

// Value is how long the value of a label, and the name of its key, may be.
const Value = 63

// Subdomain is how long a DNS subdomain may be.
const Subdomain = 253

// IsLabelKey says whether s is the key of a label, which is also called a
// qualified name. It is exact.
func IsLabelKey(s string) bool {
	for i := range len(s) {
		if s[i] == '/' {
			return IsSubdomain(s[:i]) && isLabelName(s[i+1:])
		}
	}
	return isLabelName(s)
}

// IsLabelValue says whether s is the value of a label. It is exact.
func IsLabelValue(s string) bool { return s == "" || isLabelName(s) }

func isLabelName(s string) bool {
	if s == "" || len(s) > Value || !alphanumeric(s[0]) || !alphanumeric(s[len(s)-1]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '-' && c != '_' && c != '.' && !alphanumeric(c) {
			return false
		}
	}
	return true
}

// IsSubdomain says whether s is a DNS subdomain. It is exact.
func IsSubdomain(s string) bool {
	if s == "" || len(s) > Subdomain {
		return false
	}
	edge := true // a dash may not stand here
	for i := range len(s) {
		switch c := s[i]; {
		case lower(c), digit(c):
			edge = false
		case c == '-' && !edge:
			if i+1 == len(s) || s[i+1] == '.' {
				return false
			}
		case c == '.' && !edge:
			edge = true
		default:
			return false
		}
	}
	return !edge
}

func alphanumeric(c byte) bool { return lower(c) || digit(c) || 'A' <= c && c <= 'Z' }
