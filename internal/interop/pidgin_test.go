package interop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// pidgin brings somebody on stage at the real Pidgin, with pidgin-otr.
func (s *stage) pidgin(name string, o testkit.PidginOptions) *testkit.Pidgin {
	s.t.Helper()
	o.User, o.Password = name, "password-of-"+name
	return testkit.StartPidgin(s.t, s.server, o)
}

// A private conversation with Pidgin: its key is made, what is said is read at both
// ends as it was typed, and Pidgin's end and return are noticed.
func TestPidgin(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.pidgin("bob", testkit.PidginOptions{})
	alice := s.culver("alice", "bob")
	said := func(texts ...string) {
		t.Helper()
		s.private(texts...)
		for _, text := range texts {
			alice.says(text)
			bob.Sees(alice.address(), text)
		}
	}
	heard := func(texts ...string) {
		t.Helper()
		s.private(texts...)
		for _, text := range texts {
			bob.Say(alice.address(), text)
			alice.reads(text)
		}
	}

	alice.says(anOpenLine)
	bob.Sees(alice.address(), anOpenLine)
	alice.sees(unverified) // Pidgin took the offer in that line
	bob.SeesStart(alice.address())
	heard("the canary sings", "ünïcödé カナリア 🐤 canary", "5 < 6 && x > y, says the canary", long("a canary at length"))
	said("it sings back, the canary", "a canary's <b>not bold</b> & 7 > 6 \"quoted\"", "é カナリア 🐤 canary back", long("a canary in reply"))
	bob.Quit()
	alice.sees(ended)

	for _, file := range []string{"otr.private_key", "otr.fingerprints"} {
		text, err := os.ReadFile(filepath.Join(bob.Dir, file))
		if err != nil || !strings.Contains(string(text), "prpl-jabber") {
			t.Errorf("%s: %q, %v", file, text, err)
		}
	}
	bob.Start()
	alice.appears()
	bob.Say(alice.address(), "?OTRv23?")
	alice.sees(unverified)
	bob.SeesStart(alice.address())
	heard("the same canary again")
}

// Whoever moves back to Pidgin takes key and fingerprints along: their buddies see
// the key that they verified, and Pidgin knows the ones that were verified here.
func TestMovingToPidgin(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	alice, bob := s.culver("alice", "bob"), s.culver("bob", "alice")
	s.together(alice, bob)
	s.private("a canary shared")
	alice.asks("a canary shared")
	bob.isAsked("")
	bob.answers("a canary shared")
	alice.hasAuthenticated()
	bob.hasAuthenticated()
	both(alice, bob, verified)
	mine := alice.fingerprint()

	dir := t.TempDir()
	alice.Plugin("otr", "configure")
	exports := func(button, form, do, name string) []byte {
		t.Helper()
		alice.Answer("Off-the-Record", button)
		path := filepath.Join(dir, name)
		alice.Answer(form, do, "path="+path)
		alice.Form(form, "close")
		alice.Answer(form, "close")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	files := map[string][]byte{
		"otr.private_key":  exports("exportkey", "xport", "go", "otr.private_key"),
		"otr.fingerprints": exports("exportknown", "xport Fingerprints", "export", "otr.fingerprints"),
	}
	alice.Answer("Off-the-Record", "close")
	alice.Quit()
	bob.sees(ended)

	pidgin := s.pidgin("alice", testkit.PidginOptions{Files: files})
	bob.appears()
	pidgin.Say(bob.address(), "?OTRv23?")
	bob.sees(verified)
	pidgin.SeesStart(bob.address())
	if theirs := bob.fingerprintOfOther(); theirs != mine {
		t.Errorf("Pidgin has the key %s, which was exported as %s", theirs, mine)
	}
	s.private("it is the same canary")
	pidgin.Say(bob.address(), "it is the same canary")
	bob.reads("it is the same canary")
}
