package check

// textSite is a text of a container in which anything may be said.
type textSite struct {
	list  string // .command, .args or .env
	index int
	text  string
}

// texts are the words of the command and the arguments of a container, and the
// values of its variables.
func (c site) texts(yield func(textSite) bool) {
	for i, text := range c.Command {
		if !yield(textSite{".command", i, text}) {
			return
		}
	}
	for i, text := range c.Args {
		if !yield(textSite{".args", i, text}) {
			return
		}
	}
	for i := range c.Env {
		if text := c.Env[i].Value; text != "" && !yield(textSite{".env", i, text}) {
			return
		}
	}
}

// inEnv says whether the text is the value of a variable.
func (t textSite) inEnv() bool { return t.list == ".env" }

// field gives where the text stands, such as .env[2].value.
func (t textSite) field() string {
	if t.inEnv() {
		return t.list + at(t.index) + ".value"
	}
	return t.list + at(t.index)
}
