package interop

import (
	"crypto/rand"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"culver/foreign"
	"culver/im"
	"culver/internal/testkit"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/xmpp"
)

// Whoever moves from the real Pidgin brings account, password, buddies, logs, key and
// fingerprints along: their buddies see the same key as before.
func TestMovingFromPidgin(t *testing.T) {
	t.Parallel()
	for name, plain := range map[string]bool{"logs in HTML": false, "logs as text": true} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			pidgin := s.pidgin("bob", testkit.PidginOptions{Alias: "Bobby Tables", PlainLogs: plain})
			alice := s.culver("alice", "bob")
			alice.Switch("automatic", false) // what is said in clear is to be in Pidgin's logs
			const answer = "an answer & a <smile> that anybody may read: here it is"
			alice.says(anOpenLine)
			pidgin.Sees(alice.address(), anOpenLine)
			pidgin.Say(alice.address(), answer)
			alice.reads(answer)
			alice.starts()
			alice.sees(unverified)
			before := alice.fingerprintOfOther()
			pidgin.SeesStart(alice.address())
			s.private("a canary moves house")
			alice.says("a canary moves house")
			pidgin.Sees(alice.address(), "a canary moves house")
			pidgin.Quit()
			alice.sees(ended)
			alice.ends()

			_, store, vault := profile(t)
			a := scenetest.Join(t, "bob", messenger.New(messenger.Config{
				Store: store, Spaces: store.Spaces, Vault: vault, NoFirstRun: true,
				Networks: []protocol.Protocol{xmpp.Network{Roots: s.server.Pool}},
				Plugins:  []plugin.Plugin{otrplugin.New(rand.Reader)},
				Foreign:  foreign.Places{Home: filepath.Dir(pidgin.Dir)},
			}))
			defer a.Quit()
			a.Self = im.NewAccountID("xmpp", pidgin.Name)
			bob := &culver{Actor: a, t: t, conv: im.ConvID{Account: a.Self, Peer: alice.address()}}
			for range 2 { // the second time, it is all here
				a.M.ShowImport()
				a.Answer("Import From Another Program", "next")
				a.Answer("Import from Pidgin", "take")
				a.Form("Import from Pidgin", "close")
				a.Answer("Import from Pidgin", "close")
				a.Until("that it is closed", func() bool { return len(a.Dialogs) == 0 })
			}
			lines, err := store.Older(bob.conv, "", 100)
			if err != nil {
				t.Fatal(err)
			}
			said := func(out bool, text string) bool {
				return len(slices.DeleteFunc(slices.Clone(lines), func(m im.Message) bool {
					return m.Kind != im.Chat || m.Out != out || m.Text.String() != text
				})) == 1
			}
			if !said(false, anOpenLine) || !said(true, answer) {
				t.Errorf("the history is %+v", lines)
			}
			if n := len(slices.DeleteFunc(slices.Clone(lines), func(m im.Message) bool { return !strings.Contains(m.Text.String(), "has not been authenticated yet") })); n == 0 {
				t.Errorf("what Pidgin said of the private conversation is not in the history: %+v", lines)
			}
			a.UntilOnline()
			bob.appears()
			alice.appears()
			bob.starts()
			alice.sees(unverified)
			if after := alice.fingerprintOfOther(); after != before {
				t.Errorf("the key was %s and is %s", before, after)
			}
			bob.sees(unverified)
		})
	}
}
