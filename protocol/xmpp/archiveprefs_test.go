package xmpp

import (
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// What a server says of its archive is hostile until it makes sense, and exceptions stay.
func TestArchivePreferences(t *testing.T) {
	const exceptions = "<always><jid>a@b</jid></always><never><jid>c@d/&lt;x&gt;</jid><jid>e</jid></never>"
	prefs := func(rule string) string {
		return "<iq type='result' id='%s'><prefs xmlns='urn:xmpp:mam:2' default='" + rule + "'>" + exceptions + "</prefs></iq>"
	}
	o := xmpptest.Options{}
	server := xmpptest.Start(t, o)
	c := run(t, dial(t, server, o, endless))
	wire := server.Accept()
	wait[protocol.Roster](c, nil)
	answer := func(text string) string {
		t.Helper()
		for {
			if e := wire.Next(); strings.Contains(e.Inner, "urn:xmpp:mam:2") {
				wire.Send(text, e.Attr("id"))
				return e.Inner
			}
		}
	}
	for _, bad := range []string{
		"<iq type='error' id='%s'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
		"<iq type='result' id='%s'/>", prefs("sometimes"), prefs(""), "<iq type='result' id='%s'><prefs xmlns='urn:xmpp:mam:1' default='never'/></iq>",
	} {
		must(t, c.AskKeeping())
		answer(bad)
		must(t, c.SetKeeping(protocol.KeepNone))
		answer(bad)
		wait[protocol.KeepingFailed](c, nil)
		none[protocol.KeepingTold](c)
	}
	must(t, c.AskKeeping())
	answer(prefs("roster"))
	wait(c, func(e protocol.KeepingTold) bool { return e.Keeping == protocol.KeepBuddies })

	must(t, c.SetKeeping(protocol.KeepNone))
	answer(prefs("roster"))
	if said := answer("<iq type='result' id='%s'/>"); said != "<prefs xmlns='urn:xmpp:mam:2' default='never'>"+exceptions+"</prefs>" {
		t.Errorf("it asked for %s", said)
	}
	answer(prefs("never"))
	wait(c, func(e protocol.KeepingTold) bool { return e.Keeping == protocol.KeepNone })

	must(t, c.SetKeeping(protocol.KeepAll)) // the server has a mind of its own
	answer(prefs("never"))
	answer(prefs("always"))
	answer(prefs("never"))
	wait(c, func(e protocol.KeepingTold) bool { return e.Keeping == protocol.KeepNone })
	wait[protocol.KeepingFailed](c, nil)

	must(t, c.SetKeeping(protocol.KeepAll))
	answer("<iq type='result' id='%s'><prefs xmlns='urn:xmpp:mam:2' default='never'><never>" + strings.Repeat("<jid>x@y</jid>", maxArchiveExceptions+1) + "</never></prefs></iq>")
	wait[protocol.KeepingFailed](c, nil)
	if err := c.SetKeeping("sometimes"); err == nil {
		t.Error("a choice that there is not was taken")
	}
}

// Both servers let the user choose, and keep to it.
func TestServerArchivePreferences(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.FreshFriends(t, "alice", "bob")
		alice := servedBy(t, s, a)
		wait[protocol.ArchiveFound](alice, nil)
		bob := servedBy(t, s, b)
		must(t, alice.AskKeeping())
		wait(alice, func(e protocol.KeepingTold) bool { return e.Keeping == protocol.KeepAll })
		for _, k := range []protocol.Keeping{protocol.KeepNone, protocol.KeepAll, protocol.KeepBuddies, protocol.KeepNone} {
			must(t, alice.SetKeeping(k))
			if got := wait[protocol.KeepingTold](alice, nil).Keeping; got != k {
				t.Errorf("it keeps %q, not %q", got, k)
			}
		}
		must(t, bob.Send(protocol.Outgoing{ID: "1", To: im.Addr{Bare: a.Bare}, Body: "not to be kept"}))
		wait(alice, func(e protocol.Received) bool { return e.Body == "not to be kept" })
		must(t, alice.ReadArchive(protocol.ArchiveQuery{ID: "q", Max: 10}))
		if page := wait[protocol.ArchivePage](alice, nil); len(page.Lines) > 0 || page.Failed {
			t.Errorf("the archive has %+v", page)
		}
	})
}
