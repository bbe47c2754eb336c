package xmpp

import (
	"testing"
	"time"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// TestRosterRefused: a server that cannot tell the buddy list just now must not
// empty the one that is known.
func TestRosterRefused(t *testing.T) {
	for name, refusal := range map[string]string{
		"error":      "<iq type='error' id='%s'><error type='wait'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
		"with items": "<iq type='error' id='%s'><query xmlns='jabber:iq:roster'><item jid='a@b'/></query><error type='wait'/></iq>",
		"no list":    "<iq type='result' id='%s'/>",
	} {
		t.Run(name, func(t *testing.T) {
			o := xmpptest.Options{HoldRoster: true}
			server := xmpptest.Start(t, o)
			p := endless
			p.relist = 20 * time.Millisecond
			c := run(t, dial(t, server, o, p))
			conn := server.Accept()
			conn.Send(refusal, conn.Next().Attr("id"))
			if s := conn.Next(); s.XMLName.Local != "presence" {
				t.Errorf("went on with <%s>, want presence", s.XMLName.Local)
			}
			again := conn.Next()
			none[protocol.Roster](c)
			conn.Send("<iq type='result' id='%s'><query xmlns='jabber:iq:roster'><item jid='bob@test.example' subscription='both'/></query></iq>", again.Attr("id"))
			if b := wait[protocol.Roster](c, nil).Buddies; len(b) != 1 || b[0].Bare != "bob@test.example" {
				t.Errorf("roster %+v", b)
			}
			if said := fence(t, conn); len(said) != 0 {
				t.Errorf("then said %+v", said)
			}
		})
	}
}

// TestRosterRefusedTwice: one more attempt is enough, and none at all is no
// reason to go offline.
func TestRosterRefusedTwice(t *testing.T) {
	for name, refuse := range map[string]bool{"refused": true, "no answer": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := xmpptest.Options{HoldRoster: true}
			server := xmpptest.Start(t, o)
			p := endless
			p.relist = 10 * time.Millisecond
			pause := p.relist
			if !refuse {
				p.roster = 5 * time.Second // in which the first refusal has to come
				pause = p.roster + time.Second
			}
			c := run(t, dial(t, server, o, p))
			conn := server.Accept()
			for range 2 {
				ask := conn.Next()
				if ask.XMLName.Local == "presence" {
					ask = conn.Next()
					if !refuse {
						break
					}
				}
				conn.Send("<iq type='error' id='%s'/>", ask.Attr("id"))
			}
			time.AfterFunc(pause, func() { conn.Send("<message from='bob@test.example'><body>later</body></message>") })
			wait[protocol.Received](c, nil)
			if said := fence(t, conn); len(said) != 0 {
				t.Errorf("said %+v", said)
			}
			none[protocol.Roster](c)
		})
	}
}
