package messenger_test

import (
	"strconv"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/xmpp"
)

// The user says what others can read about them; nothing is told before Save, and nothing
// but what they changed.
func TestServerUserInfo(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{Users: map[string]string{"alice": "pw", "bob": "pw"}, Friends: [][2]string{{"alice", "bob"}}}, func(t *testing.T, server *testkit.Server) {
		s := scenetest.New(t)
		defer s.Close()
		part := func(name string) scenetest.Part {
			return scenetest.Part{Network: xmpp.Network{Roots: server.Pool}, Password: "pw", Plugins: noPlugins,
				Answers: map[string]string{"address": name + "@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.DirectTLS), "security": "direct"}}
		}
		alice, bob := s.Enter("alice", part("alice")), s.Enter("bob", part("bob"))
		s.Script("alice sees bob: Available\nbob sees alice: Available")
		const title = "User Info of alice@"
		open := func() map[string]im.Field {
			t.Helper()
			alice.M.ShowAccounts()
			d := alice.Form("Accounts", "add")
			alice.M.Answer(d.ID, plugin.Answers{Action: "profile", Rows: []string{string(alice.Self)}})
			alice.M.Answer(d.ID, plugin.Answers{Action: "close"})
			fields := map[string]im.Field{}
			for _, f := range alice.Form(title, "save").Form.Tabs[0].Fields {
				fields[f.Label] = f
			}
			return fields
		}
		set := func(fields map[string]im.Field, label, value string) {
			t.Helper()
			alice.Answer(title, "save", fields[label].ID+"="+value)
			alice.Until("the window's end", func() bool { return len(alice.Dialogs) == 0 })
		}
		open()
		alice.Answer(title, "save")
		alice.Until("the window's end", func() bool { return len(alice.Dialogs) == 0 })
		fields := open()
		alice.Answer(title, "cancel", fields["Nickname"].ID+"=canary")
		alice.Until("the window's end", func() bool { return len(alice.Dialogs) == 0 })
		set(open(), "Nickname", "Al of Prosody & ejabberd")
		fields = open()
		if got := fields["Nickname"].Value; got != "Al of Prosody & ejabberd" {
			t.Errorf("the nickname is %q", got)
		}
		set(fields, "Full name", "Alice")
		bob.M.ShowInfo(with(bob, alice))
		bob.Reads("", "Al of Prosody")
		bob.Reads("", "Alice")
		if seen := server.Stanzas(); strings.Contains(seen, "canary") {
			t.Error("what was given up was told")
		}
		alice.M.ShowAccounts()
		d := alice.Form("Accounts", "add")
		alice.M.Answer(d.ID, plugin.Answers{Action: "profile", Rows: []string{string(alice.Self)}})
		alice.Form(title, "save")
		alice.M.SetAccountEnabled(alice.Self, false)
		alice.Until("being offline", func() bool { return !strings.Contains(alice.Accounts[alice.Self].Status.String(), "Online") })
		alice.Answer(title, "save", fields["Full name"].ID+"=x")
		alice.Reads(title, "not connected")
	})
}
