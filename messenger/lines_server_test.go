package messenger_test

import (
	"strconv"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol/xmpp"
)

// Two messengers on real servers: lines arrive and say so, are corrected in the open and
// in private, and who is not to know that they arrive does not learn it.
func TestServerLinesAfterTheyWereSent(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{
		Users: map[string]string{"alice": "pw", "bob": "pw"}, Friends: [][2]string{{"alice", "bob"}},
	}, func(t *testing.T, server *testkit.Server) {
		s := scenetest.New(t)
		defer s.Close()
		part := func(name string) scenetest.Part {
			return scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Password: "pw",
				Answers: map[string]string{"address": name + "@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.DirectTLS), "security": "direct"}}
		}
		alice, bob := s.Enter("alice", part("alice")), s.Enter("bob", part("bob"))
		to, from := with(alice, bob), with(bob, alice)
		s.Script(`
			alice switches off: automatic
			bob switches off: automatic
			alice sees bob: Available
			bob sees alice: Available
			alice to bob: frist
			bob from alice: frist
		`)
		line := alice.ExpectState(to, im.Delivered)
		alice.M.Correct(to, line.ID, "first", im.Open)
		reads(t, bob, from, "first (edited)")
		alice.ExpectState(to, im.Delivered)
		s.Script(`
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: canary
			bob from alice: canary
		`)
		alice.ExpectState(to, im.Delivered)
		alice.M.Correct(to, line.ID, "canary right", im.Private) // the open line
		bob.Until("the correction", func() bool { return strings.Contains(strings.Join(read(bob, from), "\n"), "canary right (edited)") })
		bob.M.SetTelling(from, messenger.TellReceipts, false)
		s.Script(`
			alice to bob: canary unconfirmed
			bob from alice: canary unconfirmed
			bob to alice: canary after that
			alice from bob: canary after that
		`)
		alice.Until("the server's word", func() bool { return own(t, alice, to, "canary unconfirmed").State.Taken() })
		if m := own(t, alice, to, "canary unconfirmed"); m.State != im.Done {
			t.Errorf("it is %v", m.State)
		}
		if strings.Contains(server.Stanzas(), "canary") {
			t.Error("the server saw a private line")
		}
	})
}
