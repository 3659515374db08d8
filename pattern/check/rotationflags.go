package check

import "strings"

// rotationIn reads the ways to say it that are well known.
func rotationIn(texts []string) (rotation, bool) {
	for i, text := range texts {
		rot, ok := rotation{}, false
		switch {
		case strings.Contains(text, "filesize="):
			rot, ok = jvmRotation(text)
		case strings.Contains(text, "multilog"):
			rot, ok = multilogRotation(texts[i:])
		case strings.Contains(text, "rotatelogs"):
			rot, ok = rotatelogsRotation(texts[i:])
		}
		if ok {
			rot.index = i
			return rot, true
		}
	}
	return flagRotation(texts)
}

// jvmRotation reads -Xlog:gc:file=/logs/gc.log::filecount=5,filesize=10M.
func jvmRotation(text string) (rotation, bool) {
	size, sized := bytesOf(valueAfter(text, "filesize="), false)
	keep, kept := countOf(valueAfter(text, "filecount="))
	file := valueAfter(text, "file=")
	if !strings.HasPrefix(file, "/") {
		return rotation{}, false
	}
	return rotation{size: size, keep: keep, file: file}, sized && kept
}

// valueAfter gives what follows a key, to the next separator.
func valueAfter(text, key string) string {
	for from := 0; ; {
		i := strings.Index(text[from:], key)
		if i < 0 {
			return ""
		}
		start := from + i
		from = start + len(key)
		if start > 0 && isAlnum(text[start-1]) {
			continue
		}
		value := text[from:]
		if end := strings.IndexAny(value, " ,:;\"'\n"); end >= 0 {
			value = value[:end]
		}
		return value
	}
}

// multilogRotation reads multilog t s16777216 n10 /logs.
func multilogRotation(texts []string) (rot rotation, ok bool) {
	for _, word := range laterWords(texts, "multilog") {
		switch {
		case strings.HasPrefix(word, "/"):
			rot.file = word
			return rot, rot.size > 0 && rot.keep > 0
		case strings.HasPrefix(word, "s") && rot.size == 0:
			rot.size, _ = countOf(word[1:])
		case strings.HasPrefix(word, "n") && rot.keep == 0:
			rot.keep, _ = countOf(word[1:])
		}
	}
	return rot, false
}

// rotatelogsRotation reads rotatelogs -n 5 /logs/access.log 100M.
func rotatelogsRotation(texts []string) (rot rotation, ok bool) {
	words := laterWords(texts, "rotatelogs")
	for i, word := range words {
		switch {
		case word == "-n" && i+1 < len(words):
			rot.keep, _ = countOf(words[i+1])
		case strings.HasPrefix(word, "/") && i+1 < len(words):
			rot.file = word
			rot.size, _ = bytesOf(words[i+1], false)
			return rot, rot.size > 0 && rot.keep > 0
		}
	}
	return rot, false
}

// laterWords gives the words of a command line after the program of a name.
func laterWords(texts []string, program string) []string {
	words := strings.FieldsFunc(strings.Join(texts, " "), func(r rune) bool { return strings.ContainsRune(tokenEnds, r) })
	for i, word := range words {
		if strings.HasSuffix(word, program) {
			return words[i+1:]
		}
	}
	return nil
}

// flagRotation reads a pair of flags: how large a file may be, with a unit, and how
// many are kept. Those of the API server's audit log are in MB without one.
func flagRotation(texts []string) (rot rotation, ok bool) {
	for i, text := range texts {
		if len(text) < 4 || text[0] != '-' {
			continue
		}
		name, value, inOne := strings.Cut(text, "=")
		if !inOne && i+1 < len(texts) {
			value = texts[i+1]
		}
		switch last := lastWords(name); last {
		case "maxsize", "filesize", "rotatesize", "sizelimit":
			if size, sized := bytesOf(value, strings.Contains(name, "audit-log")); sized && hasWord(name, "log", "logs", "logfile", "audit", "max", "rotate", "rotation") {
				rot.size, rot.index = size, i
			}
		case "maxfiles", "maxfile", "maxbackups", "maxbackup", "filecount", "keepfiles", "rotatekeep":
			rot.keep, _ = countOf(value)
		}
	}
	return rot, rot.size > 0 && rot.keep > 0
}

// lastWords gives the end of a flag's name in one word: max-size and maxSize are
// maxsize.
func lastWords(name string) string {
	var before, last string
	for w, rest := nextWord(name); w != ""; w, rest = nextWord(rest) {
		before, last = last, w
	}
	last = strings.ToLower(last)
	switch last {
	case "size", "files", "file", "backups", "backup", "count", "limit", "keep":
		return strings.ToLower(before) + last
	}
	return last
}

// countOf reads a number of files.
func countOf(s string) (int64, bool) {
	if s == "" || len(s) > 12 || len(number(s)) != len(s) {
		return 0, false
	}
	n := int64(0)
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n, n > 0
}

// bytesOf reads a size such as 10M, 10MB, 10Mi or 10m; a number alone counts only
// as megabytes, where those are meant.
func bytesOf(s string, megabytes bool) (int64, bool) {
	n, ok := countOf(number(s))
	if !ok || n > 1<<31 {
		return 0, false
	}
	switch strings.ToLower(s[len(number(s)):]) {
	case "k", "kb", "ki", "kib":
		n <<= 10
	case "m", "mb", "mi", "mib":
		n <<= 20
	case "g", "gb", "gi", "gib":
		n <<= 30
	case "":
		if !megabytes {
			return 0, false
		}
		n <<= 20
	default:
		return 0, false
	}
	return n, n > 0
}
