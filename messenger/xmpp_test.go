package messenger_test

import (
	"strconv"
	"strings"
	"testing"

	"culver/accounts"
	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/xmpp"
	"culver/storage"
)

// profile is a real one, locked by a passphrase, in a folder of the test.
func profile(t *testing.T) (dir string, store scenetest.Store, vault *storage.Vault) {
	dir = t.TempDir()
	p, err := storage.OpenProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := p.CreateVault([]byte("correct horse battery"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := p.OpenDB(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(); v.Close(); p.Close() })
	return dir, scenetest.StoreOf(db, func(id string) plugin.Store { return db.Space(id) }), v
}

// Two Culvers with real profiles meet over a real Prosody, which records every
// stanza that it sees.
func TestTwoCulversOverProsody(t *testing.T) {
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users: map[string]string{"alice": "alice-pass-canary", "bob": "bob-pass-canary"}})
	s := scenetest.New(t)
	defer s.Close()
	part := func(name string) (scenetest.Part, string, *storage.Vault) {
		dir, store, vault := profile(t)
		return scenetest.Part{
			Network:  xmpp.Network{Roots: server.Pool},
			Answers:  map[string]string{"address": name + "@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.C2S)},
			Password: name + "-pass-canary", Store: store, Vault: vault,
		}, dir, vault
	}
	alicePart, aliceDir, aliceVault := part("alice")
	bobPart, bobDir, _ := part("bob")
	alice, bob := s.Enter("alice", alicePart), s.Enter("bob", bobPart)
	alice.UntilOnline()
	bob.UntilOnline()
	s.Script(friends + `
		alice to bob: an open canary
		bob from alice: an open canary
		bob with alice: Not private

		alice menu bob: Start private conversation
		alice with bob: Unverified
		bob with alice: Unverified
		alice to bob: first private canary <&> ünïcödé
		bob from alice: first private canary <&> ünïcödé
		bob to alice: second private canary
		alice from bob: second private canary

		alice menu bob: Authenticate buddy
		alice form: Authenticate | authenticate | method=secret | secret=right-secret-canary
		bob form: Authentication from | authenticate | secret=wrong-secret-canary
		alice form: Authenticat | close
		bob form: Authenticat | close
		alice with bob: Unverified
		bob with alice: Unverified

		alice menu bob: Authenticate buddy
		alice form: Authenticate | authenticate | method=secret | secret=right-secret-canary
		bob form: Authentication from | authenticate | secret=right-secret-canary
		alice with bob: Private
		bob with alice: Private
		alice form: Authenticat | close
		bob form: Authenticat | close

		bob menu alice: Reauthenticate buddy
		bob form: Authenticate | authenticate | method=question | question=Where did we meet? | answer=answer-canary
		alice reads: Authentication from | Where did we meet?
		alice form: Authentication from | authenticate | answer=answer-canary
		bob form: Authenticat | close
		alice form: Authenticat | close

		bob to alice: third private canary
		alice from bob: third private canary
		bob menu alice: End private conversation
		bob with alice: Not private
		alice with bob: Finished
	`)
	alice.M.Send(with(alice, bob), "fourth private canary", im.Open)
	alice.ExpectState(with(alice, bob), im.Failed)

	fingerprintKey, err := aliceVault.Get(t.Context(), "plugin/otr/key/"+string(alice.Self))
	if err != nil || len(fingerprintKey) == 0 {
		t.Fatalf("alice's private key is not in the vault: %v", err)
	}
	s.Script("alice leaves:\n bob sees alice: Offline\n bob leaves:")
	alice.Until("being offline", func() bool { return alice.Accounts[alice.Self].Status == accounts.Offline })
	bob.Until("being offline", func() bool { return bob.Accounts[bob.Self].Status == accounts.Offline })

	seen := server.Stanzas()
	if !strings.Contains(seen, "an open canary") {
		t.Error("the record does not even hold the open line: it cannot be trusted")
	}
	if !strings.Contains(seen, "?OTR:") {
		t.Error("no encrypted message was recorded")
	}
	for line := range strings.Lines(seen) {
		if strings.HasPrefix(line, ">") && strings.Contains(line, "<body>?OTR") {
			hints := []string{"no-copy", "no-permanent-store", "urn:xmpp:carbons:2"}
			if strings.Contains(line, "<body>?OTR:") {
				hints = append(hints, "urn:xmpp:eme:0")
			}
			for _, hint := range hints {
				if !strings.Contains(line, hint) {
					t.Errorf("without %s: %s", hint, line)
				}
			}
		}
	}
	private := []string{"private canary", "secret-canary", "answer-canary", "ünïcödé"}
	for _, canary := range append(private, "pass-canary") {
		if strings.Contains(seen, canary) {
			t.Errorf("the server saw %q", canary)
		}
	}
	for _, a := range []*scenetest.Actor{alice, bob} {
		if len(a.Trouble) > 0 {
			t.Errorf("%s: %q", a.Name, a.Trouble)
		}
		a.Quit()
	}
	canaries := append(private, "pass-canary", "an open canary", "correct horse battery", string(fingerprintKey))
	for _, dir := range []string{aliceDir, bobDir} {
		testkit.NoTrace(t, dir, canaries...)
	}
}

// The server dies while a key exchange is under way: what was typed is still there,
// leaves sealed when the server is back, and never in the clear.
func TestTheServerVanishesMidway(t *testing.T) {
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users: map[string]string{"alice": "pw", "bob": "pw"}, Friends: [][2]string{{"alice", "bob"}}})
	s := scenetest.New(t)
	defer s.Close()
	part := func(name string) scenetest.Part {
		return scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Password: "pw",
			Answers: map[string]string{"address": name + "@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.DirectTLS), "security": "direct"}}
	}
	alice, bob := s.Enter("alice", part("alice")), s.Enter("bob", part("bob"))
	s.Script(`
		alice sees bob: Available
		bob sees alice: Available
		alice switches on: require
		alice to bob: typed while it was up
	`)
	server.Kill()
	alice.Until("the loss", func() bool { return alice.Accounts[alice.Self].Status == accounts.Waiting })
	if text := alice.Accounts[alice.Self].Problem.Text; text == "" {
		t.Error("the loss is not explained")
	}
	alice.M.Send(with(alice, bob), "typed while it was down", im.Open)
	alice.ExpectState(with(alice, bob), im.Waiting)
	server.Start(t)
	alice.M.Reconnect(alice.Self)
	bob.M.Reconnect(bob.Self)
	s.Script("alice sees bob: Available\n bob sees alice: Available")
	// Whether it was faster than the kill, or has begun again by itself, is left open.
	alice.Choose(with(alice, bob), "Start private conversation", "Refresh private conversation")
	s.Script(`
		bob from alice: typed while it was up
		bob from alice: typed while it was down
	`)
	if seen := server.Stanzas(); strings.Contains(seen, "typed while") {
		t.Error("a line that had to be private was seen by the server")
	}
}

// The server dies under a private conversation, and comes back: it goes on by
// itself, in order, with what both typed meanwhile; and for somebody whose program
// was started anew meanwhile, it begins again by itself.
func TestAPrivateConversationOutlivesTheServer(t *testing.T) {
	server := testkit.StartProsody(t, testkit.ProsodyOptions{
		Users: map[string]string{"alice": "pw", "bob": "pw"}, Friends: [][2]string{{"alice", "bob"}}})
	s := scenetest.New(t)
	defer s.Close()
	part := func(name string) scenetest.Part {
		return scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Password: "pw",
			Answers: map[string]string{"address": name + "@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.DirectTLS), "security": "direct"}}
	}
	alice, bob := s.Enter("alice", part("alice")), s.Enter("bob", part("bob"))
	s.Script(`
		alice sees bob: Available
		bob sees alice: Available
		alice to bob: hello
		bob from alice: hello
		# by itself:
		alice with bob: Unverified
		bob with alice: Unverified
		alice to bob: canary before
		bob from alice: canary before
	`)
	alice.ExpectState(with(alice, bob), im.Done)
	waiting := func(a *scenetest.Actor) {
		a.Until("the loss", func() bool { return a.Accounts[a.Self].Status == accounts.Waiting })
	}
	down := func() {
		server.Kill()
		waiting(alice)
		waiting(bob)
	}
	up := func() {
		server.Start(t)
		alice.M.Reconnect(alice.Self)
		bob.M.Reconnect(bob.Self)
	}
	down()
	s.Script("alice to bob: canary one\n alice to bob: canary two\n bob to alice: canary three")
	alice.ExpectState(with(alice, bob), im.Waiting)
	up()
	s.Script("bob from alice: canary one\n bob from alice: canary two\n alice from bob: canary three")

	down()
	s.Script("alice to bob: canary four")
	alice.ExpectState(with(alice, bob), im.Waiting)
	bob.Quit() // nobody can be told
	server.Start(t)
	bob.Start()
	bob.UntilOnline()
	alice.M.Reconnect(alice.Self)
	s.Script(`
		alice sees bob: Available
		bob from alice: canary four
		bob with alice: Unverified
		alice to bob: canary five
		bob from alice: canary five
		bob to alice: canary six
		alice from bob: canary six
	`)
	all := strings.Join(said(bob, with(bob, alice)), "\n")
	for _, text := range []string{"canary four", "canary five"} {
		if strings.Count(all, text) != 1 {
			t.Errorf("bob reads %q", all)
		}
	}
	if strings.Contains(server.Stanzas(), "canary") {
		t.Error("the server saw a private line")
	}
}
