package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"text/template"
)

// configSync asks the API server for what k8s-sidecar asks it for.
func configSync(arguments) (program, error) {
	kinds := []string{os.Getenv("RESOURCE") + "s"}
	if kinds[0] == "boths" {
		kinds = []string{"configmaps", "secrets"}
	}
	return program{
		writes:  []string{os.Getenv("FOLDER"), "/tmp"},
		listens: map[string][]string{":" + os.Getenv("HEALTH_PORT"): {"/healthz"}},
		work: func() error {
			for _, kind := range kinds {
				if err := list(kind, os.Getenv("LABEL")); err != nil {
					return err
				}
			}
			return nil
		},
	}, nil
}

func list(kind, label string) error {
	const account = "/var/run/secrets/kubernetes.io/serviceaccount/"
	var part [3][]byte
	for i, name := range []string{"token", "ca.crt", "namespace"} {
		var err error
		if part[i], err = os.ReadFile(account + name); err != nil {
			return err
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(part[1])
	url := fmt.Sprintf("https://kubernetes.default.svc/api/v1/namespaces/%s/%s?labelSelector=%s", part[2], kind, label)
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+string(part[0]))
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, answer.Status)
	}
	return nil
}

// vault writes the files of its templates, with nothing but their template in them.
func vault(a arguments) (program, error) {
	var c struct {
		AutoAuth struct {
			Method struct {
				Config struct {
					TokenPath string `json:"token_path"`
				}
			}
		} `json:"auto_auth"`
		ExitAfterAuth bool `json:"exit_after_auth"`
		Template      []struct{ Contents, Destination, Perms string }
	}
	raw, err := os.ReadFile(a.flag("config"))
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	return program{
		reads: []string{c.AutoAuth.Method.Config.TokenPath},
		ends:  c.ExitAfterAuth,
		work: func() error {
			for _, t := range c.Template {
				mode, err := strconv.ParseUint(t.Perms, 8, 32)
				if err = errors.Join(err, os.WriteFile(t.Destination, []byte(t.Contents), os.FileMode(mode))); err != nil {
					return err
				}
			}
			return nil
		},
	}, err
}

func spiffeHelper(a arguments) (program, error) {
	c, err := read(a.flag("config"))
	if err != nil {
		return program{}, err
	}
	dir, err := c.one(`^cert_dir = "(\S+)"`)
	port, err2 := c.one(`^ +bind_port = (\d+)`)
	p := program{
		reads:   folders(c.all(`^agent_address = "(\S+)"`)),
		writes:  []string{dir},
		makes:   map[string][]byte{},
		listens: map[string][]string{":" + port: c.all(`^ +(?:liveness|readiness)_path = "(\S+)"`)},
	}
	for _, name := range c.all(`^svid\S*_file_name = "(\S+)"`) {
		p.makes[filepath.Join(dir, name)] = []byte("no certificate\n")
	}
	return p, errors.Join(err, err2)
}

// gomplate renders the one file with Go's templates, which have what the tests' pods use.
func gomplate(a arguments) (program, error) {
	v, err := a.needs("file", "out", "chmod")
	if err != nil {
		return program{}, err
	}
	return program{reads: v[:1], ends: true, work: func() error {
		mode, err := strconv.ParseUint(v[2], 8, 32)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(v[0])
		if err != nil {
			return err
		}
		t, err := template.New("").Delims(a.flag("left-delim"), a.flag("right-delim")).Option("missingkey=error").Parse(string(raw))
		if err != nil {
			return err
		}
		out, err := os.OpenFile(v[1], os.O_CREATE|os.O_WRONLY|os.O_TRUNC, os.FileMode(mode))
		if err != nil {
			return err
		}
		return errors.Join(t.Execute(out, map[string]any{"Env": environment()}), out.Close())
	}}, nil
}

func environment() map[string]string {
	out := map[string]string{}
	for _, e := range os.Environ() {
		for i := range e {
			if e[i] == '=' {
				out[e[:i]] = e[i+1:]
				break
			}
		}
	}
	return out
}

// flyway and liquibase find their migrations and what they log in with, and no database.
func flyway(a arguments) (program, error) {
	if os.Getenv("FLYWAY_URL") == "" || os.Getenv("FLYWAY_USER") == "" || os.Getenv("FLYWAY_PASSWORD") == "" {
		return program{}, errors.New("no login")
	}
	return program{reads: []string{"/flyway/sql"}, writes: []string{"/tmp", os.Getenv("HOME")}, ends: true}, nil
}

func liquibase(a arguments) (program, error) {
	v, err := a.needs("changelog-file")
	if err != nil {
		return program{}, err
	}
	changelog := filepath.Join(os.Getenv("LIQUIBASE_SEARCH_PATH"), v[0])
	return program{reads: []string{changelog, "/liquibase/lib"}, writes: []string{"/tmp", os.Getenv("HOME")}, ends: true}, nil
}
