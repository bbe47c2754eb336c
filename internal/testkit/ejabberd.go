package testkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// StartEjabberd starts ejabberd and waits until it answers, which takes about three
// seconds: tests that need no options of their own share one, see [Shared].
//
// It runs as the user of the test, root or not, in a folder of its own. Erlang's
// virtual machine is run directly: ejabberd's own script changes the user, and
// starts a port mapper that outlives the test.
func StartEjabberd(t testing.TB, o ServerOptions) *Server {
	t.Helper()
	return startServer(t, NameEjabberd, o)
}

// ejabberd keeps its accounts in a database, and is asked to change it over HTTP.
type ejabberd struct {
	libs string // the folder of its libraries, "" where Erlang finds them by itself
	node int    // the port that stands for the name of this Erlang among others
}

func findEjabberd() (kind, error) {
	if _, err := exec.LookPath("erl"); err == nil {
		for _, libs := range []string{"/usr/lib/*", "/usr/lib*/erlang/lib", "/usr/lib"} {
			apps, err := filepath.Glob(libs + "/ejabberd-*/ebin/ejabberd.app")
			if err != nil {
				return nil, err
			}
			if len(apps) > 0 {
				return &ejabberd{libs: filepath.Dir(filepath.Dir(filepath.Dir(apps[0])))}, nil
			}
		}
	}
	return nil, errors.New("ejabberd is not installed: run `make deps`")
}

func (e *ejabberd) prepare(s *Server) error {
	var err error
	if e.node, err = s.claim(); err != nil {
		return err
	}
	var both bytes.Buffer // ejabberd wants the key and the certificate in one file
	for _, file := range []string{s.KeyFile, s.CAFile} {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		both.Write(data)
	}
	for name, text := range map[string]string{
		"server.pem":      both.String(),
		"ejabberd.yml":    ejabberdConfig(s),
		"mod_testkit.erl": ejabberdModule(s.recording()),
		"inetrc":          "{lookup,[\"file\",\"native\"]}.\n{host,{127,0,0,1},[\"localhost\"]}.\n",
	} {
		if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (e *ejabberd) command(s *Server) *exec.Cmd {
	quoted := func(name string) string { return strconv.Quote(s.path(name)) }
	node := strconv.Itoa(e.node)
	cmd := exec.Command("erl", "-sname", "ej"+node+"@localhost", "-noshell", "-noinput",
		"+K", "true", "+S", "2", "+A", "1", "-setcookie", "t"+node,
		"-kernel", "inet_dist_use_interface", "{127,0,0,1}", "-start_epmd", "false", "-erl_epmd_port", node,
		"-kernel", "inetrc", quoted("inetrc"), "-mnesia", "dir", quoted("mnesia"), "-pa", s.dir,
		"-eval", fmt.Sprintf("{ok,_}=compile:file(%s,[{outdir,%s}]).", quoted("mod_testkit"), strconv.Quote(s.dir)),
		"-s", "ejabberd")
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "HOME="+s.dir, "EJABBERD_CONFIG_PATH="+s.path("ejabberd.yml"),
		"EJABBERD_LOG_PATH="+s.logFile(), "ERL_CRASH_DUMP="+s.path("erl.dump"), "ERL_EPMD_ADDRESS=127.0.0.1")
	if e.libs != "" {
		cmd.Env = append(cmd.Env, "ERL_LIBS="+e.libs)
	}
	return cmd
}

func (e *ejabberd) addUser(s *Server, name, password string) error {
	if err := s.call("/api/register", map[string]string{"user": name, "host": s.Host, "password": password}); err != nil {
		return err
	}
	return s.call("/sync", nil)
}

func (e *ejabberd) befriend(s *Server, a string, others ...string) error {
	for _, b := range others {
		for _, pair := range [][2]string{{a, b}, {b, a}} {
			if err := s.call("/api/add_rosteritem", map[string]string{
				"localuser": pair[0], "localhost": s.Host, "user": pair[1], "host": s.Host,
				"nick": "", "group": "", "subs": "both",
			}); err != nil {
				return err
			}
		}
	}
	return s.call("/sync", nil)
}

// call posts to ejabberd.
func (s *Server) call(path string, arguments any) error {
	body, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	url := "http://" + net.JoinHostPort(s.Address, strconv.Itoa(s.HTTP)) + path
	answer, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 4096))
	if err != nil {
		return err
	}
	// A command says 0 when it did what it was told, or a text.
	if answer.StatusCode != http.StatusOK || string(said) == "1" {
		return fmt.Errorf("%s: %s: %s", path, answer.Status, said)
	}
	return nil
}

// seconds is a time as configurations have it.
func seconds(d time.Duration) int { return int(d / time.Second) }
