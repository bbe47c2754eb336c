package testkit

import (
	"fmt"
	"strings"
	"testing"
)

// An archive that is to be kept has all lines after a restart, and nothing is wrong with
// the configuration.
func TestProsodyKeepsItsArchive(t *testing.T) {
	s := StartProsody(t, ServerOptions{Users: map[string]string{"alice": "secret"}, KeepArchive: true})
	const lines = 1100 // more than fit into one in memory
	alice := enter(t, s, "alice", "secret")
	for n := range lines {
		alice.step(fmt.Sprintf("<message to='bob@localhost' type='chat' id='line%d'><body>kept</body></message>", n), "")
	}
	alice.say("<presence/>")
	s.Restart(t)
	page := func(end string) string {
		return enter(t, s, "alice", "secret").ask("set", "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>1</max>"+end+"</set></query>")
	}
	for end, want := range map[string]string{"": "line0", "<before/>": fmt.Sprintf("line%d", lines-1)} {
		if got := page(end); !strings.Contains(got, "id='"+want+"'") {
			t.Errorf("no %s in %s", want, got)
		}
	}
	for line := range strings.Lines(s.Log()) {
		if _, level, _ := strings.Cut(line, "\t"); (strings.HasPrefix(level, "warn") || strings.HasPrefix(level, "error")) && !strings.HasSuffix(line, "Received SIGTERM\n") {
			t.Errorf("it is not content: %s", line)
		}
	}
}

// A server that does not start says why.
func TestProsodyThatDoesNotStart(t *testing.T) {
	for config, why := range map[string]string{
		`error("this is why")`: "this is why",
		`package.preload["dbd.sqlite3"] = function() error("there is none") end`: "LuaDBI for SQLite 3 is not installed: run `make deps`",
	} {
		s, err := NewServer(NameProsody, t.TempDir(), ServerOptions{KeepArchive: true, Config: config})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", config, err, why)
		}
	}
}
