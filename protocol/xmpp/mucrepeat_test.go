package xmpp

import (
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// A line that the room does not repeat is not on its way for ever; one that it repeats has
// arrived, and while it does not answer at all, nothing is known.
func TestLinesThatTheRoomDoesNotRepeat(t *testing.T) {
	p := endless
	p.repeat, p.answer = time.Minute, 20*time.Second
	inNoTime(t, xmpptest.Options{Enabled: xmpptest.Enabled("s")}, p, func(t *testing.T, c *client, conn *xmpptest.Conn) {
		must(t, c.JoinRoom(protocol.RoomJoin{Room: kitchen, Nick: "alice"}))
		for next(conn).Attr("to") != kitchen+"/alice" {
		}
		conn.Send("%s", self("alice"))
		wait[protocol.RoomJoined](c, nil)
		say := func(ids ...string) {
			for _, id := range ids {
				must(t, c.Send(protocol.Outgoing{ID: id, To: im.Addr{Bare: kitchen}, Body: id, Room: true}))
			}
		}
		pinged := func() xmpptest.Stanza {
			for {
				if s := next(conn); strings.Contains(s.Inner, nsPing) && s.Attr("to") == kitchen+"/alice" {
					return s
				}
			}
		}
		say("heard", "lost", "late")
		conn.Send("%s", strings.Replace(groupchat(kitchen+"/alice", "<body>heard</body>"), "id='1'", "id='heard'", 1))
		if e := wait[protocol.Sent](c, nil); e.ID != "heard" {
			t.Errorf("%+v", e)
		}
		start := time.Now()
		pinged() // without an answer
		ping := pinged()
		if after := time.Since(start); after < 2*time.Minute || after > 3*time.Minute {
			t.Errorf("asked again after %v", after)
		}
		none[protocol.Rejected](c)
		conn.Send("%s", strings.Replace(groupchat(kitchen+"/alice", "<body>late</body>"), "id='1'", "id='late'", 1))
		conn.Send("<iq type='result' id='%s' from='%s/alice'/>", ping.Attr("id"), kitchen)
		if e := wait[protocol.Sent](c, nil); e.ID != "late" {
			t.Errorf("%+v", e)
		}
		if e := wait[protocol.Rejected](c, nil); e.ID != "lost" || e.From.Bare != kitchen || !strings.HasSuffix(e.Reason, ".") {
			t.Errorf("%+v", e)
		}
		<-time.After(10 * time.Minute)
		none[protocol.Rejected](c)
	})
}
