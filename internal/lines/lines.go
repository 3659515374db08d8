// Package lines says how a line of a log is read, whatever program reads it.
package lines

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/strftime"
)

// Format is how lines become records. The regular expressions are Go's.
type Format struct {
	Regex      string // takes a line apart by its named groups; see ByRegex
	ByRegex    bool
	Fields     bool // whether a record has fields besides those of the expression
	Timed      bool // whether a field has the time of the record
	TimeField  string
	TimeLayout string // strftime
	Joined     bool   // whether a record can have several lines
	FirstLine  string
}

// Wrong says what is wrong with the format, or nothing.
func (f Format) Wrong() string {
	groups, why := f.groups()
	switch {
	case why != "":
		return why
	case f.Timed && f.wrongTime(groups) != "":
		return "Time: " + f.wrongTime(groups)
	case !f.Joined:
		return ""
	}
	re, err := regexp.Compile(f.FirstLine)
	switch {
	case err != nil:
		return "Multiline: want a regular expression in Go's syntax: " + err.Error()
	case re.MatchString(""):
		return "Multiline: every line matches, so none would be joined: want what only a first line has, such as ^\\d{4}-"
	}
	return ""
}

// groups gives the names of the expression's groups, or what is wrong with it.
func (f Format) groups() (groups []string, why string) {
	if !f.ByRegex {
		return nil, ""
	}
	re, err := regexp.Compile(f.Regex)
	if err != nil {
		return nil, "want a regular expression in Go's syntax: " + err.Error()
	}
	for _, name := range re.SubexpNames() {
		switch {
		case name == "":
			continue
		case !IsField(name):
			return nil, "want names of fields as groups, such as (?<level>[A-Z]+), and no name that begins with a digit"
		case slices.Contains(groups, name):
			return nil, "has two groups called " + name
		}
		groups = append(groups, name)
	}
	if len(groups) == 0 {
		return nil, "want named groups, which become the record's fields, such as (?<level>[A-Z]+)"
	}
	return groups, ""
}

func (f Format) wrongTime(groups []string) string {
	err := strftime.Check(f.TimeLayout)
	switch {
	case err != nil:
		return err.Error()
	case !f.ByRegex && !f.Fields:
		return "plain lines have no fields: use JSONLines, LogfmtLines or RegexLines"
	case !IsField(f.TimeField):
		return "want the name of a field, such as time"
	case f.ByRegex && !slices.Contains(groups, f.TimeField):
		return "the expression has no group " + f.TimeField
	}
	return ""
}

var field = regexp.MustCompile(`^[A-Za-z_@][A-Za-z0-9_.@-]*$`)

// IsField says whether a name can be that of a record's field in all programs.
func IsField(name string) bool { return field.MatchString(name) }

// IsGlob says whether files are below a volume, and one glob in all programs.
func IsGlob(files string) bool {
	return files != "" && !path.IsAbs(files) && !strings.Contains(files, "..") && !strings.ContainsAny(files, "\n\r\t,$#{}\"'\\ ")
}
