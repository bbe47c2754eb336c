package messenger_test

import (
	"slices"
	"strconv"
	"testing"

	"culver/accounts"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/xmpp"
)

// What the server keeps is chosen in a window, which is there only for a server that lets
// the user choose.
func TestServerHistoryIsChosen(t *testing.T) {
	scene := func(t *testing.T, server *testkit.Server) (*scenetest.Scene, *scenetest.Actor, func(action string) bool) {
		s := scenetest.New(t)
		alice := s.Enter("alice", scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Password: "pw", Plugins: noPlugins,
			Answers: map[string]string{"address": "alice@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.DirectTLS), "security": "direct"}})
		alice.UntilOnline()
		alice.M.ShowAccounts()
		return s, alice, func(action string) bool {
			for _, d := range alice.Dialogs {
				if d.Form.Title == "Accounts" {
					return slices.Contains(d.Form.Tabs[0].Fields[0].Rows[0].Can, action)
				}
			}
			return false
		}
	}
	testkit.OnServers(t, testkit.ServerOptions{Users: map[string]string{"alice": "pw"}}, func(t *testing.T, server *testkit.Server) {
		s, alice, can := scene(t, server)
		defer s.Close()
		alice.Until("the choice", func() bool { return can("keeping") })
		choose := func() {
			d := alice.Form("Accounts", "add")
			alice.M.Answer(d.ID, plugin.Answers{Action: "keeping", Rows: []string{string(alice.Self)}})
		}
		const title = "History on the Server"
		closed := func() {
			t.Helper()
			alice.Until("the window's end", func() bool { return len(alice.Dialogs) == 1 })
		}
		choose()
		if f := alice.Form(title, "save").Form.Tabs[0].Fields[0]; f.Value != "all" {
			t.Errorf("it begins with %q", f.Value)
		}
		alice.Answer(title, "save", "keeping=none")
		closed()
		choose()
		if f := alice.Form(title, "save").Form.Tabs[0].Fields[0]; f.Value != "none" {
			t.Errorf("then it is %q", f.Value)
		}
		alice.Answer(title, "save", "keeping=none") // nothing to do
		closed()
		choose()
		alice.Form(title, "save")
		alice.M.SetAccountEnabled(alice.Self, false)
		alice.Until("being offline", func() bool { return alice.Accounts[alice.Self].Status == accounts.Offline })
		alice.Answer(title, "save", "keeping=all")
		alice.Reads(title, "not connected")
		if can("keeping") {
			t.Error("offline, it can still be chosen")
		}
		alice.Answer(title, "cancel")
		closed()
	})
	t.Run("no archive", func(t *testing.T) {
		s, alice, can := scene(t, testkit.StartProsody(t, testkit.ServerOptions{Users: map[string]string{"alice": "pw"}, NoArchive: true}))
		defer s.Close()
		alice.Until("what it can do", func() bool { return can("picture") })
		if can("keeping") {
			t.Error("there is nothing to choose")
		}
	})
}
