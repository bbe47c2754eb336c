package messenger_test

import (
	"strconv"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/protocol/xmpp"
)

// The buddy list that is kept is not told again, unless what is kept is not what the
// server's word for it belonged to.
func TestServerTellsTheListOnce(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{Users: map[string]string{"alice": "pw", "bob": "pw"}, Friends: [][2]string{{"alice", "bob"}}}, func(t *testing.T, server *testkit.Server) {
		s := scenetest.New(t)
		defer s.Close()
		_, store, vault := profile(t)
		alice := s.Enter("alice", scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Password: "pw", Store: store, Vault: vault, Plugins: noPlugins,
			Answers: map[string]string{"address": "alice@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.DirectTLS), "security": "direct"}})
		bob := im.ConvID{Account: alice.Self, Peer: "bob@" + server.Host}
		listed := func() bool { b, ok := alice.List.Buddy(bob); return ok && b.Subscription == im.SubscriptionBoth }
		version := func() string {
			all, err := store.Accounts()
			if err != nil || len(all) != 1 {
				t.Fatalf("%v, %v", all, err)
			}
			return all[0].Option("list_version")
		}
		// told is whether the server told the list since then.
		told := func(since int) bool {
			for line := range strings.Lines(server.Stanzas()[since:]) {
				if strings.HasPrefix(line, "< ") && strings.Contains(line, "jabber:iq:roster") && strings.Contains(line, bob.Peer) {
					return true
				}
			}
			return false
		}
		again := func(change func()) bool {
			t.Helper()
			alice.M.Quit()
			alice.Until("the end", alice.Stopped)
			alice.Quit()
			change()
			since := len(server.Stanzas())
			alice.Start()
			alice.UntilOnline()
			alice.Until("the list", listed)
			alice.M.SetPresence(im.Presence{Show: im.Away, Status: "fence" + strconv.Itoa(since)})
			server.WaitStanza(t, "< ", "fence"+strconv.Itoa(since)) // it tells us, too: all that it sent before is in the record
			return told(since)
		}
		alice.UntilOnline()
		alice.Until("the list", listed)
		server.WaitStanza(t, "< ", "jabber:iq:roster", bob.Peer)
		if again(func() {
			if version() == "" {
				t.Error("no version is kept")
			}
		}) {
			t.Error("the list came once more")
		}
		if !again(func() {
			if err := store.SaveRoster(alice.Self, []im.Buddy{{Account: alice.Self, Bare: "mallory@x", Subscription: im.SubscriptionBoth}}); err != nil {
				t.Fatal(err)
			}
		}) {
			t.Error("another list was taken for the server's")
		}
		alice.Until("that nobody else is on it", func() bool { return len(alice.List.Buddies(alice.Self)) == 1 })
	})
}
