package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
)

var secretRules = []Rule{
	{ID: "secret-literal", Level: Warning,
		Title: "a password or token is written into the pod",
		Why:   "whoever may read the pod, or the repository that it is in, has it, and a change needs a rollout; this goes by names that end in password, token and the like, and by passwords in URLs",
		Fix:   "keep it in a Secret: valueFrom.secretKeyRef, or a file of a mounted Secret",
		Bad:   `containers: [{name: web, env: [{name: DB_PASSWORD, value: hunter2}]}]`,
		Good:  `containers: [{name: web, env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]}]`,
		pod:   secretLiteral},
}

// secretLiteral doesn't repeat the secret: a finding is printed and logged.
func secretLiteral(x *index, r *Rule) {
	for _, c := range x.containers {
		for i := range c.Env {
			e := &c.Env[i]
			switch {
			case e.Value == "":
			case secretValue(secretWord(e.Name), e.Value) && !placeholder(e.Name, e.Value):
				x.report(r, c, ".env"+at(i)+".value", writtenOut(e.Name))
			case credentials(e.Value):
				x.report(r, c, ".env"+at(i)+".value", invalid(nil, "the value of "+e.Name+" has a password in a URL, written out", ""))
			}
		}
		x.secretFlags(r, c, ".command", c.Command)
		x.secretFlags(r, c, ".args", c.Args)
	}
}

// secretFlags looks at --api-token=VALUE, at --token VALUE and at URLs.
func (x *index) secretFlags(r *Rule, c site, list string, args []string) {
	flag := ""
	for i, arg := range args {
		before := flag
		flag = ""
		if credentials(arg) {
			x.report(r, c, list+at(i), invalid(nil, "has a password in a URL, written out", ""))
			continue
		}
		name, value, both := strings.Cut(arg, "=")
		switch word := secretWord(name); {
		case strings.ContainsAny(name, " \t\n"): // a script
		case word != "" && name[0] == '-' && !strings.HasPrefix(name, "--no-"):
			if both && secretValue(word, value) && !placeholder(name, value) {
				x.report(r, c, list+at(i), writtenOut(name))
			} else if !both && len(strings.TrimLeft(name, "-")) == len(word) {
				flag = name
			}
		case before != "" && !strings.HasPrefix(arg, "-") && secretValue(secretWord(before), arg) && !placeholder(before, arg):
			x.report(r, c, list+at(i), writtenOut(before))
		}
	}
}

func writtenOut(name string) Finding {
	return invalid(nil, "the value of "+name+" is a secret, written out", "")
}

// secretWords are how the names of secrets end. DB_PASSWORD_FILE and TOKEN_TTL are
// none.
var secretWords = [...]string{
	"api_key", "apikey", "auth_key", "client_secret", "cookie_secret", "encryption_key", "jwt_secret", "pass", "passphrase",
	"passwd", "password", "private_key", "pwd", "secret_access_key", "secret_key", "session_secret", "signing_key", "token",
	"secret",
}

// secretWord gives the word that makes name that of a secret; "" is none.
func secretWord(name string) string {
	for _, s := range secretWords {
		n := len(name) - len(s)
		if n < 0 || !likeName(name[n:], s) {
			continue
		}
		if n == 0 && (s == "pwd" || s == "pass") {
			return "" // PWD is the folder
		}
		if n == 0 || s == "password" || strings.IndexByte("_-.", name[n-1]) >= 0 {
			return s
		}
	}
	return ""
}

// likeName says whether a is b in whatever case, with - or . for _.
func likeName(a, b string) bool {
	for i := range len(b) {
		c := a[i]
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == '-' || c == '.':
			c = '_'
		}
		if c != b[i] {
			return false
		}
	}
	return true
}

// secretValue says whether the value of what ends in word is itself the secret: not
// a reference, a path, a switch, a number or what says that there is none.
func secretValue(word, v string) bool {
	if word == "" || v == "" || strings.ContainsAny(v, "<>{}") || strings.Contains(v, "$") || strings.Contains(v, "***") {
		return false
	}
	if strings.Contains(v, "://") || strings.HasPrefix(v, "@") || reference(v) || filePath(v) || number(v) == v {
		return false
	}
	if (word == "secret" || word == "token" || word == "secret_key" && strings.Contains(v, "-")) && likeObject(v) {
		return false // TLS_SECRET=web-tls names a Secret, CLUSTER_TOKEN=etcd-1 a cluster, STORE_SECRET_KEY=store-key a key of a Secret
	}
	switch strings.ToLower(v) {
	case "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "required", "optional", "auto", "null", "nil", "n/a", "-",
		"none", "unused", "unset", "not-used", "not_used", "notused", "not-needed", "ignored", "dummy", "anonymous", "noop", "no-key":
		return false
	}
	return true
}

// placeholder says whether somebody or something is to put the secret in place of v:
// SECRET, the name of the variable itself, YOUR_API_KEY.
func placeholder(name, v string) bool {
	for _, start := range [...]string{"your_", "change_me"} {
		if len(v) >= len(start) && likeName(v[:len(start)], start) {
			return true
		}
	}
	return v == strings.ToUpper(v) && (v == name || strings.HasSuffix(v, "_VAL") || len(v) <= len(name) && likeName(name[len(name)-len(v):], strings.ToLower(v)) && secretWord(v) != "")
}

// reference says whether v is what tools put the secret in place of.
func reference(v string) bool {
	for _, scheme := range [...]string{"vault:", "ref+", "op:", "arn:", "secret:", "secretref:", "sm:", "ssm:", "env:", "file:", "gcp:", "projects/", "valueFrom"} {
		if strings.HasPrefix(v, scheme) {
			return true
		}
	}
	return false
}

// likeObject says whether v looks like the name of an object: words, few digits.
func likeObject(v string) bool {
	digits := 0
	for i := range len(v) {
		if digit(v[i]) {
			digits++
		}
	}
	return names.IsSubdomain(v) && digits*4 < len(v)
}

// filePath says whether v names a file. A token in base64 has slashes too.
func filePath(v string) bool {
	if strings.HasPrefix(v, "/") || strings.HasPrefix(v, "./") || strings.HasPrefix(v, "../") || strings.HasPrefix(v, "~") || strings.Contains(v, `:\`) {
		return true
	}
	if strings.Contains(v, "/") && strings.ToLower(v) == v {
		return true
	}
	for _, end := range [...]string{".conf", ".crt", ".env", ".json", ".jwt", ".key", ".pem", ".token", ".txt", ".yaml", ".yml"} {
		if strings.HasSuffix(v, end) {
			return true
		}
	}
	return false
}

// credentials says whether text has a URL with a password: scheme://user:password@host.
func credentials(text string) bool {
	for {
		i := strings.Index(text, "://")
		if i < 0 {
			return false
		}
		scheme := i > 0 && isAlnum(text[i-1])
		text = text[i+len("://"):]
		authority := text
		if end := strings.IndexAny(text, "/?# \t\n\"'`,;"); end >= 0 {
			authority = text[:end]
		}
		at := strings.LastIndexByte(authority, '@') // of an image, its digest follows
		if !scheme || at < 0 || strings.HasPrefix(authority[at:], "@sha256") {
			continue
		}
		_, password, found := strings.Cut(authority[:at], ":")
		if found && password != "" && !strings.ContainsAny(password, "$<>{}(*") && strings.Trim(password, "xX.") != "" {
			return true
		}
	}
}
