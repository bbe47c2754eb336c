package messenger_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"culver/accounts"
	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/protocol/xmpp"
)

// A connection that breaks again and again, on real servers: a private conversation
// begins and goes on as if nothing had been.
func TestAPrivateConversationOverABrokenConnection(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{}, func(t *testing.T, server *testkit.Server) {
		cutter := testkit.StartCutter(t, server.Address, server.DirectTLS)
		one, other := server.FreshFriends(t, "alice", "bob")
		s := scenetest.New(t)
		defer s.Close()
		part := func(u testkit.User, port int) scenetest.Part {
			return scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Password: u.Password,
				Answers: map[string]string{"address": u.Bare, "server": server.Address, "port": strconv.Itoa(port), "security": "direct"}}
		}
		alice, bob := s.Enter("alice", part(one, cutter.Port)), s.Enter("bob", part(other, server.DirectTLS))
		s.Script("alice sees bob: Available\n bob sees alice: Available\n alice to bob: hello\n bob from alice: hello")
		cut := func() {
			cutter.Reset()
			alice.Until("the loss", func() bool { return alice.Accounts[alice.Self].Status != accounts.Online })
		}
		cut()                    // in the middle of the key exchange, or after it
		alice.M.NetworkChanged() // it need not wait
		alice.UntilOnline()
		s.Script("alice with bob: Unverified\n bob with alice: Unverified")
		var toBob, toAlice []string
		for round := range 4 {
			for i := range 4 {
				toBob = append(toBob, fmt.Sprintf("to bob %d", round*4+i))
				toAlice = append(toAlice, fmt.Sprintf("to alice %d", round*4+i))
				alice.M.Send(with(alice, bob), toBob[round*4+i], im.Private)
				bob.M.Send(with(bob, alice), toAlice[round*4+i], im.Private)
				if i == 1 {
					cutter.Reset()
				}
			}
			untilTaken(alice, with(alice, bob))
			untilTaken(bob, with(bob, alice))
			alice.Expect(with(alice, bob), toAlice[len(toAlice)-1])
			bob.Expect(with(bob, alice), toBob[len(toBob)-1])
		}
		read := func(reader *scenetest.Actor, c im.ConvID) (lines []string) {
			for _, line := range said(reader, c) {
				if text, private := strings.CutSuffix(line, " (Unverified)"); private {
					lines = append(lines, text)
				}
			}
			return lines
		}
		if got := read(bob, with(bob, alice)); !slices.Equal(got, toBob) {
			t.Errorf("bob reads %q", got)
		}
		if got := read(alice, with(alice, bob)); !slices.Equal(got, toAlice) {
			t.Errorf("alice reads %q", got)
		}
		for _, a := range []*scenetest.Actor{alice, bob} {
			if len(a.Trouble) > 0 {
				t.Errorf("%s: %q", a.Name, a.Trouble)
			}
		}
		if seen := server.Stanzas(); strings.Contains(seen, "to bob ") || strings.Contains(seen, "to alice ") {
			t.Error("the server saw a private line")
		}
	})
}

// untilTaken waits until the server has all that was said, and sends again what failed: a
// session may end with its connection. Prosody 0.12 reads eight kilobytes at a time; if
// the connection breaks while it is at the first part of a stanza, it takes the beginning
// of the next connection for the other part.
func untilTaken(a *scenetest.Actor, c im.ConvID) {
	a.Until("the server's taking of all", func() bool {
		all := true
		for _, m := range a.Chats[c].Lines.Lines(0) {
			switch {
			case !m.Out || m.State.Taken():
				continue
			case m.State == im.Failed && a.Accounts[c.Account].Status == accounts.Online:
				a.M.Retry(c, m.ID)
			}
			all = false
		}
		return all
	})
}
